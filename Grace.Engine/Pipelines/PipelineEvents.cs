using System.Text.Json;
using Grace.Engine.Log;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Engine.Pipelines;

/// <summary>Wire name and severity of every pipeline event, and its JSON. A test proves that none is missing.</summary>
public static class PipelineEvents
{
    static readonly (Type Type, string Name, string Severity)[] All =
    [
        (typeof(Submitted), "agent.pipeline.submitted", "low"),
        (typeof(Started), "agent.pipeline.started", "low"),
        (typeof(PauseRequested), "agent.pipeline.pause_requested", "medium"),
        (typeof(Paused), "agent.pipeline.paused", "medium"),
        (typeof(Reminded), "agent.pipeline.reminded", "medium"),
        (typeof(Resumed), "agent.pipeline.resumed", "low"),
        (typeof(Overridden), "agent.pipeline.overridden", "medium"),
        (typeof(ApprovalRequested), "agent.pipeline.approval_requested", "medium"),
        (typeof(Approved), "agent.pipeline.approved", "low"),
        (typeof(Rejected), "agent.pipeline.rejected", "high"),
        (typeof(Escalated), "agent.pipeline.escalated", "high"),
        (typeof(Cancelled), "agent.pipeline.cancelled", "medium"),
        (typeof(Completed), "agent.pipeline.completed", "low"),
        (typeof(Failed), "agent.pipeline.failed", "high"),
        (typeof(PhaseStarted), "agent.phase.started", "low"),
        (typeof(PhaseCompleted), "agent.phase.completed", "low"),
        (typeof(PhaseFailed), "agent.phase.failed", "medium"),
        (typeof(PhaseInterrupted), "agent.phase.interrupted", "medium"),
        (typeof(PhaseSkipped), "agent.phase.skipped", "medium"),
        (typeof(ArtifactCreated), "agent.artifact.created", "low"),
        (typeof(TestsFailed), "agent.tests.failed", "medium"),
        (typeof(RecoveryStarted), "agent.recovery.started", "medium"),
        (typeof(RecoveryApplied), "agent.recovery.applied", "low"),
        (typeof(RecoverySucceeded), "agent.recovery.succeeded", "low"),
        (typeof(RecoveryFailed), "agent.recovery.failed", "high"),
        (typeof(PlaybookExecuted), "playbook.executed", "low"),
        (typeof(PlaybookFailed), "playbook.failed", "medium"),
    ];

    static readonly Dictionary<Type, string> Names = All.ToDictionary(e => e.Type, e => e.Name);
    static readonly Dictionary<string, (Type Type, string Severity)> Types = All.ToDictionary(e => e.Name, e => (e.Type, e.Severity));

    /// <summary>Whether a stream, read from its beginning, is a pipeline's: other kinds of streams stand in the log beside them.</summary>
    public static bool IsStream(IReadOnlyList<Recorded> events) => events is [{ Type: "agent.pipeline.submitted" }, ..];

    public static IEnumerable<Type> Known => Names.Keys;

    public static string Name(PipelineEvent change) => Names[change.GetType()];

    public static IEnumerable<WireName> WireNames => All.Select(e => new WireName(e.Type, e.Name));

    public static IEnumerable<(string Name, string Severity)> Severities => All.Select(e => (e.Name, e.Severity));

    /// <exception cref="NotSupportedException">The log holds an event that this version does not know: run a newer one.</exception>
    public static PipelineEvent Read(string eventType, string data) =>
        Types.TryGetValue(eventType, out var known)
            ? (PipelineEvent)JsonSerializer.Deserialize(data, known.Type, Wire.Json)!
            : throw new NotSupportedException($"The log holds the event type '{eventType}', which this version of Grace does not know.");
}
