namespace Grace.Engine.Workspaces;

/// <summary>
/// Commits to be read: of bundles, in a temporary repository without a work tree, or of a workspace. Nothing is checked
/// out, so a phase may be at work meanwhile.
/// </summary>
sealed class CommitStore : IDisposable
{
    readonly bool temporary;

    CommitStore(string path, bool temporary) => (Path, this.temporary) = (path, temporary);

    public string Path { get; }

    /// <exception cref="GitFailedException">A bundle cannot be read.</exception>
    public static async Task<CommitStore> OfBundlesAsync(IEnumerable<byte[]> bundles, CancellationToken cancel)
    {
        var store = new CommitStore(Directory.CreateTempSubdirectory("grace-commits-").FullName, true);
        try
        {
            await Git.RunAsync(store.Path, cancel, "init", "--quiet", "--bare", "--template=");
            foreach (var bundle in bundles)
            {
                var file = System.IO.Path.Combine(store.Path, "given.bundle");
                await File.WriteAllBytesAsync(file, bundle, cancel);
                await Git.RunAsync(store.Path, cancel, "fetch", "--quiet", file, "HEAD");
                File.Delete(file);
            }
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>A workspace as it lies there; null when it is not there or does not have the commit.</summary>
    /// <exception cref="GitFailedException">It is not one to trust.</exception>
    public static async Task<CommitStore?> OfWorkspaceAsync(string workspace, string commit, CancellationToken cancel)
    {
        if (!GitWorkspace.Exists(workspace))
            return null;
        var store = new CommitStore((await GitWorkspace.OpenAsync(workspace, cancel)).Path, false);
        return (await Git.TryAsync(store.Path, Git.Usual, null, null, cancel, "cat-file", "-e", $"{commit}^{{commit}}")).Succeeded ? store : null;
    }

    /// <summary>The text of these files, each under its path, without those that are no text.</summary>
    public async Task<string> TextAsync(string commit, IReadOnlyCollection<string> paths, CancellationToken cancel)
    {
        if (paths.Count == 0)
            return "";
        var found = await Git.TryAsync(Path, Git.Usual, null, null, cancel,
            ["--literal-pathspecs", "grep", "-I", "--no-color", "--heading", "--no-textconv", "-e", "", commit, "--", .. paths]);
        return found.Succeeded ? found.Output.Replace($"{commit}:", "", StringComparison.Ordinal) : "";
    }

    /// <summary>What differs between two commits: each file with its unified diff, in the order of paths.</summary>
    public async Task<IReadOnlyList<(ChangedFile File, string Diff)>> DiffsAsync(string from, string to, CancellationToken cancel)
    {
        var files = GitWorkspace.Pairs(await Git.RunAsync(Path, cancel, "diff-tree", "-r", "-z", "--no-renames", "--name-status", from, to));
        var diff = await Git.RunAsync(Path, cancel, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--unified=3", from, to, "--");
        var diffs = ("\n" + diff).Split("\ndiff --git ", StringSplitOptions.RemoveEmptyEntries);
        return files.Count == diffs.Length
            ? [.. files.Zip(diffs, (file, text) => (file, $"diff --git {text.TrimEnd('\n')}\n"))]
            : throw new GitFailedException($"git names {files.Count} changed files between {from} and {to}, and shows {diffs.Length}.");
    }

    public void Dispose()
    {
        if (temporary)
            Directory.Delete(Path, true);
    }
}
