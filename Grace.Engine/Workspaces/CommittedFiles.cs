namespace Grace.Engine.Workspaces;

/// <summary>Small text files as a repository has them committed, whatever lies in its work tree.</summary>
static class CommittedFiles
{
    const int MostFiles = 200;

    /// <param name="folder">Inside the repository, with /; only files directly in it count.</param>
    /// <param name="mostBytes">Larger ones are left out.</param>
    public static async Task<IReadOnlyList<(string File, string Text)>> ReadAsync(string repository, string folder, string ending, int mostBytes, CancellationToken cancel)
    {
        var listed = await Git.TryAsync(repository, Git.Usual, null, null, cancel, "ls-tree", "-z", "-l", "HEAD", folder + "/");
        if (!listed.Succeeded)
            return [];
        List<(string, string)> files = [];
        foreach (var entry in listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
            // MODE blob HASH SIZE<tab>PATH
            if (entry.Split('\t', 2) is [var head, var path] && head.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["100644" or "100755", "blob", var hash, var size]
                && path.EndsWith(ending, StringComparison.Ordinal) && long.Parse(size, System.Globalization.CultureInfo.InvariantCulture) <= mostBytes && files.Count < MostFiles)
                files.Add((Path.GetFileName(path), await Git.RunAsync(repository, cancel, "cat-file", "blob", hash)));
        return files;
    }
}
