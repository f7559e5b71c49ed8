using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using static Grace.Engine.Artifacts.ArtifactEvent;

namespace Grace.Engine.Artifacts;

public sealed record Review(Verdict Verdict, string? Comment, string By, DateTimeOffset At);

/// <summary>An artifact as its own stream tells it. Pure and immutable; the bytes are on the shelf under the hash.</summary>
public sealed record Artifact
{
    public string Id { get; init; } = "";
    public long Version { get; init; }
    public string PipelineId { get; init; } = "";
    public string ArtifactType { get; init; } = "";
    public Phase Phase { get; init; }
    public int Attempt { get; init; }
    public string ContentHash { get; init; } = "";
    public long Size { get; init; }
    public string MediaType { get; init; } = "";
    public JsonObject Metadata { get; init; } = [];
    public JsonObject Provenance { get; init; } = [];
    public DateTimeOffset CreatedAt { get; init; }
    /// <summary>The artifact that counts in its place; null while this one does.</summary>
    public string? SupersededBy { get; init; }
    /// <summary>The last one; those before are in the stream.</summary>
    public Review? Review { get; init; }

    public bool Exists => Version > 0;

    public static Artifact Fold(string id, IEnumerable<Recorded> events) =>
        Fold(id, events.Select(e => (ArtifactEvents.Read(e.Type, e.Data), e.At)));

    public static Artifact Fold(string id, IEnumerable<(ArtifactEvent Change, DateTimeOffset At)> history) =>
        history.Aggregate(new Artifact { Id = id }, (state, e) => state.Evolve(e.Change, e.At));

    public Artifact Evolve(ArtifactEvent change, DateTimeOffset at)
    {
        var next = this with { Version = Version + 1 };
        return change switch
        {
            Created e => next with
            {
                PipelineId = e.PipelineId, ArtifactType = e.ArtifactType, Phase = e.Phase, Attempt = e.Attempt, ContentHash = e.ContentHash,
                Size = e.Size, MediaType = e.MediaType, Metadata = e.Metadata, Provenance = e.Provenance, CreatedAt = at,
            },
            Superseded e => next with { SupersededBy = e.SupersededBy },
            Reviewed e => next with { Review = new(e.Verdict, e.Comment, e.By, at) },
            _ => throw new NotSupportedException($"Artifact.Evolve does not know {change.GetType().Name}."),
        };
    }

    /// <summary>Saying the same again changes nothing.</summary>
    public IReadOnlyList<ArtifactEvent> Decide(Verdict verdict, string? comment, string by) =>
        Review is { } last && last.Verdict == verdict && last.Comment == comment && last.By == by ? [] : [new Reviewed(PipelineId, verdict, comment, by)];
}
