namespace Grace.Engine.Knowledge.Repositories;

/// <summary>Which files of a work tree are looked at, and what is not, and why.</summary>
internal static class FileListing
{
    private static readonly HashSet<string> Vendored = new(StringComparer.OrdinalIgnoreCase)
    {
        ".git", "node_modules", "bower_components", "vendor", "third_party", "third-party", "pods", "__pycache__", ".venv", "venv",
        "site-packages", ".tox", ".yarn",
    };

    /// <summary>Left out only where git cannot say what is generated: a tracked "bin" or "build" is source.</summary>
    private static readonly HashSet<string> Generated = new(StringComparer.OrdinalIgnoreCase)
    {
        "bin", "obj", "dist", "target", "build", "out", ".gradle", ".next", ".nuxt", "coverage", ".idea", ".vs", ".grace",
    };

    public static async Task<SourceTree> OpenAsync(string root, GitReader git, AnalysisLimits limits, CancellationToken cancel)
    {
        var listed = await git.FilesAsync(cancel);
        var (paths, whole) = listed ?? (Walk(root, limits.Files), true);
        int vendored = 0, beyond = 0;
        List<string> linked = [], modules = [], missing = [], unnamed = [];
        var files = new List<SourceFile>();
        foreach (var path in paths.OrderBy(path => path.Count(c => c == '/')).ThenBy(path => path, StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            if (files.Count >= limits.Files) beyond++;
            else if (IsSkipped(path, Vendored) || (listed is null && IsSkipped(path, Generated))) vendored++;
            else if (EnclosedPath.Resolve(root, path, out _) is not { } full) linked.Add(path);
            else if (new FileInfo(full) is { Exists: true } info) files.Add(new SourceFile(path, info.Length));
            else (Directory.Exists(full) ? modules : path.Contains('\uFFFD') ? unnamed : missing).Add(path);
        }
        var tree = new SourceTree(root, limits, files);
        tree.Leave("files in vendored or generated folders", vendored, "They are not this project's own work.");
        tree.Leave("symbolic links", linked, "Links are not followed");
        tree.Leave("submodules", modules, "What is in them was not cloned");
        tree.Leave("files", missing, "Git lists them, and they are not in the work tree");
        tree.Leave("files", unnamed, "Their names are no UTF-8");
        tree.Leave("files", beyond, $"At most {limits.Files} files are looked at.");
        if (!whole) tree.LeaveUncounted("files", "The list of files is too long to be read whole.");
        if (listed is null) tree.LeaveUncounted("history", "The folder is no git work tree, or git could not list it.");
        return tree;
    }

    private static bool IsSkipped(string path, HashSet<string> names)
    {
        var parts = path.Split('/');
        return parts.Take(parts.Length - 1).Any(names.Contains);
    }

    private static List<string> Walk(string root, int limit)
    {
        var found = new List<string>();
        var folders = new Queue<string>([root]);
        var all = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 };
        // One more than the limit, so that the caller sees that there was more.
        while (found.Count <= limit && folders.TryDequeue(out var folder))
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", all))
            {
                // A link is listed as what it is, and never gone into.
                if (entry is FileInfo || entry.LinkTarget is not null) found.Add(Path.GetRelativePath(root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/'));
                else if (!Vendored.Contains(entry.Name) && !Generated.Contains(entry.Name)) folders.Enqueue(entry.FullName);
                if (found.Count > limit) break;
            }
        return found;
    }
}
