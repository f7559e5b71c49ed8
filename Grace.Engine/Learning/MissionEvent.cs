using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Log;

namespace Grace.Engine.Learning;

/// <summary>Everything that can happen to a learning mission: a closed union, in a stream named by the mission's id.</summary>
public abstract record MissionEvent
{
    private MissionEvent() { }

    /// <summary>A cluster of failures came back often enough to be worth a mission.</summary>
    public sealed record Recurring(string ClusterId, string Title, long Count, int Pipelines, string Reason) : MissionEvent;

    /// <param name="PlaybookId">The playbook that fails most in this cluster, with the version that failed last; null where none is named.</param>
    /// <param name="Sample">One failure of the cluster, as it was reported.</param>
    public sealed record Launched(
        string MissionId, string ClusterId, string Title, string? Phase, string? PlaybookId, int? PlaybookVersion, string Sample, IReadOnlyList<string> Pipelines) : MissionEvent;

    /// <param name="Findings">What is known, each with kind, source and what it says.</param>
    /// <param name="Gaps">Where nobody could look, and why.</param>
    public sealed record Gathered(IReadOnlyList<JsonObject> Findings, IReadOnlyList<string> Gaps) : MissionEvent;

    /// <param name="Kind">playbook (a candidate version) or known_issue (a fix that recovery applies).</param>
    public sealed record Proposed(string Kind, string Lesson, IReadOnlyList<string> Reasons, string? PlaybookId, int? PlaybookVersion, string? Fix, JsonObject? Context) : MissionEvent;

    public sealed record Approved(string? Reason) : MissionEvent;

    /// <param name="Outcome">improved, no_better, worse, learnt, rejected or nothing_found.</param>
    public sealed record Concluded(string MissionId, string Outcome, string Reason, JsonObject? Evidence) : MissionEvent;
}

/// <summary>Wire name and severity of every mission event, and its JSON.</summary>
public static class MissionEvents
{
    static readonly (Type Type, string Name, string Severity)[] All =
    [
        (typeof(MissionEvent.Recurring), "learning.cluster.recurring", "medium"),
        (typeof(MissionEvent.Launched), "learning.mission.launched", "medium"),
        (typeof(MissionEvent.Gathered), "learning.mission.gathered", "low"),
        (typeof(MissionEvent.Proposed), "learning.mission.proposed", "medium"),
        (typeof(MissionEvent.Approved), "learning.mission.approved", "low"),
        (typeof(MissionEvent.Concluded), "learning.mission.concluded", "low"),
    ];

    public static IEnumerable<WireName> WireNames => All.Select(e => new WireName(e.Type, e.Name));

    public static IEnumerable<(string Name, string Severity)> Severities => All.Select(e => (e.Name, e.Severity));

    public static bool Knows(string eventType) => All.Any(e => e.Name == eventType);

    /// <exception cref="NotSupportedException">The log holds an event that this version does not know: run a newer one.</exception>
    public static MissionEvent Read(string eventType, string data) =>
        All.FirstOrDefault(e => e.Name == eventType) is { Type: { } type }
            ? (MissionEvent)JsonSerializer.Deserialize(data, type, Wire.Json)!
            : throw new NotSupportedException($"The log holds the event type '{eventType}', which this version of Grace does not know.");
}
