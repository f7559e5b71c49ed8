using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Marten;
using Microsoft.Extensions.Logging;

namespace Grace.Engine.Knowledge;

/// <summary>
/// Takes every research and design document of a pipeline into the knowledge base as the log tells of it. So what one
/// pipeline found, the next one finds.
/// </summary>
public sealed class KnowledgeFollower(EventLog log, KnowledgeBase knowledge, ContentShelf shelf, ILogger<KnowledgeFollower> logger) : LogFollower(log)
{
    public const string Name = "knowledge";
    const int LongestTitle = 200;

    public static IEnumerable<Type> Wanted => [typeof(PipelineEvent.ArtifactCreated)];

    protected override async Task TakeAsync(IReadOnlyList<Recorded> events, IDocumentOperations operations, CancellationToken cancel)
    {
        foreach (var e in events)
            await IndexAsync(e, cancel);
    }

    async Task IndexAsync(Recorded e, CancellationToken cancel)
    {
        using var document = JsonDocument.Parse(e.Data);
        var (type, id) = (document.RootElement.GetProperty("artifact_type").GetString()!, document.RootElement.GetProperty("artifact_id").GetString()!);
        if (type is not ("research_doc" or "design_spec"))
            return;
        try
        {
            var content = JsonNode.Parse(await shelf.ReadAsync(document.RootElement.GetProperty("content_hash").GetString()!, cancel));
            if (content?["markdown"]?.GetValue<string>() is { } text)
                await knowledge.IndexArtifactAsync(id, e.StreamId, type, Title(type, text), text, cancel);
        }
        catch (Exception broken) when (broken is InvalidDataException or KeyNotFoundException or JsonException)
        {
            logger.LogError("Artifact {Id} is not in the knowledge base: {Error}", id, broken.Message);
        }
    }

    static string Title(string type, string markdown)
    {
        var first = markdown.Split('\n', 2)[0].TrimStart('#', ' ');
        return $"{type}: {(first.Length <= LongestTitle ? first : first[..LongestTitle])}";
    }
}
