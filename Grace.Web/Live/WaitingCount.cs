using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Npgsql;

namespace Grace.Web.Live;

/// <summary>How many pipelines wait for a person: counted once for every open page of this process, when the log tells of a change.</summary>
sealed class WaitingCount(LogTail tail, NpgsqlDataSource database, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    long now;

    /// <summary>Raised when <see cref="Now"/> is another number than before.</summary>
    public event Action? Changed;

    public long Now => Interlocked.Read(ref now);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var count = new Redraw(() => CountAsync(stoppingToken), clock);
        try
        {
            await tail.Ready.WaitAsync(stoppingToken);
            var place = tail.Head;
            await DatabaseAway.BeginAnewAsync(async stop =>
            {
                await CountAsync(stop);
                await foreach (var e in tail.FollowAsync(place, stop))
                {
                    place = new(e.Transaction, e.Position);
                    if (e.Type.StartsWith("agent.pipeline.", StringComparison.Ordinal))
                        count.Want();
                }
            }, _ => { }, clock, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>However long the database is away, it is counted in the end.</summary>
    async Task CountAsync(CancellationToken cancel)
    {
        for (long? counted = null; counted is null;)
            try
            {
                await using var command = database.CreateCommand("select count(*) from grace.pipelines where waiting is not null");
                counted = (long)(await command.ExecuteScalarAsync(cancel))!;
                if (Interlocked.Exchange(ref now, counted.Value) != counted)
                    Changed?.Invoke();
            }
            catch (Exception away) when (DatabaseAway.IsCauseOf(away))
            {
                await Task.Delay(Again, clock, cancel);
            }
    }
}
