using System.Text.Json.Nodes;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Records the workspace as it is. Nothing to record is no failure: the answer then describes the commit that is there.</summary>
public sealed class CommitWorkspaceTool : ITool
{
    private const int DiffLimit = 64 * 1024;
    private const int FileLimit = 500;

    public string Name => "commit_workspace";

    public string Description => "Commits everything in the workspace that is not ignored. Answers commit, tree, the diff and the changed files.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "properties": { "message": { "type": "string", "minLength": 1, "maxLength": 10000 } },
          "required": ["message"],
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(5);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Text("message") is not { } message)
        {
            return ToolResult.Failed("message is missing: say in a sentence what changed and why.");
        }

        try
        {
            var workspace = await GitWorkspace.CreateEmptyAsync(context.Workspace, cancel).ConfigureAwait(false);
            var before = await workspace.HeadAsync(cancel).ConfigureAwait(false);
            var commit = await workspace.CommitAsync(message, cancel).ConfigureAwait(false);
            if (commit.Commit.Length == 0)
            {
                return ToolResult.Failed($"There is nothing to commit: {context.Workspace} holds no file that is not ignored.");
            }

            var diff = commit.Changed ? await workspace.DiffAsync(before, commit.Commit, cancel).ConfigureAwait(false) : "";
            return ToolResult.Done(new JsonObject
            {
                ["commit"] = commit.Commit,
                ["tree"] = commit.Tree,
                ["changed"] = commit.Changed,
                ["diff_stat"] = Cut(commit.DiffStat),
                ["diff"] = Cut(diff),
                ["diff_cut"] = diff.Length > DiffLimit,
                ["files"] = new JsonArray([.. commit.Files.Take(FileLimit).Select(file => new JsonObject { ["change"] = file.Change, ["path"] = file.Path })]),
                ["file_count"] = commit.Files.Count,
            }, context.Workspace);
        }
        catch (GitFailedException failure)
        {
            return ToolResult.Failed(failure.Message);
        }
    }

    private static string Cut(string text) => text.Length <= DiffLimit ? text : text[..DiffLimit] + $"\n[… {text.Length - DiffLimit} characters cut …]";
}
