using System.Text.Json.Nodes;
using Grace.Engine.Failures;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Provenance;
using Grace.Engine.Text;
using Grace.Engine.Tools;
using Grace.Engine.Workspaces;
using Microsoft.Extensions.Logging;

namespace Grace.Engine.Phases;

/// <summary>Advances one pipeline phase after phase, one transaction per boundary, until it pauses, waits or ends.</summary>
public sealed class PhaseRunner(
    Orchestrator orchestrator, IEnumerable<PhaseAgent> agents, RecoveryAgent recovery, PlaybookDesks desks, ContentShelf shelf,
    Attestation attestation, ProgressFeed progress, DataFolder data, OrchestratorOptions options, TimeProvider clock, ILogger<PhaseRunner> logger)
{
    static readonly TimeSpan HandOver = TimeSpan.FromSeconds(5);

    /// <summary>What is told to end has this long to tidy up after itself.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly Dictionary<Phase, PhaseAgent> agents = agents.ToDictionary(a => a.Phase);

    /// <param name="lease">Cancelled when the lease is lost or the pipeline is cancelled.</param>
    /// <param name="stop">Cancelled when this node stops: the phase is handed over.</param>
    /// <param name="standsDown">Asked before each phase: why this node is not to begin it, and hands it over; null when it is.</param>
    /// <returns>How it stands when this stretch ends; null where that is for the log to tell, because others go on with it.</returns>
    public async Task<Pipeline?> AdvanceAsync(Pipeline pipeline, string worker, CancellationToken lease, CancellationToken stop, Func<Pipeline, Phase, string?> standsDown)
    {
        // What this stretch of work has written it need not read again.
        Dictionary<string, byte[]> known = [];
        while (pipeline.Status == PipelineStatus.Running && pipeline.Worker == worker && Next(pipeline) is { } current)
        {
            PipelineCommand outcome;
            IReadOnlyList<Content> contents = [];
            var over = standsDown(pipeline, current.Phase);
            if (over is not null && pipeline.Recovering)
                return null;
            try
            {
                (outcome, contents) = over is not null ? (new PipelineCommand.Interrupt(current.Phase, current.Attempt, over), contents)
                    : pipeline.Recovering ? await Recover(pipeline, current, lease) : await Attempt(pipeline, current, known, lease);
                // Whatever bytes a tool or a repository produced: from here on they can be stored.
                outcome = outcome switch
                {
                    PipelineCommand.Finish finish => finish with { Report = Storable.Of(finish.Report, Wire.Json) },
                    PipelineCommand.FinishRecovery recovered => recovered with { Report = Storable.Of(recovered.Report, Wire.Json) },
                    _ => outcome,
                };
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && pipeline.Recovering)
            {
                // Nothing to hand over: when the lease runs out, another worker begins this recovery again.
                return null;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                outcome = new PipelineCommand.Interrupt(current.Phase, current.Attempt, "This node stops; another worker goes on.");
            }
            catch (OperationCanceledException) when (lease.IsCancellationRequested)
            {
                return null;
            }
            try
            {
                using var bounded = new CancellationTokenSource(stop.IsCancellationRequested ? HandOver : Timeout.InfiniteTimeSpan);
                Outcome step;
                try
                {
                    step = await orchestrator.StepAsync(pipeline, outcome, worker, contents, bounded.Token);
                }
                catch (Npgsql.PostgresException refused) when (RefusedData.In(refused) is not null)
                {
                    (outcome, contents) = (RefusedInput.Instead(outcome, refused), []);
                    step = await orchestrator.StepAsync(pipeline, outcome, worker, contents, bounded.Token);
                }
                pipeline = step.State;
                foreach (var content in contents)
                    known[content.Hash] = content.Bytes;
                if (step.Events.Any(e => e is PipelineEvent.ArtifactCreated made && made.Metadata["bundle"] is not null))
                    await Note(pipeline, stop);
            }
            catch (PipelineRejected late)
            {
                logger.LogInformation("{Pipeline}: {Detail}", pipeline.Id, late.Message);
                pipeline = late.State;
                if (Next(pipeline) == current)
                    return null;
            }
        }
        if (pipeline.Status == PipelineStatus.Completed)
            await Tidy(pipeline.Id, stop);
        return pipeline;
    }

    /// <summary>Without its note a commit is as good, and where it comes from can be told from the log at any time.</summary>
    async Task Note(Pipeline pipeline, CancellationToken stop)
    {
        try
        {
            await attestation.NoteAsync(pipeline, stop);
        }
        catch (Exception e) when (e is GitFailedException or IOException or OperationCanceledException or Npgsql.NpgsqlException or InvalidDataException or KeyNotFoundException)
        {
            logger.LogWarning("{Pipeline}: where its code comes from could not be noted beside the commit: {Error}", pipeline.Id, e.Message);
        }
    }

    /// <summary>What cannot be removed costs room, and nothing else.</summary>
    async Task Tidy(string pipelineId, CancellationToken stop)
    {
        try
        {
            await WorkspaceInForce.TidyAsync(data.Workspace(pipelineId), stop);
        }
        catch (Exception e) when (e is GitFailedException or IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("{Pipeline}: the workspace could not be tidied: {Error}", pipelineId, e.Message);
        }
    }

    /// <summary>The phase to work on: the one that runs, or the failed one that is being recovered.</summary>
    static PhaseState? Next(Pipeline pipeline) =>
        pipeline.Recovering && pipeline.NextPhase is { } failed ? pipeline[failed] : pipeline.Current;

    async Task<(PipelineCommand, IReadOnlyList<Content>)> Recover(Pipeline pipeline, PhaseState failed, CancellationToken lease)
    {
        try
        {
            var (report, contents) = await Ending(async cancel =>
            {
                await WorkspaceInForce.EnsureAsync(pipeline, failed.Phase, data.Workspace(pipeline.Id), shelf, cancel);
                var tools = Tools(pipeline, failed);
                var desk = await desks.ForAsync(pipeline, tools.Workspace, tools.Progress, cancel);
                return await recovery.RecoverAsync(pipeline, failed, tools, desk, cancel);
            }, Patience, lease);
            return (new PipelineCommand.FinishRecovery(failed.Phase, failed.Recoveries, report), contents);
        }
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
        {
            logger.LogError(unforeseen, "{Pipeline}: the recovery of {Phase} failed unforeseen", pipeline.Id, failed.Phase.Name());
            var reason = $"The recovery itself failed: {unforeseen.GetType().Name}: {unforeseen.Message}";
            return (new PipelineCommand.FinishRecovery(failed.Phase, failed.Recoveries, new(null, reason, [])), []);
        }
    }

    async Task<(PipelineCommand, IReadOnlyList<Content>)> Attempt(Pipeline pipeline, PhaseState current, Dictionary<string, byte[]> known, CancellationToken lease)
    {
        var agent = agents[current.Phase];
        PhaseWork? work = null;
        string? error = null;
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(lease);
        bounded.CancelAfter(options.PhaseTimeout);
        try
        {
            await Ending(async cancel =>
            {
                work = await Prepare(pipeline, current, agent, known, cancel);
                await WorkspaceInForce.EnsureAsync(pipeline, current.Phase, data.Workspace(pipeline.Id), shelf, cancel);
                await agent.ExecuteAsync(work, cancel);
                return work;
            }, Patience, bounded.Token);
        }
        catch (OperationCanceledException) when (!lease.IsCancellationRequested)
        {
            error = $"The {current.Phase.Name()} phase did not finish within {options.PhaseTimeout} and was stopped.";
        }
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException && (work is not null || !DatabaseAway.IsCauseOf(unforeseen)))
        {
            // Also what preparing it met: nothing that comes out of a repository ends a job in any other way.
            logger.LogError(unforeseen, "{Pipeline}: {Phase} failed unforeseen", pipeline.Id, current.Phase.Name());
            error = $"{unforeseen.GetType().Name}: {unforeseen.Message}";
        }
        if (work is not null && error is not null)
            work.Error = error;
        var report = work?.Report() ?? new(error, [], [], null);
        if ((report.Error ?? ProofGate.WhyNotComplete(pipeline, current.Phase, report)) is { } why)
            report = report with { Fingerprint = Fingerprint(current.Phase, why, report) };
        return (new PipelineCommand.Finish(current.Phase, current.Attempt, report), work?.Contents ?? []);
    }

    /// <summary>Work that ends when it is told to, also where something in it hears of no cancelling: that is left to itself then.</summary>
    internal static async Task<T> Ending<T>(Func<CancellationToken, Task<T>> work, TimeSpan patience, CancellationToken cancel)
    {
        var running = Task.Run(() => work(cancel), CancellationToken.None);
        using var late = new CancellationTokenSource();
        await using var told = cancel.Register(() => late.CancelAfter(patience));
        return await running.WaitAsync(late.Token);
    }

    static JsonObject Fingerprint(Phase phase, string error, PhaseReport report)
    {
        var failed = report.Playbooks.LastOrDefault(run => run.Error is not null);
        var step = failed?.Metadata["failed_step"];
        return FailureFingerprint.Describe(
            phase.Name(), error, failed?.PlaybookId, failed?.Version, step?["tool"]?.ToString(),
            (int?)ContextRules.Number(step?["exit_code"]) ?? report.Proof?.ExitCode, report.FailedTests?.Tests ?? [], step?["said"]?.ToString());
    }

    async Task<PhaseWork> Prepare(Pipeline pipeline, PhaseState current, PhaseAgent agent, Dictionary<string, byte[]> known, CancellationToken cancel)
    {
        ArtifactRef[] before = [.. pipeline.CurrentArtifacts];
        string[] unknown = [.. before.Select(a => a.ContentHash).Where(hash => !known.ContainsKey(hash))];
        if (unknown.Length > 0)
            foreach (var (hash, content) in await shelf.ReadManyAsync(unknown, cancel))
                known[hash] = content;
        var context = (JsonObject)pipeline.Context.DeepClone();
        Dictionary<string, JsonNode> byType = [];
        foreach (var artifact in before)
        {
            var content = JsonNode.Parse(known[artifact.ContentHash])!;
            byType[artifact.ArtifactType] = content;
            var key = $"{artifact.Phase.Name()}_artifacts";
            if (context[key] is not JsonArray list)
                context[key] = list = [];
            list.Add(new JsonObject { ["artifact_id"] = artifact.ArtifactId, ["artifact_type"] = artifact.ArtifactType, ["content"] = content.DeepClone() });
        }
        var tools = Tools(pipeline, current);
        return new(pipeline, current, agent.Name, context, byType, before, tools, await desks.ForAsync(pipeline, tools.Workspace, tools.Progress, cancel));
    }

    ToolContext Tools(Pipeline pipeline, PhaseState current) => new(
        pipeline.Id, current.Phase.Name(), current.Attempt, data.Workspace(pipeline.Id),
        line => progress.Speak(new(pipeline.Id, current.Phase.Name(), current.Attempt, line, clock.GetUtcNow(), pipeline.Recovering ? current.Recoveries : 0)));
}
