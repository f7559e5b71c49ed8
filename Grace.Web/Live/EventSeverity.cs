using Grace.Engine.Artifacts;
using Grace.Engine.Pipelines;

namespace Grace.Web.Live;

/// <summary>How much an event matters, whichever kind of stream it stands in.</summary>
static class EventSeverity
{
    /// <summary>low, medium or high; medium for an event this version does not know.</summary>
    public static string Of(string eventType) => ArtifactEvents.Severity(eventType) ?? PipelineEvents.Severity(eventType);

    public static IEnumerable<string> Types(string severity) => PipelineEvents.OfSeverity(severity).Concat(ArtifactEvents.OfSeverity(severity));
}
