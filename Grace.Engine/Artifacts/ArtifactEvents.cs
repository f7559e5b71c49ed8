using System.Text.Json;
using Grace.Engine.Log;
using static Grace.Engine.Artifacts.ArtifactEvent;

namespace Grace.Engine.Artifacts;

/// <summary>Wire name and severity of every event of an artifact's own stream, and its JSON.</summary>
public static class ArtifactEvents
{
    static readonly (Type Type, string Name, string Severity)[] All =
    [
        (typeof(Created), "artifact.created", "low"),
        (typeof(Superseded), "artifact.superseded", "low"),
        (typeof(Reviewed), "artifact.reviewed", "medium"),
    ];

    static readonly Dictionary<Type, string> Names = All.ToDictionary(e => e.Type, e => e.Name);
    static readonly Dictionary<string, (Type Type, string Severity)> Types = All.ToDictionary(e => e.Name, e => (e.Type, e.Severity));

    /// <summary>Whether events of this type stand in artifacts' streams, and not in a pipeline's.</summary>
    public static bool Has(string eventType) => Types.ContainsKey(eventType);

    public static string Name(ArtifactEvent change) => Names[change.GetType()];

    public static IEnumerable<WireName> WireNames => All.Select(e => new WireName(e.Type, e.Name));

    public static IEnumerable<(string Name, string Severity)> Severities => All.Select(e => (e.Name, e.Severity));

    /// <exception cref="NotSupportedException">Not an event of an artifact, or of a newer version.</exception>
    public static ArtifactEvent Read(string eventType, string data) =>
        Types.TryGetValue(eventType, out var known)
            ? (ArtifactEvent)JsonSerializer.Deserialize(data, known.Type, Wire.Json)!
            : throw new NotSupportedException($"The log holds the event type '{eventType}', which is none of an artifact that this version of Grace knows.");
}
