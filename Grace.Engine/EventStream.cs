using System.Text.Json;
using Grace.Engine.Artifacts;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Playbooks;
using Grace.Engine.Webhooks;

namespace Grace.Engine;

/// <summary>What stream an event stands in: a pipeline's, whose version it moves on, or one of an artifact, a playbook, a mission or a webhook.</summary>
public static class EventStream
{
    public static bool IsArtifacts(Recorded e) => ArtifactEvents.Has(e.Type);

    /// <summary>What nobody decided: artifacts' own streams, which repeat their pipeline, and the playbooks that ship.</summary>
    public static bool IsBackground(Recorded e) => IsArtifacts(e) || e is { Type: "playbook.published", By: "system" };

    /// <summary>The pipeline that the event belongs to, also where it stands in an artifact's stream; null for a playbook's, a mission's or a webhook's.</summary>
    public static string? PipelineOf(Recorded e)
    {
        if (PlaybookEvents.Knows(e.Type) || MissionEvents.Knows(e.Type) || WebhookEvents.Knows(e.Type))
            return null;
        if (!IsArtifacts(e))
            return e.StreamId;
        using var data = JsonDocument.Parse(e.Data);
        return data.RootElement.GetProperty("pipeline_id").GetString()!;
    }
}
