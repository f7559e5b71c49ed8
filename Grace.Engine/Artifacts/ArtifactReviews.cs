using Grace.Engine.Log;

namespace Grace.Engine.Artifacts;

/// <summary>There is no artifact by that name.</summary>
public sealed class UnknownArtifact(string artifactId) : Exception($"There is no artifact '{artifactId}'.");

/// <summary>Artifacts read from their streams, and what people say of them.</summary>
public sealed class ArtifactReviews(EventLog log, LogWriter writer, TimeProvider clock)
{
    const int MostConflicts = 50;

    /// <summary>The artifact, and its stream.</summary>
    /// <exception cref="UnknownArtifact" />
    public async Task<(Artifact State, IReadOnlyList<Recorded> History)> ReadAsync(string artifactId, CancellationToken cancel = default)
    {
        var history = await log.ReadStreamAsync(artifactId, cancel: cancel);
        return history.Count > 0 && ArtifactEvents.Has(history[0].Type) ? (Artifact.Fold(artifactId, history), history) : throw new UnknownArtifact(artifactId);
    }

    /// <summary>Records what a person says; the same said again records nothing.</summary>
    /// <param name="by">The verified identity of whoever says it.</param>
    /// <exception cref="UnknownArtifact" />
    public async Task<Artifact> ReviewAsync(string artifactId, Verdict verdict, string? comment, string by, CancellationToken cancel = default)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            var (state, _) = await ReadAsync(artifactId, cancel);
            var said = state.Decide(verdict, comment, by);
            if (said.Count == 0)
                return state;
            // In microseconds, as PostgreSQL keeps it.
            var now = clock.GetUtcNow();
            now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
            try
            {
                await using var write = writer.Begin(new(by), now);
                write.Append(artifactId, state.Version, said);
                await write.CommitAsync(cancel);
                return said.Aggregate(state, (s, e) => s.Evolve(e, now));
            }
            catch (StreamMoved) when (conflicts < MostConflicts)
            {
            }
        }
    }
}
