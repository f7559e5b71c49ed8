using System.Text.Json.Nodes;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Engine.Pipelines;

/// <summary>
/// All rules of a pipeline's life, pure: (state, command, now) → events. A duplicate gives no events; what the state does
/// not allow throws <see cref="PipelineRejected"/>. What the Guardian may do is in <see cref="GuardianDecisions"/>.
/// </summary>
public static class PipelineDecider
{
    /// <summary>A phase that failed this often in a row in the same way makes no progress.</summary>
    const int MostSameFailures = 3;

    public static IReadOnlyList<PipelineEvent> Decide(Pipeline state, PipelineCommand command, PipelinePolicy policy, DateTimeOffset now)
    {
        if (command is PipelineCommand.Submit submit)
            return state.Exists ? [] : [new Submitted(submit.Task, submit.Context, submit.Phases, submit.Repository, submit.RequestedBy, submit.Plan, submit.Question)];
        if (!state.Exists)
            throw new PipelineRejected("Unknown pipeline", $"There is no pipeline '{state.Id}'.", state);
        return command switch
        {
            PipelineCommand.Take take => Take(state, take, policy, now),
            PipelineCommand.Finish finish => Finish(state, finish, policy, now),
            PipelineCommand.Interrupt interrupt => Interrupt(state, interrupt),
            PipelineCommand.FinishRecovery recovery => FinishRecovery(state, recovery, policy, now),
            _ => GuardianDecisions.Decide(state, command, now),
        };
    }

    static List<PipelineEvent> Take(Pipeline state, PipelineCommand.Take take, PipelinePolicy policy, DateTimeOffset now)
    {
        if (state.Status is not (PipelineStatus.Queued or PipelineStatus.Running))
            throw Stale(state, $"The pipeline is {state.Status.Name()}; only a queued one, or a running one that lost its worker, can be taken.");
        List<PipelineEvent> events = [];
        if (state.Current is { } lost)
            events.Add(new PhaseInterrupted(lost.Phase, lost.Attempt, "The worker that ran this phase is gone."));
        if (state.Recovering && state.NextPhase is { } failed)
        {
            var phase = state[failed];
            return
            [
                new RecoveryFailed(failed, phase.Recoveries, "The worker that ran the recovery is gone; another begins it again.", []),
                new RecoveryStarted(failed, phase.Attempt, phase.Recoveries, phase.Error ?? "", take.Worker),
            ];
        }
        if (!state.HasStarted)
            events.Add(new Started());
        return Continue(state, events, take.Worker, policy, now, "system");
    }

    /// <summary>The boundary after a phase, or before the first: pause, ask, start the next phase, or end.</summary>
    static List<PipelineEvent> Continue(
        Pipeline state, List<PipelineEvent> events, string worker, PipelinePolicy policy, DateTimeOffset now, string? by)
    {
        var here = events.Aggregate(state, (s, e) => s.Evolve(e, now, by));
        if (here.NextPhase is not { } next)
        {
            events.Add(new Completed(here.CurrentArtifacts.Count(), (now - (here.StartedAt ?? now)).TotalSeconds));
            return events;
        }
        if (here.PauseRequested)
        {
            events.Add(new Paused(here.PauseReason));
            return events;
        }
        if (Budget.WhyUsedUp(here, now) is { } spent)
        {
            events.Add(new Paused(spent));
            return events;
        }
        if (next == Phase.Test && here.Has(Phase.Implement) && here.Context["skip_tests"]?.GetValueKind() == System.Text.Json.JsonValueKind.True)
        {
            events.Add(new PhaseSkipped(next, "The Guardian's override skip_tests is in force. Nothing was tested."));
            return Continue(state, events, worker, policy, now, by);
        }
        if (!here.Approvals.ContainsKey(next) && policy.NeedsApproval(here, next) is { } need)
        {
            events.Add(new ApprovalRequested($"approval_{here.Id}_{here.Version}", next, need.Subject, need.Evidence, need.Tree, need.RequesterBarred));
            return events;
        }
        events.Add(new PhaseStarted(next, here[next].Attempt + 1, worker));
        return events;
    }

    static List<PipelineEvent> Finish(Pipeline state, PipelineCommand.Finish finish, PipelinePolicy policy, DateTimeOffset now)
    {
        if (state.Current is not { } current || current.Phase != finish.Phase || current.Attempt != finish.Attempt || state.Recovering)
            throw Stale(state, $"Attempt {finish.Attempt} of {finish.Phase.Name()} is not running any more; its outcome is not recorded.");
        var report = finish.Report;
        List<PipelineEvent> events = Ran(report.Playbooks, finish.Phase);
        events.AddRange(Made(state, report.Artifacts, current, report.Playbooks));
        if (report.FailedTests is { Failed: > 0 } failed)
            events.Add(new TestsFailed(failed.Failed, failed.Total, failed.Tests));

        var seconds = (now - (current.StartedAt ?? now)).TotalSeconds;
        var error = report.Error ?? ProofGate.WhyNotComplete(state, finish.Phase, report);
        if (error is null)
        {
            events.Add(new PhaseCompleted(finish.Phase, finish.Attempt, report.Artifacts.Count, seconds, [.. report.Playbooks.Select(run => run.PlaybookId).Distinct()], report.Proof));
            if (current.Fix is { } worked)
                events.Add(new RecoverySucceeded(finish.Phase, current.Recoveries, worked, []));
            return Continue(state, events, state.Worker ?? "", policy, now, "system");
        }
        events.Add(new PhaseFailed(finish.Phase, finish.Attempt, error, seconds, report.Fingerprint));
        if (current.Fix is { } fix)
            events.Add(new RecoveryFailed(finish.Phase, current.Recoveries, $"The phase failed again after {fix}: {error}", []));
        events.Add(AfterFailure(events.Aggregate(state, (s, e) => s.Evolve(e, now, "system")), finish, error, policy));
        return events;
    }

    /// <summary>Recover while that can help, then ask the Guardian ("Auto-Recovery").</summary>
    static PipelineEvent AfterFailure(Pipeline state, PipelineCommand.Finish finish, string error, PipelinePolicy policy)
    {
        if (!policy.AutoRecover || policy.RecoveryAttempts == 0)
            return new Failed(finish.Phase, error);
        var failed = state[finish.Phase];
        return failed.SameFailures >= MostSameFailures
                ? new Escalated(finish.Phase, $"{finish.Phase.Name()} failed {failed.SameFailures} times in the same way, which is no progress: {error}", Evidence(error, finish.Report))
            : failed.Recoveries >= policy.RecoveryAttempts
                ? new Escalated(finish.Phase, $"{finish.Phase.Name()} still fails after {failed.Recoveries} recoveries: {error}", Evidence(error, finish.Report))
            : new RecoveryStarted(finish.Phase, finish.Attempt, failed.Recoveries + 1, error);
    }

    static JsonObject Evidence(string error, PhaseReport report) => new()
    {
        ["error"] = error,
        ["artifacts"] = new JsonArray([.. report.Artifacts.Select(a => (JsonNode)a.ArtifactId)]),
        ["fingerprint"] = report.Fingerprint?.DeepClone(),
    };

    static PipelineEvent[] Interrupt(Pipeline state, PipelineCommand.Interrupt interrupt)
    {
        if (state.Current is not { } current || current.Phase != interrupt.Phase || current.Attempt != interrupt.Attempt)
            return [];
        return [new PhaseInterrupted(interrupt.Phase, interrupt.Attempt, interrupt.Reason)];
    }

    static List<PipelineEvent> FinishRecovery(Pipeline state, PipelineCommand.FinishRecovery command, PipelinePolicy policy, DateTimeOffset now)
    {
        if (!state.Recovering || state[command.Phase].Recoveries != command.Recovery)
            throw Stale(state, $"Recovery {command.Recovery} of {command.Phase.Name()} is not running any more.");
        var (phase, report) = (state[command.Phase], command.Report);
        // A fix to the code supersedes what implement wrote; elsewhere it belongs to the attempt that failed.
        var home = report.Tree is not null && state.Has(Phase.Implement) ? state[Phase.Implement] : phase;
        List<PipelineEvent> events = Ran(report.Playbooks ?? [], phase.Phase);
        events.AddRange(Made(state, report.Artifacts ?? [], home, report.Playbooks ?? []));
        if (report.Fix is null)
        {
            var reason = report.Reason ?? "No fix is known.";
            events.Add(new RecoveryFailed(phase.Phase, command.Recovery, reason, report.Details));
            events.Add(new Escalated(phase.Phase, $"{phase.Error} {reason}", report.Details));
            return events;
        }
        // A pause that was asked for takes the place of the rest.
        DateTimeOffset? retryAt = report.Backoff > TimeSpan.Zero && !state.PauseRequested ? now + report.Backoff : null;
        events.Add(new RecoveryApplied(phase.Phase, command.Recovery, report.Fix, report.Details, report.Context, report.Tree, retryAt));
        if (retryAt is not null)
            return events;
        return Continue(state, events, state.Worker ?? "", policy, now, "system");
    }

    static List<PipelineEvent> Ran(IReadOnlyList<PlaybookOutcome> runs, Phase phase) => [.. runs.Select(run => (PipelineEvent)(run.Error is null
        ? new PlaybookExecuted(run.PlaybookId, run.Version, run.Agent, phase, true, run.Artifacts, run.Metadata)
        : new PlaybookFailed(run.PlaybookId, run.Version, run.Agent, phase, run.Error, run.Metadata)))];

    static IEnumerable<ArtifactCreated> Made(Pipeline state, IReadOnlyList<ProducedArtifact> artifacts, PhaseState home, IReadOnlyList<PlaybookOutcome> runs)
    {
        string[] playbooks = [.. runs.Select(run => run.PlaybookId).Distinct()];
        return artifacts.Select(a => new ArtifactCreated(
            state.Id, a.ArtifactId, a.ArtifactType, home.Phase, home.Attempt, a.ContentHash, a.Size, a.MediaType, playbooks, a.Metadata, a.Provenance));
    }

    static PipelineRejected Stale(Pipeline state, string detail) => new("Too late", detail, state);
}
