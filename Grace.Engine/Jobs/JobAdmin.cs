using Dapper;
using Npgsql;
using Quartz;

namespace Grace.Engine.Jobs;

/// <summary>The state does not allow it; the message says why and what to do instead.</summary>
/// <param name="unknown">There is nothing by that name.</param>
public sealed class JobRefused(string title, string detail, bool unknown = false) : Exception(detail)
{
    public string Title => title;

    public bool IsUnknown => unknown;
}

/// <summary>
/// What people do to jobs and nodes. Works on any node: a job's change goes through this node's scheduler into Quartz's tables,
/// in one transaction with the record of who did it, also where that scheduler is never started; the nodes that run jobs find
/// it there within a second. A node's pause is a row that the node itself acts on.
/// </summary>
public sealed class JobAdmin(NpgsqlDataSource database, ISchedulerFactory schedulers, JobSignal signal)
{
    /// <summary>Fires a job once more, beside its triggers. A sleeping slot wakes and looks at the queue.</summary>
    /// <exception cref="JobRefused">It is not there, or runs right now.</exception>
    public Task<string> RunAsync(string key, string by, string? reason = null, CancellationToken cancel = default) =>
        Change("run", key, by, reason, (job, scheduler, connection) => RunNow(job, scheduler, connection, cancel), cancel);

    /// <summary>Tries what failed again: a trigger in error is freed, a retry that waits comes now, and otherwise the job is fired.</summary>
    /// <exception cref="JobRefused">It did not fail, runs right now, or is gone.</exception>
    public Task<string> RetryAsync(string key, string by, string? reason = null, CancellationToken cancel = default) =>
        Change("retry", key, by, reason, async (job, scheduler, connection) =>
        {
            if (job.State == "retrying")
            {
                await BringForward(connection, job, cancel);
                return $"Retry {job.RetryAttempt} of {job.Key} comes now instead of at its time.";
            }
            if (job.State != "failed")
                throw new JobRefused("Nothing to retry", $"{job.Key} is {job.State}: its last run did not fail. Use run to fire it once more.");
            TriggerKey[] broken = [.. (await scheduler.QueryTriggers(new TriggerQuery { Job = new(job.Name, job.Group), State = TriggerState.Error }, cancel)).Items.Select(t => t.Key)];
            if (broken.Length == 0)
                return await RunNow(job, scheduler, connection, cancel);
            await scheduler.ResetTriggersFromErrorState(broken, cancel);
            return $"{(broken.Length == 1 ? "The trigger" : $"{broken.Length} triggers")} of {job.Key} that stood in error {(broken.Length == 1 ? "fires" : "fire")} again.";
        }, cancel);

    /// <summary>Deletes a job with its triggers; a run of it that goes on ends by itself.</summary>
    /// <exception cref="JobRefused">It is not there, or is a slot that is in use.</exception>
    public Task<string> DeleteAsync(string key, string by, string? reason = null, CancellationToken cancel = default) =>
        Change("delete", key, by, reason, async (job, scheduler, connection) =>
        {
            if (job is { Slot: not null, SlotEnabled: true })
                throw new JobRefused("A slot cannot be deleted", WhyNotDelete);
            if (!job.Gone)
                await scheduler.DeleteJob(new(job.Name, job.Group), cancel);
            await connection.ExecuteAsync(new CommandDefinition(
                "delete from grace_jobs.qrtz_job_status where sched_name = @Scheduler and job_group = @Group and job_name = @Name",
                new { JobStore.Scheduler, job.Group, job.Name }, cancellationToken: cancel));
            return job.Gone ? $"What was left of {job.Key} is cleared." : $"{job.Key} is deleted with {Many(job.TriggerCount, "trigger")}.";
        }, cancel);

    public const string WhyNotDelete =
        "Pipelines run in slots, and every start makes them anew. Lower Grace:Orchestrator:MaxConcurrentPipelines to have fewer, or pause a node to have it take none.";

    static string Many(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    async Task<string> RunNow(JobRow job, IScheduler scheduler, NpgsqlConnection connection, CancellationToken cancel)
    {
        if (job.Gone)
            throw new JobRefused("The job is gone", $"{job.Key} went with its last trigger, so it cannot run again; schedule it anew where it came from, or delete what is left of it.");
        if (job.State == "running")
            throw new JobRefused("It runs already", $"{job.Key} runs since {job.RunningSince:yyyy-MM-dd HH:mm:ss} UTC on {job.Node}; wait until it ends.");
        if (job.Slot is not { } slot)
        {
            await scheduler.TriggerJob(new(job.Name, job.Group), cancellationToken: cancel);
            return $"{job.Key} runs now.";
        }
        if (!job.SlotEnabled)
            throw new JobRefused("The slot is not in use", $"Slot {slot} is beyond Grace:Orchestrator:MaxConcurrentPipelines; nothing runs in it, and it can be deleted.");
        if (await connection.ExecuteAsync(new CommandDefinition(
                "update grace.slots set awake = true, node = null, held_until = clock_timestamp() + @Hold where number = @slot and enabled and not awake",
                new { SlotBell.Hold, slot }, cancellationToken: cancel)) == 0)
            throw new JobRefused("It is awake already", $"Slot {slot} is awake and takes what is ready by itself.");
        await scheduler.ScheduleJob(SlotBell.Trigger(slot), cancellationToken: cancel);
        return $"Slot {slot} wakes and looks for what is ready; with nothing there it sleeps again.";
    }

    /// <summary>Behind the lock that every scheduler takes before it looks for triggers.</summary>
    static Task BringForward(NpgsqlConnection connection, JobRow job, CancellationToken cancel) => connection.ExecuteAsync(new CommandDefinition("""
        select from grace_jobs.qrtz_locks where sched_name = @Scheduler and lock_name = 'TRIGGER_ACCESS' for update;
        update grace_jobs.qrtz_triggers set next_fire_time = (extract(epoch from clock_timestamp()) * 10000000)::bigint + 621355968000000000
        where sched_name = @Scheduler and job_group = @Group and job_name = @Name and trigger_state = 'WAITING' and retry_attempt > 0;
        """, new { JobStore.Scheduler, job.Group, job.Name }, cancellationToken: cancel));

    async Task<string> Change(
        string action, string key, string by, string? reason, Func<JobRow, IScheduler, NpgsqlConnection, Task<string>> change, CancellationToken cancel)
    {
        var scheduler = await schedulers.GetScheduler(cancel);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var job = await JobQueries.NamedAsync(connection, key, cancel) switch
        {
            [var only] => only,
            [] => throw new JobRefused("Unknown job", $"There is no job '{key}'; a key is the job's group and name with a dot between.", unknown: true),
            _ => throw new JobRefused("Ambiguous", $"'{key}' names more than one job, because of the dots in their groups and names."),
        };
        // Disposed after the commit: only then may the scheduler look for the trigger.
        using var enlisted = scheduler.EnlistTransaction(transaction);
        var says = await change(job, scheduler, connection);
        await Record(connection, action, job.Key, by, reason, says, cancel);
        await transaction.CommitAsync(cancel);
        signal.Tell(JobTopic.Jobs);
        return says;
    }

    /// <summary>Has a node take no slot until it is resumed. A phase that runs completes; the slots go to other nodes, or sleep.</summary>
    /// <exception cref="JobRefused">It is not there, runs no slots, or is paused.</exception>
    public Task<string> PauseNodeAsync(string id, string by, string? reason = null, CancellationToken cancel = default) =>
        ChangeNode("pause", id, by, reason, "update grace.nodes set paused_at = clock_timestamp(), paused_by = @by, paused_reason = @reason where id = @id and paused_at is null",
            node => node.PausedAt is null ? "takes no slots; a phase that runs there completes, and its slots go to other nodes." : throw new JobRefused("Paused already", $"{id} is paused by {node.PausedBy} already."), cancel);

    /// <exception cref="JobRefused">It is not there, or is not paused.</exception>
    public Task<string> ResumeNodeAsync(string id, string by, string? reason = null, CancellationToken cancel = default) =>
        ChangeNode("resume", id, by, reason, "update grace.nodes set paused_at = null, paused_by = null, paused_reason = null where id = @id and paused_at is not null",
            node => node.PausedAt is not null ? "takes slots again." : throw new JobRefused("Not paused", $"{id} is not paused."), cancel);

    async Task<string> ChangeNode(string action, string id, string by, string? reason, string sql, Func<NodeRow, string> effect, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var node = await JobQueries.NodeAsync(connection, id, cancel) ?? throw new JobRefused("Unknown node", $"There is no node '{id}'; GET jobs/nodes lists them.", unknown: true);
        if (!node.IsWorker)
            throw new JobRefused("It runs no slots", $"{id} has the roles {node.Roles} and takes no slots, so there is nothing to pause.");
        var says = $"{id} {effect(node)}";
        await connection.ExecuteAsync(new CommandDefinition(sql, new { id, by, reason }, cancellationToken: cancel));
        await Record(connection, action, id, by, reason, says, cancel);
        await transaction.CommitAsync(cancel);
        signal.Tell(JobTopic.Nodes);
        return says;
    }

    static Task Record(NpgsqlConnection connection, string action, string target, string by, string? reason, string says, CancellationToken cancel) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into grace.job_actions (by, action, target, reason, says) values (@by, @action, @target, @reason, @says)", new { by, action, target, reason, says }, cancellationToken: cancel));
}
