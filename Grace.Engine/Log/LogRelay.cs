using Grace.Engine.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>
/// Carries signals and unrecorded progress between nodes over LISTEN/NOTIFY, on connections of its own, coalesced, after
/// the commit: NOTIFY inside a transaction takes a lock at commit and slows every writer.
/// </summary>
public sealed class LogRelay(NpgsqlDataSource database, LogSignal signal, ProgressFeed progress, TimeProvider clock, ILogger<LogRelay> logger)
    : BackgroundService
{
    const string LogChannel = "grace_log";
    const string ProgressChannel = "grace_progress";
    static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(10);
    readonly string self = Guid.NewGuid().ToString("N");

    protected override Task ExecuteAsync(CancellationToken stop) =>
        Quietly.Until(stop, cancel => DatabaseAway.BeginAnewAsync(Listen, Interrupted, clock, cancel), cancel => DatabaseAway.BeginAnewAsync(Send, Interrupted, clock, cancel));

    void Interrupted(string error) => logger.LogWarning("Signals between nodes are interrupted: {Error}. Trying again.", error);

    async Task Listen(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        connection.Notification += (_, heard) =>
        {
            if (heard.Payload.StartsWith(self, StringComparison.Ordinal))
                return;
            var body = heard.Payload[(heard.Payload.IndexOf(' ') + 1)..];
            if (heard.Channel == ProgressChannel)
                progress.Hear(body);
            else
                signal.Hear(long.TryParse(body, out var position) ? position : 0);
        };
        await using (var listen = new NpgsqlCommand($"listen {LogChannel}; listen {ProgressChannel}", connection))
            await listen.ExecuteNonQueryAsync(stop);
        signal.Hear(0);
        while (true)
            await connection.WaitAsync(stop);
    }

    async Task Send(CancellationToken stop)
    {
        using var something = new SemaphoreSlim(0);
        long pending = 0;
        void Committed(long position)
        {
            if (Interlocked.Exchange(ref pending, position) == 0)
                something.Release();
        }
        void Spoke(string _) => something.Release();
        signal.CommittedHere += Committed;
        progress.SpokenHere += Spoke;
        try
        {
            while (true)
            {
                await something.WaitAsync(stop);
                await Task.Delay(Coalesce, clock, stop);
                var position = Interlocked.Exchange(ref pending, 0);
                await using var batch = database.CreateBatch();
                if (position > 0)
                    batch.BatchCommands.Add(Notify(LogChannel, position.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                foreach (var line in progress.TakeSpoken())
                    batch.BatchCommands.Add(Notify(ProgressChannel, line));
                if (batch.BatchCommands.Count > 0)
                    await batch.ExecuteNonQueryAsync(stop);
            }
        }
        finally
        {
            signal.CommittedHere -= Committed;
            progress.SpokenHere -= Spoke;
        }
    }

    NpgsqlBatchCommand Notify(string channel, string body) => new("select pg_notify($1, $2)")
    {
        Parameters = { new() { Value = channel }, new() { Value = $"{self} {body}" } },
    };
}
