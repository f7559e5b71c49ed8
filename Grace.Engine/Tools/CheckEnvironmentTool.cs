using System.Text.Json.Nodes;
using Grace.Engine.Deployments;

namespace Grace.Engine.Tools;

/// <summary>Makes sure that after a failed deployment an environment is as it was before.</summary>
public sealed class CheckEnvironmentTool(LocalEnvironment environment) : ITool
{
    public string Name => "check_environment";

    public string Description => "Looks at every release of an environment and starts those again that should run and do not answer. Answers which runs where; one that cannot be brought back is a failure.";

    public JsonObject InputSchema => JsonNode.Parse("""
        { "type": "object", "properties": { "environment": { "type": "string" } }, "required": ["environment"], "additionalProperties": false }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(3);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var running = new JsonArray();
        foreach (var release in environment.Deployed().Where(r => r.Release.Environment == input.Text("environment")))
        {
            if (await environment.ReviveAsync(release, cancel).ConfigureAwait(false) is not { } alive)
            {
                return ToolResult.Failed($"Release {release.Release.Number} of {release.Release.Service} does not come back; its log is {release.Process.LogFile}.");
            }

            running.Add((JsonNode)new JsonObject { ["service"] = alive.Release.Service, ["release"] = alive.Release.Number, ["address"] = alive.Address });
        }

        return ToolResult.Done(new JsonObject { ["running"] = running });
    }
}
