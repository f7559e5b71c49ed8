using System.Text.Json.Nodes;

namespace Grace.Engine.Tools;

/// <summary>Doubles the time that one command of the next attempt may take, up to a limit.</summary>
public sealed class ExtendTimeTool : ITool
{
    private const double First = 600;
    private const double Most = 3600;

    public string Name => "extend_time";

    public string Description => "Answers twice the present time limit of a command, in seconds, at most 3600; a limit that is there already is a failure.";

    public JsonObject InputSchema => JsonNode.Parse("""
        { "type": "object", "properties": { "time_limit_seconds": { "type": "number", "description": "Now; 600 by default" } }, "additionalProperties": false }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(5);

    public Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var now = input.Number("time_limit_seconds") ?? First;
        return Task.FromResult(now >= Most
            ? ToolResult.Failed($"A command may already take {Most} seconds; what needs longer has to be looked at by a person.")
            : ToolResult.Done(new JsonObject { ["time_limit_seconds"] = Math.Min(now * 2, Most) }));
    }
}
