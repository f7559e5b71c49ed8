using System.Text.Json;
using Grace.Engine.Access;
using Grace.Engine.Artifacts;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Playbooks;

namespace Grace.Engine.Feed;

/// <summary>What stream an event stands in: a pipeline's, whose version it moves on, or one of an artifact, a playbook, a mission, a webhook, or the one about access.</summary>
public static class EventStream
{
    public static bool IsArtifacts(Recorded e) => ArtifactEvents.Has(e.Type);

    /// <summary>
    /// What is told only to those who ask for it by its type: artifacts' own streams, which repeat their pipeline, the playbooks that
    /// ship, and who has access, which is nothing to whoever follows pipelines.
    /// </summary>
    public static bool IsBackground(Recorded e) => IsArtifacts(e) || AccessEvents.Knows(e.Type) || e is { Type: "playbook.published", By: "system" };

    /// <summary>The pipeline that the event belongs to, also where it stands in an artifact's stream; null for a playbook's, a mission's, a webhook's and those about access.</summary>
    public static string? PipelineOf(Recorded e)
    {
        if (PlaybookEvents.Knows(e.Type) || MissionEvents.Knows(e.Type) || WebhookEvents.Knows(e.Type) || AccessEvents.Knows(e.Type))
            return null;
        if (!IsArtifacts(e))
            return e.StreamId;
        using var data = JsonDocument.Parse(e.Data);
        return data.RootElement.GetProperty("pipeline_id").GetString()!;
    }
}
