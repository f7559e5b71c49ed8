using Dapper;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Hangfire;
using Hangfire.States;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>The state does not allow it; the message says why and what to do instead.</summary>
/// <param name="unknown">There is nothing by that name.</param>
public sealed class JobRefused(string title, string detail, bool unknown = false) : Exception(detail)
{
    public string Title => title;

    public bool IsUnknown => unknown;
}

/// <summary>
/// What people do to jobs and nodes, on any node. A job's state is Hangfire's to change; a pipeline that stands still is
/// retried as the Guardian retries it. A node's pause is a row that the node itself acts on.
/// </summary>
public sealed class JobAdmin(NpgsqlDataSource database, JobQueries jobs, IBackgroundJobClient client, Orchestrator orchestrator, JobSignal signal)
{
    /// <summary>Has a job that waits for its time run now.</summary>
    /// <exception cref="JobRefused">It is not there, or waits for nothing.</exception>
    public Task<string> RunAsync(string key, string by, string? reason = null, CancellationToken cancel = default) =>
        Change("run", key, by, reason, job => job.State switch
        {
            "scheduled" => Move(job, new EnqueuedState { Reason = $"Run now by {by}" }, ScheduledState.StateName, $"Job {job.Key} runs now instead of at its time."),
            "failed" => throw new JobRefused("It failed", $"Job {job.Key} failed; retry it."),
            _ => throw new JobRefused("Nothing to run", $"Job {job.Key} is {job.State}; only one that waits for its time can be run before it."),
        }, cancel);

    /// <summary>Tries what failed again: a pipeline's stretch by the Guardian's retry, in the name of who asks; any other job by itself.</summary>
    /// <exception cref="JobRefused">It did not fail, or is gone.</exception>
    public Task<string> RetryAsync(string key, string by, string? reason = null, CancellationToken cancel = default) =>
        Change("retry", key, by, reason, async job =>
        {
            if (job.State == "scheduled")
                return await Move(job, new EnqueuedState { Reason = $"Retried by {by}" }, ScheduledState.StateName, $"The retry of job {job.Key} comes now instead of at its time.");
            if (job.State != "failed")
                throw new JobRefused("Nothing to retry", $"Job {job.Key} is {job.State}: it did not fail.");
            if (job.PipelineId is not { } pipeline)
                return await Move(job, new EnqueuedState { Reason = $"Retried by {by}" }, FailedState.StateName, $"Job {job.Key} runs again.");
            try
            {
                await orchestrator.ExecuteAsync(pipeline, new PipelineCommand.Retry(null, reason), new Origin(by), cancel: cancel);
            }
            catch (PipelineRejected refused)
            {
                throw new JobRefused("Nothing to retry", $"{refused.Message} Delete the job if nothing is left to do.");
            }
            return await Move(job, new DeletedState { Reason = $"Retried by {by}" }, FailedState.StateName, $"{pipeline} is retried; a job of its own goes on with it.");
        }, cancel);

    /// <summary>Deletes a job. A pipeline that is in a slot gets another one; a run that goes on ends by itself.</summary>
    /// <exception cref="JobRefused">It is not there.</exception>
    public Task<string> DeleteAsync(string key, string by, string? reason = null, CancellationToken cancel = default) =>
        Change("delete", key, by, reason, job => job.State is "running" ? throw new JobRefused("It runs", $"Job {job.Key} runs; pause or cancel {job.PipelineId ?? "it"} instead.")
            : Move(job, new DeletedState { Reason = $"Deleted by {by}" }, null, $"Job {job.Key} is deleted.{(job.PipelineId is null ? "" : " If its pipeline is in a slot, it gets another job.")}"), cancel);

    Task<string> Move(JobRow job, IState to, string? from, string says) =>
        client.ChangeState(job.Key, to, from) ? Task.FromResult(says) : throw new JobRefused("It moved on", $"Job {job.Key} is in another state by now; look again.");

    async Task<string> Change(string action, string key, string by, string? reason, Func<JobRow, Task<string>> change, CancellationToken cancel)
    {
        var job = await jobs.FindAsync(key, cancel) ?? throw new JobRefused("Unknown job", $"There is no job '{key}'; a key is Hangfire's number of it.", unknown: true);
        var says = await change(job);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Record(connection, action, job.Key, by, reason, says, cancel);
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
