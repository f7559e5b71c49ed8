using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Log;
using Grace.Engine.Text;
using Npgsql;

namespace Grace.Engine.Tools;

/// <summary>Searches the handbook, the team's Markdown and earlier artifacts. Finding nothing is an answer, not a failure.</summary>
public sealed class KnowledgeSearchTool(KnowledgeBase knowledge) : ITool
{
    /// <summary>The share of a question's weight that an earlier pipeline's passage has to cover.</summary>
    const double Related = 0.6;
    const int MostEarlier = 3;

    public string Name => "knowledge_search";

    public string Description =>
        "Searches what Grace knows (the engineering handbook, the team's Markdown, artifacts of earlier pipelines) and returns quoted passages with their sources.";

    public JsonObject InputSchema { get; } = JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "query": { "type": "string", "description": "A sentence or words; \"quotes\", or and - work as in a web search." },
            "limit": { "type": "integer", "minimum": 1, "maximum": 50, "default": 8 },
            "kinds": { "type": "array", "items": { "enum": ["handbook", "folder", "artifact"] } }
          },
          "required": ["query"]
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(1);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (JsonText.Text(input["query"]) is not { } query) return ToolResult.Failed("knowledge_search needs a query: words or a sentence.");
        var kinds = JsonText.List(input["kinds"]);
        if (kinds.FirstOrDefault(kind => !KnowledgeKind.All.Contains(kind)) is { } unknown)
            return ToolResult.Failed($"There is no kind of knowledge \"{unknown}\"; there are {string.Join(", ", KnowledgeKind.All)}.");

        var shown = CleanText.Line(query, 120);
        context.Progress($"→ RAG: \"{shown}\"");
        IReadOnlyList<KnowledgeFinding> found;
        try
        {
            var limit = (int)Math.Clamp(JsonText.Number(input["limit"], 8), 1, 50);
            var wanted = kinds.Count > 0 ? kinds : KnowledgeKind.All;
            // What other pipelines found is about their tasks: a few of it, and only where it covers most of this question.
            KnowledgeFinding[] earlier = !wanted.Contains(KnowledgeKind.Artifact) ? []
                : [.. (await knowledge.SearchAsync(query, limit, [KnowledgeKind.Artifact], context.PipelineId, cancel)).Where(f => f.Coverage >= Related).Take(Math.Min(limit, MostEarlier))];
            string[] written = [.. wanted.Where(kind => kind != KnowledgeKind.Artifact)];
            found = [.. written.Length == 0 || earlier.Length == limit ? [] : await knowledge.SearchAsync(query, limit - earlier.Length, written, context.PipelineId, cancel), .. earlier];
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            return ToolResult.Failed($"The search for \"{shown}\" took too long. Ask with fewer, rarer words.");
        }
        return ToolResult.Done(
            new JsonObject { ["query"] = shown, ["findings"] = JsonSerializer.SerializeToNode(found, Wire.Json), ["total"] = found.Count },
            [.. found.Select(finding => finding.Uri).Distinct()]);
    }
}
