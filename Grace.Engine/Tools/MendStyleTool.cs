using System.Text.Json.Nodes;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Runs the automatic fixers of the workspace's own lint commands.</summary>
public sealed class MendStyleTool(RepositoryMends mends) : ITool
{
    public string Name => "mend_style";

    public string Description => "Mends formatting and lint findings in the workspace with the fixers of its own tools (dotnet format, eslint --fix, prettier --write, a lint:fix script). Answers the commands that ran.";

    public JsonObject InputSchema => JsonNode.Parse("""{ "type": "object", "properties": {}, "additionalProperties": false }""")!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(12);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        try
        {
            var ran = await mends.StyleAsync(context.Workspace, context.Progress, cancel).ConfigureAwait(false);
            return ran.Count == 0
                ? ToolResult.Failed("None of the repository's lint commands has an automatic fixer.")
                : ToolResult.Done(new JsonObject
                {
                    ["commands"] = new JsonArray([.. ran.Select(one => (JsonNode)new JsonObject { ["command"] = one.Command, ["exit_code"] = one.ExitCode })]),
                }, context.Workspace);
        }
        catch (GitFailedException unusable)
        {
            return ToolResult.Failed(unusable.Message);
        }
    }
}
