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
        if (files.Count == 0)
            return [];
        var diff = await Git.RunAsync(Path, cancel, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--unified=3", from, to, "--");
        var diffs = ("\n" + diff).Split("\ndiff --git ", StringSplitOptions.RemoveEmptyEntries);
        return files.Count == diffs.Length
            ? [.. files.Zip(diffs, (file, text) => (file, $"diff --git {text.TrimEnd('\n')}\n"))]
            : throw new GitFailedException($"git names {files.Count} changed files between {from} and {to}, and shows {diffs.Length}.");
    }

    /// <summary>The files of a commit that are files (no links, no repositories within), each with its blob, in the order of paths.</summary>
    public async Task<IReadOnlyList<(string Path, string Blob)>> FilesAsync(string commit, CancellationToken cancel) =>
        [.. (await Git.RunAsync(Path, cancel, "ls-tree", "-r", "-z", commit))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(l => l.StartsWith("100", StringComparison.Ordinal)) // mode, type, object, a tab, path
            .Select(l => (l[(l.IndexOf('\t') + 1)..], l[..l.IndexOf('\t')].Split(' ')[2]))];

    /// <summary>The paths that a commit changed.</summary>
    public async Task<IReadOnlyList<string>> ChangedAsync(string commit, CancellationToken cancel) =>
        (await Git.RunAsync(Path, cancel, "diff-tree", "-r", "-z", "--root", "--no-commit-id", "--no-renames", "--name-only", commit)).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>As <c>git blame --porcelain</c> prints it.</summary>
    public Task<string> BlameAsync(string commit, string path, CancellationToken cancel) =>
        Git.RunAsync(Path, cancel, "blame", "--porcelain", "--no-textconv", commit, "--", path);

    /// <summary>Each blob's bytes as a SHA-256 of 64 hex digits, in the order asked for.</summary>
    public async Task<IReadOnlyList<string>> HashesAsync(IReadOnlyList<string> blobs, CancellationToken cancel)
    {
        var printed = await Git.BytesAsync(Path, string.Join('\n', blobs) + "\n", cancel, "cat-file", "--batch");
        List<string> hashes = [];
        for (var at = 0; hashes.Count < blobs.Count;)
        {
            // OBJECT blob SIZE, a line end, the bytes, a line end
            var end = Array.IndexOf(printed, (byte)'\n', at);
            var size = int.Parse(System.Text.Encoding.ASCII.GetString(printed, at, end - at).Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
            hashes.Add(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(printed.AsSpan(end + 1, size))));
            at = end + 1 + size + 1;
        }
        return hashes;
    }

    public async Task<string> TreeAsync(string commit, CancellationToken cancel) =>
        (await Git.RunAsync(Path, cancel, "rev-parse", $"{commit}^{{tree}}")).Trim();

    public void Dispose()
    {
        if (temporary)
            FolderRemoval.Remove(Path);
    }
}
