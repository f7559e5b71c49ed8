using Grace.Engine.Access;
using Grace.Engine.Artifacts;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;

namespace Grace.Engine.Feed;

/// <summary>Every event's wire name and severity, whichever stream it is in.</summary>
public static class EventNames
{
    static readonly Dictionary<string, string> Severities =
        PipelineEvents.Severities.Concat(ArtifactEvents.Severities).Concat(PlaybookEvents.Severities).Concat(MissionEvents.Severities).Concat(WebhookEvents.Severities).Concat(AccessEvents.Severities).ToDictionary(e => e.Name, e => e.Severity);

    public static IEnumerable<WireName> WireNames =>
        [.. PipelineEvents.WireNames, .. ArtifactEvents.WireNames, .. PlaybookEvents.WireNames, .. MissionEvents.WireNames, .. WebhookEvents.WireNames, .. AccessEvents.WireNames];

    /// <summary>low, medium or high; medium for an event this version does not know.</summary>
    public static string Severity(string eventType) => Severities.GetValueOrDefault(eventType, "medium");

    public static bool Knows(string eventType) => Severities.ContainsKey(eventType);

    public static IEnumerable<string> All => Severities.Keys;

    public static IEnumerable<string> OfSeverity(string severity) => Severities.Where(e => e.Value == severity).Select(e => e.Key);
}
