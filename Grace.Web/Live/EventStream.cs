using System.Text.Json;
using Grace.Engine.Artifacts;
using Grace.Engine.Log;

namespace Grace.Web.Live;

/// <summary>What stream an event stands in: a pipeline's, whose version it moves on, or one of an artifact.</summary>
static class EventStream
{
    public static bool IsArtifacts(Recorded e) => ArtifactEvents.Has(e.Type);

    /// <summary>The pipeline that the event belongs to, also where it stands in another stream.</summary>
    public static string PipelineOf(Recorded e)
    {
        if (!IsArtifacts(e))
            return e.StreamId;
        using var data = JsonDocument.Parse(e.Data);
        return data.RootElement.GetProperty("pipeline_id").GetString()!;
    }
}
