using System.Text.Json.Nodes;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Engine.Pipelines;

/// <summary>What the Guardian's commands do in each state ("Guardian Integration" in the specification).</summary>
public static class GuardianDecisions
{
    public static IReadOnlyList<PipelineEvent> Decide(Pipeline state, PipelineCommand command, DateTimeOffset now) => command switch
    {
        PipelineCommand.Pause pause => Pause(state, pause),
        PipelineCommand.Resume resume => Resume(state, resume),
        PipelineCommand.Override change => Override(state, change),
        PipelineCommand.Approve approve => Approve(state, approve),
        PipelineCommand.Reject reject => Reject(state, reject),
        PipelineCommand.Retry retry => Retry(state, retry),
        PipelineCommand.Cancel cancel => state.Status switch
        {
            PipelineStatus.Cancelled => [],
            PipelineStatus.Completed or PipelineStatus.Failed => throw Refused(state, "cancel"),
            _ => [new Cancelled(cancel.Reason, PartialEffects(state))],
        },
        PipelineCommand.Remind remind => state is { Status: PipelineStatus.Paused, Reminder: null } ? [new Reminded(remind.Reason)] : [],
        PipelineCommand.Escalate escalate => state.Status.IsFinal() || state.Status == PipelineStatus.WaitingForGuardian
            ? []
            : [new Escalated(state.CurrentPhase ?? state.Phases[0].Phase, escalate.Reason, escalate.Evidence)],
        _ => throw new NotSupportedException($"GuardianDecisions does not know {command.GetType().Name}."),
    };

    /// <summary>A running phase completes first; nothing else runs, so everything else is paused at once.</summary>
    static PipelineEvent[] Pause(Pipeline state, PipelineCommand.Pause pause) => state.Status switch
    {
        PipelineStatus.Paused => [],
        PipelineStatus.Running when state.PauseRequested => [],
        PipelineStatus.Running when state.Current is not null || state.Recovering => [new PauseRequested(pause.Reason)],
        PipelineStatus.Running or PipelineStatus.Queued => [new Paused(pause.Reason)],
        _ => throw Refused(state, "pause"),
    };

    static PipelineEvent[] Resume(Pipeline state, PipelineCommand.Resume resume) => state.Status switch
    {
        PipelineStatus.Paused => [new Resumed(resume.Reason)],
        PipelineStatus.Running when state.PauseRequested => [new Resumed(resume.Reason)],
        PipelineStatus.Running or PipelineStatus.Queued => [],
        // An escalation asks for a decision, and "go on" is one: the phase it stopped at is tried again.
        PipelineStatus.WaitingForGuardian when state.Waiting?.ApprovalId is null => [new Resumed(resume.Reason)],
        _ => throw Refused(state, "resume"),
    };

    static PipelineEvent[] Override(Pipeline state, PipelineCommand.Override change)
    {
        if (state.Status.IsFinal())
            throw Refused(state, "override");
        var after = Merge(state.Context, change.Values);
        return JsonNode.DeepEquals(after, state.Context) ? [] : [new Overridden(change.Values, state.Context, after, change.Reason)];
    }

    static PipelineEvent[] Approve(Pipeline state, PipelineCommand.Approve approve) =>
        state.Waiting is not { ApprovalId: { } id } waiting ? throw Refused(state, "approve", "nothing waits for an approval")
        : approve.ApprovalId is { } meant && meant != id ? throw Refused(state, "approve", Another(meant, id))
        : waiting.RequesterBarred && approve.By == state.RequestedBy ? throw Refused(state, "approve", $"{approve.By} asked for it, so another person has to agree")
        : [new Approved(id, waiting.Phase, waiting.Tree, approve.Reason)];

    static PipelineEvent[] Reject(Pipeline state, PipelineCommand.Reject reject) =>
        state.Waiting is { ApprovalId: var id } && reject.ApprovalId is { } meant && meant != id ? throw Refused(state, "reject", Another(meant, id))
        : state.Waiting is { } waiting
            ? [new Rejected(waiting.ApprovalId, waiting.Phase, reject.Reason), new Failed(waiting.Phase, $"Rejected: {reject.Reason}")]
            : throw Refused(state, "reject", "nothing waits for a decision");

    /// <summary>Decided before, or never there: what waits now is for somebody to look at first.</summary>
    static string Another(string meant, string? waiting) => $"the approval {meant} is not what waits for a decision{(waiting is null ? "" : $", {waiting} is")}";

    /// <summary>What stays behind when it ends here.</summary>
    static List<string> PartialEffects(Pipeline state)
    {
        List<string> effects = [];
        foreach (var phase in state.Phases.Where(p => p.Attempt > 0))
            effects.Add(phase.Status switch
            {
                PhaseStatus.Running => $"{phase.Phase.Name()}: attempt {phase.Attempt} was ended; its workspace is kept.",
                PhaseStatus.Completed when phase.Proof is { } proof => $"{phase.Phase.Name()}: completed, tree {proof.Tree}.",
                _ => $"{phase.Phase.Name()}: {phase.Status.ToString().ToLowerInvariant()} after {phase.Attempt} attempts.",
            });
        return effects;
    }

    static PipelineEvent[] Retry(Pipeline state, PipelineCommand.Retry retry)
    {
        if (state.Status is not (PipelineStatus.Failed or PipelineStatus.Cancelled or PipelineStatus.Paused)
            && state is not { Status: PipelineStatus.WaitingForGuardian, Waiting.ApprovalId: null })
            throw Refused(state, "retry");
        var from = retry.Phase ?? state.Waiting?.Phase ?? state.NextPhase ?? state.Phases[0].Phase;
        if (!state.Has(from))
            throw new PipelineRejected("Not allowed now",
                $"Pipeline {state.Id} has no {from.Name()} phase; it has {string.Join(", ", state.Phases.Select(p => p.Phase.Name()))}.", state);
        if (state.NextPhase is { } next && from > next)
            throw new PipelineRejected("Not allowed now", $"Retry from {from.Name()} would skip {next.Name()}, which is not complete.", state);
        return [new Resumed(retry.Reason, from)];
    }

    /// <summary>Merged, never replaced: objects key by key, everything else by value; null removes nothing, it is a value.</summary>
    public static JsonObject Merge(JsonObject context, JsonObject values)
    {
        var merged = (JsonObject)context.DeepClone();
        foreach (var (key, value) in values)
            merged[key] = merged[key] is JsonObject old && value is JsonObject change ? Merge(old, change) : value?.DeepClone();
        return merged;
    }

    static PipelineRejected Refused(Pipeline state, string action, string? why = null) => new(
        "Not allowed now",
        $"Pipeline {state.Id} is {state.Status.Name()}{(why is null ? "" : " and " + why)}; {action} is not possible.", state);
}
