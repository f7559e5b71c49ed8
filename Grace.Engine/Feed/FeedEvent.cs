using System.Text.Json;
using System.Text.Json.Serialization;
using Grace.Engine.Log;

namespace Grace.Engine.Feed;

/// <summary>An event as feed, hub, webhooks and API show it.</summary>
/// <param name="ArtifactId">Set for an event of an artifact's own stream, whose version this is then; PipelineId is the pipeline that made it.</param>
/// <param name="PipelineId">Null for an event of a playbook, a mission or a webhook, which StreamId then names.</param>
public sealed record FeedEvent(
    long Position, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? PipelineId, string? StreamId, string? ArtifactId, long Version, string EventType, string Severity, DateTimeOffset At, string? By, JsonElement Data, string Hash)
{
    public static FeedEvent Of(Recorded e)
    {
        var pipeline = EventStream.PipelineOf(e);
        using var data = JsonDocument.Parse(e.Data);
        return new(
            e.Position, pipeline, pipeline is null ? e.StreamId : null, EventStream.IsArtifacts(e) ? e.StreamId : null, e.Version, e.Type,
            EventNames.Severity(e.Type), e.At, e.By, data.RootElement.Clone(), Convert.ToHexStringLower(e.Hash));
    }

    /// <summary>Its JSON, in UTF-8.</summary>
    public static byte[] Bytes(Recorded e) => JsonSerializer.SerializeToUtf8Bytes(Of(e), Wire.Json);
}
