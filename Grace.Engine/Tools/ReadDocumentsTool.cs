using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Log;
using Grace.Engine.Text;

namespace Grace.Engine.Tools;

/// <summary>Reads the documents that a task's context names and quotes what speaks to the task.</summary>
/// <param name="knowledgeFolders">The configured Knowledge folders; besides the workspace nothing else is read.</param>
public sealed class ReadDocumentsTool(IReadOnlyList<string> knowledgeFolders) : ITool
{
    private const int DocumentLimit = 10;
    private const int PassagesPerDocument = 3;
    private static readonly string[] Keys = ["documents", "document", "documentation", "docs"];

    public string Name => "read_documents";

    public string Description =>
        "Reads named documents (paths in the workspace or a knowledge folder, handbook/NAME.md) and quotes the passages that speak to the task. What cannot be read becomes a named gap.";

    public JsonObject InputSchema { get; } = JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "task": { "type": "string", "description": "What the passages should speak to." },
            "documents": { "description": "An array, or text separated by commas.", "type": ["array", "string"] },
            "context": { "description": "The pipeline's context; its key documents (document, documentation, docs) is read too.", "type": ["object", "string"] }
          }
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(1);

    public Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var outer = JsonText.Object(input["context"]);
        var names = JsonText.List(input["documents"])
            .Concat(Keys.SelectMany(key => JsonText.List(outer?[key])))
            .Distinct(StringComparer.Ordinal).ToList();
        var task = JsonText.Text(input["task"]) ?? "";
        var folders = new[] { context.Workspace }.Concat(knowledgeFolders).ToList();
        var documents = new JsonArray();
        var gaps = new List<Gap>();
        var touched = new List<string>();

        foreach (var name in names.Take(DocumentLimit))
        {
            cancel.ThrowIfCancellationRequested();
            var document = NamedDocument.Find(name, folders);
            context.Progress($"→ Documents: {CleanText.Line(name, 120)}{(document.Gap is null ? "" : " (not available)")}");
            if (document.Gap is { } gap) gaps.Add(gap);
            else
            {
                documents.Add(Quoted(document, task));
                touched.Add(document.Uri!);
            }
        }
        gaps.AddRange(names.Skip(DocumentLimit).Select(name => new Gap(
            CleanText.Line(name, 300), $"At most {DocumentLimit} documents are read.", "Name the most important ones first.")));
        return Task.FromResult(ToolResult.Done(
            new JsonObject { ["documents"] = documents, ["gaps"] = JsonSerializer.SerializeToNode(gaps, Wire.Json) }, [.. touched]));
    }

    private static JsonNode Quoted(NamedDocument document, string task)
    {
        var passages = TellingPassages.Of(document.Text!, task, PassagesPerDocument)
            .Select(found => (JsonNode)new JsonObject
            {
                ["quote"] = found.Passage.Body, ["heading"] = found.Passage.Heading, ["rank"] = found.Rank,
            });
        return new JsonObject
        {
            ["title"] = document.Title,
            ["uri"] = document.Uri,
            ["content_hash"] = KnowledgeHash.Of(document.Text!),
            ["passages"] = new JsonArray([.. passages]),
        };
    }
}
