using System.Text.Json.Nodes;
using Grace.Engine.Design;

namespace Grace.Engine.Tools;

/// <summary>Derives a service's design from its task and what research found.</summary>
public sealed class DesignServiceTool(ServiceChooser chooser) : ITool
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

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(60);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Text("task") is not { } task)
            return ToolResult.Failed("design_service needs the task.");
        try
        {
            var design = await SettledAsync(ServiceDesigner.Derive(task, input["context"] as JsonObject, Findings(input["findings"])), input["context"] as JsonObject ?? [], cancel);
            var output = design.ToJson();
            output["markdown"] = DesignMarkdown.Render(design);
            context.Progress($"→ Resources: {string.Join(", ", design.Resources.Select(r => $"{r.Name} ({r.Fields.Count} fields)"))}; {design.AcceptanceCriteria.Count} acceptance criteria");
            return ToolResult.Done(output);
        }
        catch (TaskRefusedException refused)
        {
            return ToolResult.Failed(refused.Message);
        }
    }

    /// <summary>With what the service will not be written with, though the context asks for it.</summary>
    async Task<ServiceDesign> SettledAsync(ServiceDesign design, JsonObject asked, CancellationToken cancel)
    {
        var (framework, database) = (asked.Text("framework"), asked["database"] is { } any ? asked.Text("database") ?? any.ToJsonString() : null);
        try
        {
            return (await chooser.ChooseAsync(asked.Text("language") ?? WriteServiceTool.DefaultLanguage, framework, database, cancel)).Settle(design, framework, database);
        }
        catch (TaskRefusedException)
        {
            // A design stands without a language; whether it can be written is the business of whoever writes it.
            return design;
        }
    }

    static List<string> Findings(JsonNode? research) =>
        [.. (research?["findings"] as JsonArray ?? []).Take(MostFindings)
            .Select(f => $"{f?["source"]?["title"]}: {f?["claim"] ?? f?["quote"]}".Trim(' ', ':')).Where(line => line.Length > 0)];
}
