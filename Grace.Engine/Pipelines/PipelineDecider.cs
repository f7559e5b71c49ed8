using System.Text.Json.Nodes;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Engine.Pipelines;

/// <summary>
/// All rules of a pipeline's life, pure: (state, command, now) → events. A duplicate gives no events; what the state does
/// not allow throws <see cref="PipelineRejected"/>. What the Guardian may do is in <see cref="GuardianDecisions"/>.
/// </summary>
public static class PipelineDecider
{
    public static IReadOnlyList<PipelineEvent> Decide(Pipeline state, PipelineCommand command, PipelinePolicy policy, DateTimeOffset now)
    {
        if (command is PipelineCommand.Submit submit)
            return state.Exists ? [] : [new Submitted(submit.Task, submit.Context, submit.Phases, submit.Repository, submit.RequestedBy, submit.Plan)];
        if (!state.Exists)
            throw new PipelineRejected("Unknown pipeline", $"There is no pipeline '{state.Id}'.", state);
        return command switch
        {
            PipelineCommand.Take take => Take(state, take, policy, now),
            PipelineCommand.Finish finish => Finish(state, finish, policy, now),
            PipelineCommand.Interrupt interrupt => Interrupt(state, interrupt),
            PipelineCommand.FinishRecovery recovery => FinishRecovery(state, recovery, now),
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
            events.Add(new RecoveryFailed(failed, state[failed].Recoveries, "The worker that ran the recovery is gone; the phase is tried again.", []));
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
        List<PipelineEvent> events = [];
        foreach (var run in report.Playbooks)
            events.Add(run.Error is null
                ? new PlaybookExecuted(run.PlaybookId, run.Version, run.Agent, finish.Phase, true, run.Artifacts, run.Metadata)
                : new PlaybookFailed(run.PlaybookId, run.Version, run.Agent, finish.Phase, run.Error, run.Metadata));
        string[] playbooks = [.. report.Playbooks.Select(run => run.PlaybookId).Distinct()];
        events.AddRange(report.Artifacts.Select(a => new ArtifactCreated(
            state.Id, a.ArtifactId, a.ArtifactType, finish.Phase, finish.Attempt, a.ContentHash, a.Size, a.MediaType, playbooks, a.Metadata, a.Provenance)));
        if (report.FailedTests is { Failed: > 0 } failed)
            events.Add(new TestsFailed(failed.Failed, failed.Total, failed.Tests));

        var seconds = (now - (current.StartedAt ?? now)).TotalSeconds;
        var error = report.Error ?? ProofGate.WhyNotComplete(state, finish.Phase, report);
        if (error is null)
        {
            events.Add(new PhaseCompleted(finish.Phase, finish.Attempt, report.Artifacts.Count, seconds, playbooks, report.Proof));
            return Continue(state, events, state.Worker ?? "", policy, now, "system");
        }
        events.Add(new PhaseFailed(finish.Phase, finish.Attempt, error, seconds, report.Fingerprint));
        if (policy.AutoRecover && current.Recoveries < policy.RecoveryAttempts)
            events.Add(new RecoveryStarted(finish.Phase, finish.Attempt, current.Recoveries + 1, error));
        else if (policy.AutoRecover && policy.RecoveryAttempts > 0)
            events.Add(new Escalated(finish.Phase, $"{finish.Phase.Name()} still fails after {current.Recoveries} recoveries: {error}", Evidence(error, report)));
        else
            events.Add(new Failed(finish.Phase, error));
        return events;
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

    static List<PipelineEvent> FinishRecovery(Pipeline state, PipelineCommand.FinishRecovery command, DateTimeOffset now)
    {
        if (!state.Recovering || state[command.Phase].Recoveries != command.Recovery)
            throw Stale(state, $"Recovery {command.Recovery} of {command.Phase.Name()} is not running any more.");
        var (phase, report) = (state[command.Phase], command.Report);
        if (report.Fix is null)
        {
            var reason = report.Reason ?? "No fix is known.";
            return
            [
                new RecoveryFailed(phase.Phase, command.Recovery, reason, report.Details),
                new Escalated(phase.Phase, $"{phase.Error} {reason}", report.Details),
            ];
        }
        List<PipelineEvent> events = [new RecoverySucceeded(phase.Phase, command.Recovery, report.Fix, report.Details)];
        events.Add(state.PauseRequested
            ? new Paused(state.PauseReason)
            : new PhaseStarted(phase.Phase, phase.Attempt + 1, state.Worker ?? ""));
        return events;
    }

    static PipelineRejected Stale(Pipeline state, string detail) => new("Too late", detail, state);
}
