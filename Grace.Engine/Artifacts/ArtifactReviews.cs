using Grace.Engine.Log;

namespace Grace.Engine.Artifacts;

/// <summary>There is no artifact by that name.</summary>
public sealed class UnknownArtifact(string artifactId) : Exception($"There is no artifact '{artifactId}'.");

/// <summary>Artifacts read from their streams, and what people say of them.</summary>
public sealed class ArtifactReviews(EventLog log, LogWriter writer, Orchestrator orchestrator, ArtifactQueries queries, TimeProvider clock)
{
    const int MostConflicts = 50;

    /// <summary>The artifact, and its stream, which is empty for one that is older than artifacts' streams.</summary>
    /// <exception cref="UnknownArtifact" />
    public async Task<(Artifact State, IReadOnlyList<Recorded> History)> ReadAsync(string artifactId, CancellationToken cancel = default)
    {
        if (artifactId.Contains('\0'))
            throw new UnknownArtifact(artifactId);
        var history = await log.ReadStreamAsync(artifactId, cancel: cancel);
        if (history.Count > 0)
            return ArtifactEvents.Has(history[0].Type) ? (Artifact.Fold(artifactId, history), history) : throw new UnknownArtifact(artifactId);
        var (birth, supersededBy) = await StreamlessAsync(artifactId, cancel);
        return (new Artifact { Id = artifactId }.Evolve(birth, birth.Since!.Value) with { Version = 0, SupersededBy = supersededBy }, []);
    }

    /// <summary>Records what a person says; the same said again records nothing. An artifact without a stream gets it first.</summary>
    /// <param name="by">The verified identity of whoever says it.</param>
    /// <exception cref="UnknownArtifact" />
    public async Task<Artifact> ReviewAsync(string artifactId, Verdict verdict, string? comment, string by, CancellationToken cancel = default)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            var (state, history) = await ReadAsync(artifactId, cancel);
            var said = state.Decide(verdict, comment, by);
            if (said.Count == 0)
                return state;
            // In microseconds, as PostgreSQL keeps it.
            var now = clock.GetUtcNow();
            now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
            List<ArtifactEvent> events = [.. said];
            if (history.Count == 0)
                events.InsertRange(0, await BeginAsync(state, cancel));
            try
            {
                await using var write = writer.Begin(new(by), now);
                write.Append(artifactId, state.Version, events);
                await write.CommitAsync(cancel);
                return events.Aggregate(state, (s, e) => s.Evolve(e, now));
            }
            catch (StreamMoved) when (conflicts < MostConflicts)
            {
            }
        }
    }

    async Task<IEnumerable<ArtifactEvent>> BeginAsync(Artifact state, CancellationToken cancel)
    {
        var (birth, supersededBy) = await StreamlessAsync(state.Id, cancel);
        if (supersededBy is null)
            return [birth];
        var by = (await orchestrator.LoadAsync(state.PipelineId, cancel: cancel)).Artifacts.First(a => a.ArtifactId == supersededBy);
        return [birth, new ArtifactEvent.Superseded(state.PipelineId, supersededBy, by.Attempt)];
    }

    /// <summary>What the pipeline knows of an artifact that has no stream.</summary>
    async Task<(ArtifactEvent.Created Birth, string? SupersededBy)> StreamlessAsync(string artifactId, CancellationToken cancel)
    {
        var row = await queries.FindAsync(artifactId, cancel) ?? throw new UnknownArtifact(artifactId);
        var pipeline = await orchestrator.LoadAsync(row.PipelineId, cancel: cancel);
        var made = pipeline.Artifacts.FirstOrDefault(a => a.ArtifactId == artifactId) ?? throw new UnknownArtifact(artifactId);
        var later = pipeline.Artifacts.Skip(pipeline.Artifacts.IndexOf(made) + 1).FirstOrDefault(a => a.Phase == made.Phase && a.ArtifactType == made.ArtifactType);
        return (ArtifactStreams.Birth(row.PipelineId, made), later?.ArtifactId);
    }
}
