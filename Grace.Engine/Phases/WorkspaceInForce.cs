using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Phases;

/// <summary>
/// Sees to it that a phase finds the tree that the log says was written, also on a node that has not worked on the
/// pipeline so far, has an older attempt's work lying there, or died in the middle of a commit.
/// </summary>
static class WorkspaceInForce
{
    /// <summary>Removes what builds left behind, often hundreds of megabytes: the commits are what counts.</summary>
    public static async Task TidyAsync(string workspace, CancellationToken cancel)
    {
        if (GitWorkspace.Exists(workspace))
            await (await GitWorkspace.OpenAsync(workspace, cancel)).CleanIgnoredAsync(cancel);
    }

    public static async Task EnsureAsync(Pipeline pipeline, Phase next, string workspace, ContentShelf shelf, CancellationToken cancel)
    {
        GitWorkspace.Unlock(workspace);
        if (pipeline.Artifacts.LastOrDefault(a => a.Metadata["bundle"] is not null) is not { } code)
            return;
        var tree = pipeline.Has(Phase.Implement) ? pipeline[Phase.Implement].Proof?.Tree : null;
        // Implement writes afresh; an existing repository's own state counts as it lies there, where it lies there.
        var right = next <= Phase.Implement || (tree is null ? GitWorkspace.Exists(workspace) : await WorkspaceBundle.StandsAtAsync(workspace, tree, cancel));
        if (!right)
            await WorkspaceBundle.RestoreAsync(workspace, await shelf.ReadAsync(code.Metadata["bundle"]!.GetValue<string>(), cancel), cancel);
    }
}
