using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Web.Api;

/// <summary>Pipelines and artifacts as the contract shows them.</summary>
static class PipelineJson
{
    static readonly JsonElement Null = JsonDocument.Parse("null").RootElement;

    /// <summary>"Monitor Pipeline" of the specification, extended.</summary>
    public static object Detail(Pipeline p, DateTimeOffset now) => new
    {
        PipelineId = p.Id,
        p.Task,
        Status = p.Status.Name(),
        CurrentPhase = OrNull(p.CurrentPhase?.Name()),
        PhaseResults = p.Phases.ToDictionary(s => s.Phase.Name(), s => (object)new
        {
            Status = Name(s.Status),
            Attempts = s.Attempt,
            Artifacts = p.CurrentArtifacts.Where(a => a.Phase == s.Phase).Select(Reference),
            s.StartedAt,
            CompletedAt = s.EndedAt,
            DurationSeconds = Seconds(s.StartedAt, s.EndedAt ?? (s.Status == PhaseStatus.Running ? now : null)),
            s.Error,
            s.Proof,
        }),
        p.Version,
        p.CreatedAt,
        p.UpdatedAt,
        p.StartedAt,
        CompletedAt = p.EndedAt,
        p.RequestedBy,
        p.Repository,
        p.Context,
        Phases = p.Phases.Select(s => s.Phase.Name()),
        Overrides = p.Overrides.Select(o => new { o.Override, o.Before, o.After, o.Reason, o.By, o.At }),
        Attempts = p.Phases.ToDictionary(s => s.Phase.Name(), s => s.Attempt),
        DurationSeconds = Seconds(p.StartedAt, p.EndedAt ?? now),
        p.PauseRequested,
        p.RetryAt,
        Waiting = p.Waiting is { } w ? new { Kind = w.ApprovalId is null ? "escalation" : "approval", w.ApprovalId, Phase = w.Phase.Name(), w.Reason, w.Evidence, w.Since } : null,
        p.Question,
        p.Error,
        Usage = new { Tokens = 0, Cost = 0 },
    };

    public static object Reference(ArtifactRef a) => new
    {
        a.ArtifactId, a.ArtifactType, Phase = a.Phase.Name(), a.Attempt, a.ContentHash, a.Size, a.CreatedAt,
    };

    public static object Artifact(ArtifactRef a, byte[] bytes) => new
    {
        a.ArtifactId, a.ArtifactType, Phase = a.Phase.Name(), Content = JsonNode.Parse(bytes), a.CreatedAt, a.Attempt, a.ContentHash, a.Size,
        a.MediaType, a.Metadata, a.Provenance,
    };

    /// <summary>For a key that is always there: other nulls are left out.</summary>
    public static object OrNull(object? value) => value ?? Null;

    public static string Name(PhaseStatus status) => status.ToString().ToLowerInvariant();

    static double? Seconds(DateTimeOffset? from, DateTimeOffset? to) =>
        from is { } start && to is { } end ? Math.Round(Math.Max(0, (end - start).TotalSeconds), 3) : null;
}
