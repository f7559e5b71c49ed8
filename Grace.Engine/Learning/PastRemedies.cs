using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Engine.Learning;

/// <summary>What helped in a pipeline after a phase had failed.</summary>
/// <param name="Fix">The playbook that recovery applied; null where a person overrode.</param>
/// <param name="Override">What the person put into the context; null for a fix.</param>
public sealed record PastRemedy(string PipelineId, Phase Phase, string? Fix, JsonObject? Override, string? By, string Says);

/// <summary>Reads what helped out of pipelines' histories. Pure.</summary>
public static class PastRemedies
{
    /// <summary>These are decisions about one pipeline, and no lesson about a failure.</summary>
    static readonly string[] NoLesson = ["skip_tests", "approvals", "deployment_environment", "limits", "playbooks", "custom_validation"];

    /// <param name="history">One pipeline's events, oldest first.</param>
    public static IEnumerable<PastRemedy> In(string pipelineId, IEnumerable<Recorded> history)
    {
        Phase? failed = null;
        (JsonObject Values, string? By, string Reason)? overridden = null;
        foreach (var e in history)
            switch (PipelineEvents.Read(e.Type, e.Data))
            {
                case PhaseFailed failure:
                    (failed, overridden) = (failure.Phase, null);
                    break;
                case Overridden change when failed is not null && Lesson(change.Override) is { Count: > 0 } lesson:
                    overridden = (lesson, e.By, change.Reason);
                    break;
                case RecoverySucceeded success:
                    yield return new(pipelineId, success.Phase, success.Fix, null, null, $"In {pipelineId}, {success.Fix} mended it.");
                    break;
                case PhaseCompleted done when done.Phase == failed && overridden is { } helped:
                    yield return new(pipelineId, done.Phase, null, helped.Values, helped.By, $"In {pipelineId}, {helped.By} overrode {helped.Values.ToJsonString()} ({helped.Reason}), and {done.Phase.Name()} completed.");
                    (failed, overridden) = (null, null);
                    break;
            }
    }

    /// <summary>What of a context may be applied to other pipelines: nothing that loosens what people watch over.</summary>
    public static JsonObject Lesson(JsonObject given) => new(given.Where(p => !NoLesson.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
}
