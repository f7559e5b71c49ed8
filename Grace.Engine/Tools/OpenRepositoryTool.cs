using System.Text.Json.Nodes;
using Grace.Engine.Hosting;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Brings the repository of the task into the workspace. A workspace that is there already is left as it is.</summary>
/// <param name="data">Whose git-credentials are used; null: none.</param>
public sealed class OpenRepositoryTool(DataFolder? data = null) : ITool
{
    public string Name => "open_repository";

    public string Description =>
        "Clones a repository (an address or a local folder) into the workspace, unless the workspace is there already; without a repository it starts an empty one. Answers head, tree and files.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "properties": { "repository": { "type": "string", "description": "https, ssh, git or file address, or a local folder" } },
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(15);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        try
        {
            var there = GitWorkspace.Exists(context.Workspace);
            IReadOnlyList<string> notes = there ? ["The workspace was there already."] : [];
            GitWorkspace workspace;
            if (!there && input.Text("repository") is { } repository)
            {
                context.Progress($"→ Cloning {GitSource.Redact(repository)}");
                var clone = await WorkspaceClone.FromAsync(repository, context.Workspace, cancel, data?.Root).ConfigureAwait(false);
                (workspace, notes) = (clone.Workspace, clone.Notes);
            }
            else
            {
                workspace = await GitWorkspace.CreateEmptyAsync(context.Workspace, cancel).ConfigureAwait(false);
            }

            var tree = await workspace.TreeHashAsync(cancel).ConfigureAwait(false);
            var files = await workspace.FilesAsync(tree, cancel).ConfigureAwait(false);
            return ToolResult.Done(new JsonObject
            {
                ["head"] = await workspace.HeadAsync(cancel).ConfigureAwait(false),
                ["tree"] = tree,
                ["file_count"] = files.Count,
                ["files"] = new JsonArray([.. files.Take(500).Select(file => JsonValue.Create(file))]),
                ["notes"] = new JsonArray([.. notes.Select(note => JsonValue.Create(note))]),
            }, context.Workspace);
        }
        catch (GitFailedException failure)
        {
            return ToolResult.Failed(failure.Message);
        }
    }
}
