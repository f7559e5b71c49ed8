using Grace.Engine.Phases;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace Grace.Engine.Jobs;

/// <summary>
/// One slot: takes the first ready pipeline and advances it until it pauses, waits or ends, then the next, then sleeps.
/// Quartz runs each slot's job once in the whole cluster and moves it when its node dies; so there are never more running
/// pipelines than slots, and a paused one costs nothing.
/// </summary>
[DisallowConcurrentExecution]
public sealed class SlotJob(
    Orchestrator orchestrator, PhaseRunner runner, SlotBell bell, NodePause pause, JobSignal signal, Leases leases, NpgsqlDataSource database,
    ThisNode node, ILogger<SlotJob> logger)
    : IJob
{
    public const string SlotKey = "slot";

    /// <summary>How long a slot stays awake after its last pipeline; waking costs more than waiting on a signal.</summary>
    static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var slot = int.Parse(context.MergedJobDataMap.GetString(SlotKey)!, System.Globalization.CultureInfo.InvariantCulture);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, node.Stopping);
        using var awake = bell.Awake();
        var advanced = 0;
        try
        {
            using (leases.HoldSlot(slot))
                while (!stop.IsCancellationRequested && !pause.IsPaused)
                {
                    if (await TakeAndAdvance(slot, stop.Token))
                    {
                        advanced++;
                        continue;
                    }
                    if (!await bell.WaitAsync(Linger, stop.Token) && await SlotQueue.FallAsleepAsync(database, slot, stop.Token))
                        return;
                }
            if (!pause.IsPaused)
                return;
            await SlotQueue.HandOverAsync(database, slot, node.Id, stop.Token);
            signal.Tell(JobTopic.Nodes);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            // The sweep wakes the slot again when the database is back; nothing in memory matters.
            logger.LogWarning("Slot {Slot} lost its database: {Error}", slot, e.Message);
            context.Result = JobRunReport.Failed($"It lost its database: {e.Message} It goes on by itself when that is back.");
        }
        finally
        {
            context.Result ??= Report(advanced);
        }
    }

    static JobRunReport Report(int advanced) =>
        advanced == 0 ? JobRunReport.Skipped("Nothing was ready.") : JobRunReport.Succeeded($"Advanced {advanced} {(advanced == 1 ? "pipeline" : "pipelines")}.");

    async Task<bool> TakeAndAdvance(int slot, CancellationToken stop)
    {
        var worker = $"{node.Id}/{Guid.NewGuid():N}";
        if (await orchestrator.TakeAsync(slot, worker, stop) is not { } pipeline)
            return false;
        using var lease = leases.Hold(worker, stop);
        try
        {
            await runner.AdvanceAsync(pipeline, worker, lease.Token, stop, () => pause.IsPaused);
        }
        catch (LeaseLost lost)
        {
            logger.LogWarning("{Message}", lost.Message);
        }
        return true;
    }
}
