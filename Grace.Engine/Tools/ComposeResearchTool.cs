using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Log;

namespace Grace.Engine.Tools;

/// <summary>Makes the research_doc out of what the other research tools brought. It adds nothing of its own.</summary>
public sealed class ComposeResearchTool : ITool
{
    public string Name => "compose_research";

    public string Description =>
        "Composes the research document: cited quotes, the repository's facts, the sources, and a gap for every source that was asked for and not available.";

    public JsonObject InputSchema { get; } = JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "task": { "type": "string" },
            "context": { "description": "The pipeline's context; its key sources names the sources asked for.", "type": ["object", "string", "null"] },
            "knowledge": { "description": "Output of knowledge_search.", "type": ["object", "string", "null"] },
            "repository": { "description": "Output of analyse_repository.", "type": ["object", "string", "null"] },
            "documents": { "description": "Output of read_documents.", "type": ["object", "string", "null"] },
            "web": { "description": "Output of web_search, or {success: false, error}.", "type": ["object", "string", "null"] },
            "sources_requested": { "description": "An array, or text as in web,github,rag.", "type": ["array", "string", "null"] }
          },
          "required": ["task"]
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    public Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var material = new ResearchMaterial(input);
        if (material.Task.Length == 0) return Task.FromResult(ToolResult.Failed("compose_research needs the task."));
        var document = ResearchDocument.Compose(material);
        context.Progress($"→ Findings: {document.Findings.Count} from {document.Sources.Count} sources, {document.Gaps.Count} gaps");
        return Task.FromResult(ToolResult.Done(
            JsonSerializer.SerializeToNode(document, Wire.Json), [.. document.Sources.Select(source => source.Uri)]));
    }
}
