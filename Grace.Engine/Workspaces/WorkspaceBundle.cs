namespace Grace.Engine.Workspaces;

/// <summary>
/// A workspace's commits as bytes, kept with the code artifact, so that whichever node goes on with a pipeline has the very
/// tree that the log names.
/// </summary>
public static class WorkspaceBundle
{
    /// <summary>A repository with more than this is cloned again from where it came.</summary>
    private const long Largest = 32 * 1024 * 1024;

    /// <summary>Null when it is too large to keep.</summary>
    /// <exception cref="GitFailedException">There is no commit.</exception>
    public static async Task<byte[]?> MakeAsync(string workspace, CancellationToken cancel)
    {
        var file = Temporary();
        try
        {
            await Git.RunAsync(workspace, cancel, "bundle", "create", "--quiet", file, "HEAD").ConfigureAwait(false);
            return new FileInfo(file).Length > Largest ? null : await File.ReadAllBytesAsync(file, cancel).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Whether the workspace stands at this tree.</summary>
    public static async Task<bool> StandsAtAsync(string workspace, string tree, CancellationToken cancel)
    {
        if (!GitWorkspace.Exists(workspace))
        {
            return false;
        }

        var head = await Git.TryAsync(workspace, Git.Usual, null, null, cancel, "rev-parse", "--verify", "--quiet", "HEAD^{tree}").ConfigureAwait(false);
        return head.Succeeded && head.Output.Trim() == tree;
    }

    /// <summary>Brings the workspace to what the bundle holds. What lay there and is in no commit goes.</summary>
    /// <exception cref="GitFailedException">The bundle cannot be read.</exception>
    public static async Task RestoreAsync(string workspace, byte[] bundle, CancellationToken cancel)
    {
        var file = Temporary();
        try
        {
            await File.WriteAllBytesAsync(file, bundle, cancel).ConfigureAwait(false);
            await GitWorkspace.CreateEmptyAsync(workspace, cancel).ConfigureAwait(false);
            await Git.RunAsync(workspace, cancel, "fetch", "--quiet", file, "HEAD").ConfigureAwait(false);
            await Git.RunAsync(workspace, cancel, "reset", "--quiet", "--hard", "FETCH_HEAD").ConfigureAwait(false);
            await Git.RunAsync(workspace, cancel, "clean", "--quiet", "-d", "--force").ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Temporary() => Path.Combine(Path.GetTempPath(), $"grace-{Guid.NewGuid():n}.bundle");
}
