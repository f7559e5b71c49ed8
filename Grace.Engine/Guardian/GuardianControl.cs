using Grace.Engine.Access;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Guardian;

/// <summary>What became of a Guardian request.</summary>
/// <param name="InEffect">False while a running phase has to complete first (pause), or a slot has to be free (resume).</param>
public sealed record GuardianAnswer(string Status, string PipelineId, long Version, string PipelineStatus, bool InEffect);

/// <summary>What a Guardian request would do to one pipeline.</summary>
/// <param name="Says">What happens to it, or why nothing does.</param>
public sealed record GuardianPreview(string PipelineId, string Task, string PipelineStatus, bool Affected, string Says);

/// <summary>The one path of every Guardian command, whichever side it comes from: API, hub, bus or page.</summary>
public sealed class GuardianControl(Orchestrator orchestrator, Vocabulary known)
{
    /// <param name="by">Whoever asks: authorised here and now, whatever a page or a connection was allowed when it was opened.</param>
    /// <exception cref="SubmissionRefused">The request is wrong; says why, by field.</exception>
    /// <exception cref="NotAllowed">The right for this action is missing.</exception>
    /// <exception cref="PipelineRejected">The pipeline's state does not allow it, or there is no such pipeline.</exception>
    /// <exception cref="VersionMoved">expected_version is old.</exception>
    public async Task<GuardianAnswer> ExecuteAsync(GuardianRequest request, Issuer by, CancellationToken cancel = default)
    {
        if (GuardianPolicy.Actions.Contains(request.Action))
            await by.DemandAsync(GuardianPolicy.RightFor(request.Action), cancel);
        var (command, errors) = GuardianPolicy.Read(request, by.Name, known);
        if (command is null)
            throw new SubmissionRefused(errors);
        var (state, _) = await orchestrator.ExecuteAsync(request.PipelineId, command, new Origin(by.Name), request.ExpectedVersion, cancel: cancel);
        var aim = request.Action switch
        {
            "pause" => PipelineStatus.Paused,
            "resume" => PipelineStatus.Running,
            _ => state.Status,
        };
        return new(aim.Name(), state.Id, state.Version, state.Status.Name(), state.Status == aim);
    }

    /// <summary>The same decision as <see cref="ExecuteAsync"/>, with no effect and before a reason is given.</summary>
    public async Task<GuardianPreview> PreviewAsync(string pipelineId, string action, Issuer by, string? approvalId = null, CancellationToken cancel = default)
    {
        var (command, errors) = GuardianPolicy.Read(new(pipelineId, action, "to be given", ApprovalId: approvalId), by.Name, known);
        if (command is null)
            throw new SubmissionRefused(errors);
        await by.DemandAsync(GuardianPolicy.RightFor(action), cancel);
        try
        {
            var (state, events) = await orchestrator.PreviewAsync(pipelineId, command, cancel);
            return new(pipelineId, state.Task, state.Status.Name(), events.Count > 0, events.Count > 0 ? Effect(state, events[0]) : Already(state));
        }
        catch (PipelineRejected refused)
        {
            return new(pipelineId, refused.State.Task, refused.State.Status.Name(), false, refused.Message);
        }
    }

    static string Effect(Pipeline state, PipelineEvent first) => first switch
    {
        PipelineEvent.PauseRequested => $"pauses after its {state.CurrentPhase?.Name()} phase",
        PipelineEvent.Paused => "pauses at once",
        PipelineEvent.Resumed { FromPhase: { } from } => $"goes on from {from.Name()}, ahead of the queue",
        PipelineEvent.Resumed when state.PauseRequested => "does not pause after this phase",
        PipelineEvent.Resumed => $"goes on with {state.CurrentPhase?.Name()}, ahead of the queue",
        PipelineEvent.Cancelled when state.Current is { } running => $"ends; its {running.Phase.Name()} phase is stopped",
        PipelineEvent.Cancelled => "ends; nothing after this runs",
        PipelineEvent.Approved approved => $"goes on: {approved.Phase.Name()} runs",
        PipelineEvent.Rejected rejected => $"fails before {rejected.Phase.Name()}; it can be retried",
        _ => "changes",
    };

    static string Already(Pipeline state) =>
        state.PauseRequested ? "Nothing changes: it pauses after this phase already." : $"Nothing changes: it is {state.Status.Name()} already.";
}
