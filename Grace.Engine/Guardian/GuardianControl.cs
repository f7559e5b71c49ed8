using Grace.Engine.Log;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Guardian;

/// <summary>What became of a Guardian request.</summary>
/// <param name="InEffect">False while a running phase has to complete first (pause), or a slot has to be free (resume).</param>
public sealed record GuardianAnswer(string Status, string PipelineId, long Version, string PipelineStatus, bool InEffect);

/// <summary>The one path of every Guardian command, whichever side it comes from: API, hub, bus or page.</summary>
public sealed class GuardianControl(Orchestrator orchestrator, Vocabulary known)
{
    /// <param name="by">The verified identity of whoever asks.</param>
    /// <exception cref="SubmissionRefused">The request is wrong; says why, by field.</exception>
    /// <exception cref="PipelineRejected">The pipeline's state does not allow it, or there is no such pipeline.</exception>
    /// <exception cref="VersionMoved">expected_version is old.</exception>
    public async Task<GuardianAnswer> ExecuteAsync(GuardianRequest request, string by, CancellationToken cancel = default)
    {
        var (command, errors) = GuardianPolicy.Read(request, by, known);
        if (command is null)
            throw new SubmissionRefused(errors);
        var (state, _) = await orchestrator.ExecuteAsync(request.PipelineId, command, new Origin(by), request.ExpectedVersion, cancel: cancel);
        var aim = request.Action switch
        {
            "pause" => PipelineStatus.Paused,
            "resume" => PipelineStatus.Running,
            _ => state.Status,
        };
        return new(aim.Name(), state.Id, state.Version, state.Status.Name(), state.Status == aim);
    }
}
