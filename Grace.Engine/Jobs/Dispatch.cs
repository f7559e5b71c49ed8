using System.Transactions;
using Grace.Engine.Hosting;
using Grace.Engine.Orchestration;
using Grace.Engine.Postgres;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>
/// Makes the jobs that slots want: right after the commit that recorded it, and once a second for what a crash, a race or a
/// dead worker left; a phase that rests before it is tried again gets a scheduled one. Every node does it, also one that runs no jobs.
/// </summary>
public sealed class Dispatch(
    Database database, IBackgroundJobClient client, SlotBell bell, PhaseQueues queues, Orchestrator orchestrator, JobSignal signal, TimeProvider clock,
    ILogger<Dispatch> logger) : BackgroundService
{
    static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    static readonly string DueSql = Resources.Read("Jobs/Sql/dispatch.sql");
    const int LongestTask = 60;
    const int SideBySide = 8;
    static readonly TransactionOptions AsReadCommitted = new() { IsolationLevel = IsolationLevel.ReadCommitted };
    readonly SemaphoreSlim turns = new(SideBySide);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, async stop =>
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                await LookAsync(stop);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or BackgroundJobClientException)
            {
                logger.LogWarning("Jobs could not be made: {Error}. It is tried again.", e.Message);
            }
            await bell.HeardAsync(Sweep, stop);
        }
    });

    sealed record Due(int Slot, long Ticket, string PipelineId, string Task, string Phase, DateTimeOffset? NotBefore, long? Failed);

    /// <summary>Gives away what is free, which two transactions that did not see each other may have left, and makes what is due.</summary>
    async Task LookAsync(CancellationToken cancel)
    {
        List<Due> due = [];
        await using (var batch = database.Jobs.CreateBatch())
        {
            batch.BatchCommands.Add(SlotGift.Give(null, again: false));
            batch.BatchCommands.Add(new(DueSql));
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            await reader.NextResultAsync(cancel);
            while (await reader.ReadAsync(cancel))
                due.Add(new(
                    reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                    reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5), reader.IsDBNull(6) ? null : reader.GetInt64(6)));
        }
        foreach (var one in due)
            _ = MakeAsync(one, cancel);
    }

    /// <summary>A job each, side by side: Hangfire takes several round trips for one, and the next look need not wait for them.</summary>
    async Task MakeAsync(Due due, CancellationToken cancel)
    {
        try
        {
            await turns.WaitAsync(cancel);
            try
            {
                await Task.Run(() => MakeNowAsync(due, cancel), cancel);
            }
            finally
            {
                turns.Release();
            }
            signal.Tell(JobTopic.Jobs);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or BackgroundJobClientException or TransactionException)
        {
            // The slot has no job yet, and a later look finds that.
            logger.LogWarning("A job for {Pipeline} could not be made: {Error}. It is tried again.", due.PipelineId, e.Message);
        }
        catch (Exception e) when (cancel.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    async Task MakeNowAsync(Due due, CancellationToken cancel)
    {
        var (slot, ticket, pipelineId, task, phase, notBefore, failed) = due;
        var about = task.Length <= LongestTask ? task : task[..(LongestTask - 1)] + "…";
        var queue = queues.AreSet ? queues.Of(await orchestrator.LoadAsync(pipelineId, cancel: cancel)) : PhaseQueues.Default;
        IState begins = notBefore > clock.GetUtcNow() ? new ScheduledState(notBefore.Value.UtcDateTime) { Reason = "The phase is tried again then." } : new EnqueuedState(queue);
        string id;
        // The job and the note of it at the slot together, or neither: none is made where the slot went on meanwhile.
        using (var together = new TransactionScope(TransactionScopeOption.RequiresNew, AsReadCommitted, TransactionScopeAsyncFlowOption.Enabled))
        {
            id = client.Create<Stretch>(s => s.RunAsync(pipelineId, about, phase, slot, ticket, queue, null), begins);
            if (!await NoteAsync(slot, ticket, queue, id, cancel))
                return;
            together.Complete();
        }
        if (failed is { } settled)
            FailedStretch.Settle(client, settled, id);
    }

    /// <summary>False when the slot wants another job by now, or none.</summary>
    async Task<bool> NoteAsync(int slot, long ticket, string queue, string job, CancellationToken cancel)
    {
        await using var note = database.Jobs.CreateCommand("update grace.slots set job_id = $1, queue = $4 where number = $2 and ticket = $3 and not wants_job");
        note.Parameters.Add(new() { Value = long.Parse(job, System.Globalization.CultureInfo.InvariantCulture) });
        note.Parameters.Add(new() { Value = slot });
        note.Parameters.Add(new() { Value = ticket });
        note.Parameters.Add(new() { Value = queue });
        return await note.ExecuteNonQueryAsync(cancel) == 1;
    }
}
