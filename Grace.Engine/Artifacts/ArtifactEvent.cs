using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Artifacts;

/// <summary>
/// Everything that can happen to an artifact, in the artifact's own stream: a closed union. Wire names are in
/// <see cref="ArtifactEvents"/>. Each names the pipeline, since the stream's id does not.
/// </summary>
public abstract record ArtifactEvent
{
    private ArtifactEvent() { }

    public abstract string PipelineId { get; init; }

    public sealed record Created(
        string PipelineId, string ArtifactType, Phase Phase, int Attempt, string ContentHash, long Size, string MediaType, JsonObject Metadata,
        JsonObject Provenance) : ArtifactEvent;

    /// <param name="SupersededBy">The artifact of the same phase and type that counts from now on.</param>
    /// <param name="Attempt">The attempt that made it.</param>
    public sealed record Superseded(string PipelineId, string SupersededBy, int Attempt) : ArtifactEvent;

    public sealed record Reviewed(string PipelineId, Verdict Verdict, string? Comment, string By) : ArtifactEvent;
}

/// <summary>What a person says of an artifact.</summary>
public enum Verdict { Accepted, Questioned }
