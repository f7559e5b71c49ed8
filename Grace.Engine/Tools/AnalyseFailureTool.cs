using System.Text.Json.Nodes;
using Grace.Engine.Recovery;

namespace Grace.Engine.Tools;

/// <summary>Reduces a failure to what stays the same when it happens again.</summary>
public sealed class AnalyseFailureTool : ITool
{
    public string Name => "analyse_failure";

    public string Description => "Reduces a phase's failure to its fingerprint and its message without paths, numbers, ids, times and hashes.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "properties": { "failed_phase": { "type": "string" }, "error": { "type": "string", "minLength": 1 } },
          "required": ["failed_phase", "error"]
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(5);

    public Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Text("error") is not { } error || input.Text("failed_phase") is not { } phase)
            return Task.FromResult(ToolResult.Failed("analyse_failure needs failed_phase and error."));
        context.Progress("→ Analyzing failures");
        return Task.FromResult(ToolResult.Done(new JsonObject
        {
            ["fingerprint"] = FailureFingerprint.Of(phase, error),
            ["message"] = FailureFingerprint.Normalise(error),
        }));
    }
}
