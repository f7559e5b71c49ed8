using System.Text.Json.Nodes;
using Grace.Engine.Design;

namespace Grace.Engine.Tools;

/// <summary>Derives a service's design from its task and what research found.</summary>
public sealed class DesignServiceTool : ITool
{
    const int MostFindings = 10;

    public string Name => "design_service";

    public string Description =>
        "Derives a service's specification from the task: resources and fields, OpenAPI document, database schema, component diagram, acceptance criteria, assumptions.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "task": { "type": "string", "minLength": 1 },
            "context": { "type": ["object", "null"] },
            "findings": { "description": "The research document.", "type": ["object", "null"] }
          },
          "required": ["task"]
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    public Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Text("task") is not { } task)
            return Task.FromResult(ToolResult.Failed("design_service needs the task."));
        try
        {
            var design = ServiceDesigner.Derive(task, input["context"] as JsonObject, Findings(input["findings"]));
            var output = design.ToJson();
            output["markdown"] = DesignMarkdown.Render(design);
            context.Progress($"→ Resources: {string.Join(", ", design.Resources.Select(r => $"{r.Name} ({r.Fields.Count} fields)"))}; {design.AcceptanceCriteria.Count} acceptance criteria");
            return Task.FromResult(ToolResult.Done(output));
        }
        catch (TaskRefusedException refused)
        {
            return Task.FromResult(ToolResult.Failed(refused.Message));
        }
    }

    static List<string> Findings(JsonNode? research) =>
        [.. (research?["findings"] as JsonArray ?? []).Take(MostFindings)
            .Select(f => $"{f?["source"]?["title"]}: {f?["claim"] ?? f?["quote"]}".Trim(' ', ':')).Where(line => line.Length > 0)];
}
