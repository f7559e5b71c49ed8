using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using static Grace.Engine.Artifacts.ArtifactEvent;

namespace Grace.Engine.Artifacts;

/// <summary>What one artifact's stream is told.</summary>
/// <param name="Before">What a stream that does not exist yet has to begin with; null for a new artifact's, which must not exist.</param>
public sealed record ArtifactChange(string ArtifactId, ArtifactEvent Change, Created? Before = null);

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
        Dictionary<(Phase, string), (string Id, Created? Birth)> newest = [];
        foreach (var made in events.OfType<PipelineEvent.ArtifactCreated>())
        {
            var key = (made.Phase, made.ArtifactType);
            if (newest.TryGetValue(key, out var sibling))
                changes.Add(new(sibling.Id, new Superseded(before.Id, made.ArtifactId, made.Attempt), sibling.Birth));
            else if (before.Artifacts.LastOrDefault(a => (a.Phase, a.ArtifactType) == key) is { } older)
                changes.Add(new(older.ArtifactId, new Superseded(before.Id, made.ArtifactId, made.Attempt), Birth(before.Id, older)));
            var birth = new Created(
                made.PipelineId, made.ArtifactType, made.Phase, made.Attempt, made.ContentHash, made.Size, made.MediaType, made.Metadata, made.Provenance);
            changes.Add(new(made.ArtifactId, birth));
            newest[key] = (made.ArtifactId, birth);
        }
        return changes;
    }

    /// <summary>How the stream of an artifact begins that was made before artifacts had streams.</summary>
    public static Created Birth(string pipelineId, ArtifactRef a) => new(
        pipelineId, a.ArtifactType, a.Phase, a.Attempt, a.ContentHash, a.Size, a.MediaType, a.Metadata, a.Provenance, a.CreatedAt);

    /// <summary>The streams whose version has to be known: those of artifacts that were there before.</summary>
    public static string[] OlderIds(IReadOnlyList<ArtifactChange> changes) =>
        [.. changes.Where(c => c.Before is not null && !changes.Any(own => own.ArtifactId == c.ArtifactId && own.Change is Created)).Select(c => c.ArtifactId)];

    /// <summary>One append a stream, beside the pipeline's own events.</summary>
    /// <param name="versions">Where the older artifacts' streams stand; one that is missing does not exist yet.</param>
    public static void Append(LogWrite write, IReadOnlyList<ArtifactChange> changes, IReadOnlyDictionary<string, long> versions)
    {
        foreach (var stream in changes.GroupBy(c => c.ArtifactId))
        {
            var version = versions.GetValueOrDefault(stream.Key);
            IEnumerable<ArtifactEvent> told = version == 0 && stream.First() is { Change: not Created, Before: { } birth } ? [birth] : [];
            write.Append(stream.Key, version, told.Concat(stream.Select(c => c.Change)));
        }
    }
}
