namespace Grace.Engine.Knowledge;

/// <summary>The Markdown below a folder.</summary>
internal static class KnowledgeFolder
{
    public const int FileLimit = 1024 * 1024;
    private const int CountLimit = 5_000;

    private static readonly EnumerationOptions Walk = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        MaxRecursionDepth = 20,
        // Links may lead out of the folder or in a circle; hidden folders hold tools' data, not knowledge.
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
    };

    /// <summary>One after another, so that only one text is in memory; fills <paramref name="skipped"/> on the way.</summary>
    public static IEnumerable<KnowledgeDocument> Read(string root, List<SkippedDocument> skipped)
    {
        var files = Directory.EnumerateFiles(root, "*", Walk)
            .Where(path => Path.GetExtension(path).ToLowerInvariant() is ".md" or ".markdown")
            .Where(path => !Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Contains("node_modules"))
            .Take(CountLimit + 1)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (files.Count > CountLimit) skipped.Add(new SkippedDocument(root, $"Only {CountLimit} files of one folder are indexed."));

        foreach (var path in files.Take(CountLimit))
        {
            var relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (Text(path, out var reason) is not { } text)
            {
                skipped.Add(new SkippedDocument(relative, reason!));
                continue;
            }
            yield return new KnowledgeDocument(
                $"folder:{path}", KnowledgeKind.Folder, $"folder:{root}", Path.GetFileNameWithoutExtension(path),
                new Uri(path).AbsoluteUri, text);
        }
    }

    private static string? Text(string path, out string? reason)
    {
        try
        {
            var size = new FileInfo(path).Length;
            reason = size > FileLimit ? $"It has {size} bytes; at most {FileLimit} are indexed." : null;
            if (reason is not null) return null;
            var text = File.ReadAllText(path);
            if (!text.Contains('\0')) return text;
            reason = "It is not text.";
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = $"It could not be read: {e.Message}";
            return null;
        }
    }
}
