using System.Text.Json.Nodes;
using Grace.Engine.Design;

namespace Grace.Engine.Tools;

/// <summary>Turns the task into a design by rule; no model is asked.</summary>
public sealed class DesignServiceTool : ITool
{
    public string Name => "design_service";

    public string Description =>
        "Designs a service from the task: resources with typed fields, OpenAPI document, database schema, component diagram and "
        + "acceptance criteria. Declare resources in the task, as in Bookmark(title: string, url: uri, tags: string[]).";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "required": ["task"],
          "properties": {
            "task": { "type": "string", "minLength": 1 },
            "context": {
              "type": "object",
              "description": "The phase context. service_name names the service, resources replaces what the task declares."
            },
            "findings": { "type": "array", "description": "What research found: text, or objects with title, summary or url." }
          }
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(10);

    public Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input["task"] is not JsonValue value || !value.TryGetValue<string>(out var task)) return Failed("task: a text that says what to build is required.");
        if (input["context"] is not (null or JsonObject)) return Failed("context: has to be an object.");
        if (input["findings"] is not (null or JsonArray)) return Failed("findings: has to be a list.");
        try
        {
            var design = ServiceDesigner.Derive(task, input["context"] as JsonObject, Findings(input["findings"] as JsonArray));
            context.Progress($"→ Designed {design.Name}: {string.Join(", ", design.Resources.Select(r => r.Name))}, {design.AcceptanceCriteria.Count} acceptance criteria");
            return Task.FromResult(ToolResult.Done(new JsonObject { ["design"] = design.ToJson(), ["markdown"] = DesignMarkdown.Render(design) }));
        }
        catch (TaskRefusedException refused)
        {
            return Failed(refused.Message);
        }
    }

    private static List<string> Findings(JsonArray? findings) => [.. (findings ?? []).Select(Finding).OfType<string>()];

    private static string? Finding(JsonNode? finding) => finding switch
    {
        JsonObject found when Parts(found) is { Length: > 0 } parts => string.Join(" · ", parts),
        null => null,
        _ => finding.ToString(),
    };

    private static string[] Parts(JsonObject finding) =>
        [.. ((string[])["title", "summary", "url"]).Select(key => finding[key]?.ToString()).OfType<string>().Where(text => text.Length > 0)];

    private static Task<ToolResult> Failed(string error) => Task.FromResult(ToolResult.Failed(error));
}
