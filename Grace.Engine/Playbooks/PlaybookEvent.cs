using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Log;

namespace Grace.Engine.Playbooks;

/// <summary>Everything that can happen to a playbook: a closed union, in a stream named by its id. The YAML is on the shelf under its hash.</summary>
public abstract record PlaybookEvent
{
    private PlaybookEvent() { }

    /// <param name="InForce">Whether runs use it from now on.</param>
    public sealed record Published(string PlaybookId, int PlaybookVersion, string ContentHash, string Source, string File, bool InForce, string? Reason) : PlaybookEvent;

    /// <param name="BaseVersion">What it is to be better than.</param>
    /// <param name="Share">Of the runs, 0 to 1; 0 until somebody agrees.</param>
    public sealed record CandidateProposed(
        string PlaybookId, int PlaybookVersion, int BaseVersion, string ContentHash, string Source, double Share, string Reason, string? MissionId) : PlaybookEvent;

    public sealed record TrialStarted(string PlaybookId, int PlaybookVersion, double Share, string? Reason) : PlaybookEvent;

    /// <param name="Evidence">The figures it rests on; null where a person decided.</param>
    public sealed record Promoted(string PlaybookId, int PlaybookVersion, int Before, string Reason, JsonObject? Evidence) : PlaybookEvent;

    /// <param name="To">The version in force from now on.</param>
    public sealed record RolledBack(string PlaybookId, int PlaybookVersion, int To, string Reason, JsonObject? Evidence) : PlaybookEvent;
}

/// <summary>Wire name and severity of every playbook event, and its JSON.</summary>
public static class PlaybookEvents
{
    static readonly (Type Type, string Name, string Severity)[] All =
    [
        (typeof(PlaybookEvent.Published), "playbook.published", "low"),
        (typeof(PlaybookEvent.CandidateProposed), "playbook.candidate_proposed", "medium"),
        (typeof(PlaybookEvent.TrialStarted), "playbook.trial_started", "low"),
        (typeof(PlaybookEvent.Promoted), "playbook.promoted", "medium"),
        (typeof(PlaybookEvent.RolledBack), "playbook.rolled_back", "high"),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(e => e.Name)];

    public static IEnumerable<WireName> WireNames => All.Select(e => new WireName(e.Type, e.Name));

    public static IEnumerable<(string Name, string Severity)> Severities => All.Select(e => (e.Name, e.Severity));

    public static bool Knows(string eventType) => Names.Contains(eventType);

    /// <exception cref="NotSupportedException">The log holds an event that this version does not know: run a newer one.</exception>
    public static PlaybookEvent Read(string eventType, string data) =>
        All.FirstOrDefault(e => e.Name == eventType) is { Type: { } type }
            ? (PlaybookEvent)JsonSerializer.Deserialize(data, type, Wire.Json)!
            : throw new NotSupportedException($"The log holds the event type '{eventType}', which this version of Grace does not know.");
}
