using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Artifacts;
using Grace.Engine.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Knowledge;

/// <summary>
/// Keeps the knowledge base up to date: the shipped handbook and the teams' folders at the start, and every research and
/// design document of a pipeline as the log tells of it. So what one pipeline found, the next one finds.
/// </summary>
public sealed class KnowledgeUpkeep(
    KnowledgeBase knowledge, Subscription subscription, ArtifactShelf shelf, DataFolder data, GraceOptions options, ILogger<KnowledgeUpkeep> logger)
    : BackgroundService
{
    public const string Cursor = "knowledge";
    const int LongestTitle = 200;

    readonly TaskCompletionSource indexed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when handbook and folders have been read once.</summary>
    public Task Indexed => indexed.Task;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, Work);

    async Task Work(CancellationToken stop)
    {
        try
        {
            await knowledge.IndexHandbookAsync(stop);
            foreach (var folder in options.Knowledge.Folders.Prepend(data.Knowledge))
                foreach (var skipped in (await knowledge.IndexFolderAsync(folder, stop)).Skipped)
                    logger.LogWarning("{Skipped} is not in the knowledge base", skipped);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
        {
            logger.LogWarning("The knowledge base could not be brought up to date: {Error}. The next start tries again.", e.Message);
        }
        finally
        {
            indexed.TrySetResult();
        }
        await subscription.RunAsync(Cursor, e => e.Type == "agent.artifact.created", IndexAsync, stop);
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
