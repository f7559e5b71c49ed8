using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>The pipeline stands still until a person decides. Its job shows among the failed ones until then.</summary>
public sealed class NeedsAPerson(string message) : Exception(message);

/// <summary>
/// The job: one stretch of a pipeline, phase after phase, until it pauses, waits or ends, or this node stops or stands down.
/// The log decides what there is to do; a job that comes twice finds that out, and says so.
/// </summary>
public sealed class Stretch(
    Orchestrator orchestrator, PhaseRunner runner, NodePause pause, PhaseQueues queues, WorkerOptions worker, Leases leases, ThisNode node, NpgsqlDataSource database,
    ILogger<Stretch> logger)
{
    /// <summary>The queue that a job of this kind was made for.</summary>
    public static string QueueOf(Job job) => (string)job.Args[5];

    /// <returns>What became of it.</returns>
    /// <exception cref="NeedsAPerson">It failed, or waits for the Guardian after a failure.</exception>
    [JobDisplayName("{0} · {1} · {2}")]
    public async Task<string> RunAsync(string pipelineId, string task, string phase, int slot, long ticket, string queue, PerformContext? context)
    {
        if (context?.GetJobParameter<string>(Requeue.By) is { Length: > 0 } by)
        {
            context.SetJobParameter(Requeue.By, "");
            return await RetryAsync(pipelineId, by);
        }
        var stop = node.Stopping;
        var token = $"{node.Id}/{Guid.NewGuid():N}";
        if (await orchestrator.TakeAsync(pipelineId, slot, token, stop, ticket) is not { } pipeline)
            return await FailedBeforeAsync(context, pipelineId) ?? $"Superfluous: slot {slot} does not hold {pipelineId} for this job any more, or a living worker has it.";
        Pipeline? end = null;
        using (var lease = leases.Hold(token, stop))
            try
            {
                end = await runner.AdvanceAsync(pipeline, token, lease.Token, stop, NotHere);
            }
            catch (LeaseLost lost)
            {
                logger.LogWarning("{Message}", lost.Message);
                return $"Superfluous: {lost.Message}";
            }
            catch (PostgresException refused) when (RefusedData.In(refused) is not null)
            {
                // No trying again helps; a person has to see what it was.
                await orchestrator.ExecuteAsync(pipelineId, new PipelineCommand.Escalate(RefusedInput.Says(refused), []), new Origin("system"));
            }
        return Says(end ?? await orchestrator.LoadAsync(pipelineId));
    }

    /// <summary>Why this node begins no such phase; null: it does.</summary>
    string? NotHere(Pipeline pipeline, Phase phase) =>
        pause.IsPaused ? "This node is paused; another goes on."
        : queues.AreSet && queues.Of(pipeline, phase) is var queue && !worker.Takes.Contains(queue) ? $"The {phase.Name()} phase belongs on the queue {queue}; a worker of it goes on."
        : null;

    static string Says(Pipeline pipeline) => pipeline switch
    {
        { Status: PipelineStatus.Failed } => throw new NeedsAPerson($"It failed: {pipeline.Error}"),
        { Status: PipelineStatus.WaitingForGuardian, Waiting: { ApprovalId: null } waiting } => throw new NeedsAPerson($"It waits for the Guardian: {waiting.Reason}"),
        { Status: PipelineStatus.WaitingForGuardian, Waiting: { } waiting } => $"It waits for an approval: {waiting.Reason}",
        { Status: PipelineStatus.Running, RetryAt: { } at } => $"It rests until {at.UtcDateTime:HH:mm:ss} UTC; a scheduled job goes on with it.",
        { Status: PipelineStatus.Running } => "Handed over: another worker goes on.",
        _ => $"The pipeline is {pipeline.Status.Name().Replace('_', ' ')}.",
    };

    /// <summary>It comes again because that it failed was lost with the server: then it fails as before. Null: it did not fail.</summary>
    async Task<string?> FailedBeforeAsync(PerformContext? context, string pipelineId) =>
        context is not null && await FailedStretch.IsRememberedAsync(database, pipelineId, context.BackgroundJob.Id) ? Says(await orchestrator.LoadAsync(pipelineId)) : null;

    /// <summary>Somebody put this failed job back: that is the Guardian's retry, and a job of its own advances the pipeline.</summary>
    async Task<string> RetryAsync(string pipelineId, string by)
    {
        try
        {
            await orchestrator.ExecuteAsync(pipelineId, new PipelineCommand.Retry(null, "Its failed job was put back."), new Origin(by));
            return $"Retried for {by}; another job goes on with it.";
        }
        catch (PipelineRejected refused)
        {
            return $"Nothing to retry: {refused.Message}";
        }
    }
}
