using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using static Grace.Engine.Artifacts.ArtifactEvent;

namespace Grace.Engine.Artifacts;

/// <summary>What one artifact's stream is told.</summary>
public sealed record ArtifactChange(string ArtifactId, ArtifactEvent Change);

/// <summary>
/// The artifacts' streams, derived from what happens to their pipeline, so that its decider need not know of them: what
/// is made begins its stream, and supersedes what the phase made of the same type before. Pure, but for the append.
/// </summary>
public static class ArtifactStreams
{
    /// <param name="before">The pipeline before these events.</param>
    public static IReadOnlyList<ArtifactChange> Derive(Pipeline before, IReadOnlyList<PipelineEvent> events)
    {
        List<ArtifactChange> changes = [];
        Dictionary<(Phase, string), string> newest = [];
        foreach (var made in events.OfType<PipelineEvent.ArtifactCreated>())
        {
            var key = (made.Phase, made.ArtifactType);
            if ((newest.GetValueOrDefault(key) ?? before.Artifacts.LastOrDefault(a => (a.Phase, a.ArtifactType) == key)?.ArtifactId) is { } older)
                changes.Add(new(older, new Superseded(before.Id, made.ArtifactId, made.Attempt)));
            changes.Add(new(made.ArtifactId, new Created(
                made.PipelineId, made.ArtifactType, made.Phase, made.Attempt, made.ContentHash, made.Size, made.MediaType, made.Metadata, made.Provenance)));
            newest[key] = made.ArtifactId;
        }
        return changes;
    }

    /// <summary>The streams whose version has to be known: those of artifacts that were there before.</summary>
    public static string[] OlderIds(IReadOnlyList<ArtifactChange> changes) =>
        [.. changes.GroupBy(c => c.ArtifactId).Where(stream => stream.First().Change is not Created).Select(stream => stream.Key)];

    /// <summary>One append a stream, beside the pipeline's own events.</summary>
    /// <param name="versions">Where the older artifacts' streams stand.</param>
    public static void Append(LogWrite write, IReadOnlyList<ArtifactChange> changes, IReadOnlyDictionary<string, long> versions)
    {
        foreach (var stream in changes.GroupBy(c => c.ArtifactId))
            write.Append(stream.Key, versions.GetValueOrDefault(stream.Key), stream.Select(c => c.Change));
    }
}
