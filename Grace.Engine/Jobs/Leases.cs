using System.Collections.Concurrent;
using Grace.Engine.Hosting;
using Grace.Engine.Pipelines;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>
/// Keeps this node's leases alive, and tells the holder when one is lost. The lease is in the pipeline's row; every write
/// of a worker carries its token, so a holder that hears too late still cannot write.
/// </summary>
public sealed class Leases(NpgsqlDataSource database, ThisNode node, TimeProvider clock, ILogger<Leases> logger) : BackgroundService
{
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1.5);

    readonly ConcurrentDictionary<string, CancellationTokenSource> held = new();

    public Lease Hold(string worker, CancellationToken stop)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(stop);
        held[worker] = source;
        return new(this, worker, source);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, BeatForever);

    async Task BeatForever(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await BeatOnce(stop);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("Heartbeat failed: {Error}", e.Message);
            }
        }
    }

    async Task BeatOnce(CancellationToken cancel)
    {
        var workers = held.Keys.ToArray();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("update grace.nodes set seen_at = clock_timestamp() where id = $1") { Parameters = { new() { Value = node.Id } } });
        batch.BatchCommands.Add(new(
            "update grace.pipelines set lease_until = clock_timestamp() + $1 where status = 'running' and worker = any($2) returning worker")
        {
            Parameters = { new() { Value = PipelineRow.Lease }, new() { Value = workers } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        HashSet<string> alive = [];
        do
            while (await reader.ReadAsync(cancel))
                alive.Add(reader.GetString(0));
        while (await reader.NextResultAsync(cancel));
        foreach (var lost in workers.Where(w => !alive.Contains(w)))
            if (held.TryGetValue(lost, out var source))
                source.Cancel();
    }

    /// <summary>A held lease; its token is cancelled when the lease is lost, the pipeline cancelled, or the node stops.</summary>
    public sealed class Lease(Leases owner, string worker, CancellationTokenSource source) : IDisposable
    {
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            owner.held.TryRemove(worker, out _);
            source.Dispose();
        }
    }
}
