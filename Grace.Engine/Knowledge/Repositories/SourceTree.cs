using Grace.Engine.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <param name="Path">Relative to the root, with forward slashes.</param>
internal sealed record SourceFile(string Path, long Bytes)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>"." for the root.</summary>
    public string Folder => Path.LastIndexOf('/') is var at and >= 0 ? Path[..at] : ".";

    public int Depth => Path.Count(c => c == '/');
}

/// <summary>The files of a work tree that are its own: no links, no vendored folders, within the limits.</summary>
internal sealed class SourceTree
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

    private readonly string root;
    private readonly AnalysisLimits limits;
    private readonly Dictionary<string, SourceFile> byPath;
    private readonly List<LeftOut> leftOut = [];
    private long bytesLeft;

    private SourceTree(string root, AnalysisLimits limits, List<SourceFile> files)
    {
        (this.root, this.limits, bytesLeft, Files) = (root, limits, limits.TotalBytes, files);
        // Names are bytes: two that are no UTF-8 may read alike.
        byPath = files.DistinctBy(file => file.Path).ToDictionary(file => file.Path, StringComparer.Ordinal);
    }

    /// <summary>Those near the root first, so that limits cut the depths.</summary>
    public IReadOnlyList<SourceFile> Files { get; }

    public IReadOnlyList<LeftOut> LeftOut => leftOut;

    public bool Has(string path) => byPath.ContainsKey(path);

    public SourceFile? Find(string path) => byPath.GetValueOrDefault(path);

    public void Leave(string what, int count, string why)
    {
        if (count > 0) leftOut.Add(new LeftOut(what, count, why));
    }

    public static async Task<SourceTree> OpenAsync(string root, GitReader git, AnalysisLimits limits, CancellationToken cancel)
    {
        var listed = await git.FilesAsync(cancel);
        var (paths, whole) = listed ?? (Walk(root, limits.Files), true);
        int vendored = 0, linked = 0, beyond = 0;
        var files = new List<SourceFile>();
        foreach (var path in paths.OrderBy(path => path.Count(c => c == '/')).ThenBy(path => path, StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            if (files.Count >= limits.Files) beyond++;
            else if (IsSkipped(path, Vendored) || (listed is null && IsSkipped(path, Generated))) vendored++;
            else if (EnclosedPath.Resolve(root, path, out _) is not { } full) linked++;
            else if (new FileInfo(full) is { Exists: true } info) files.Add(new SourceFile(path, info.Length));
        }
        var tree = new SourceTree(root, limits, files);
        tree.Leave("files in vendored or generated folders", vendored, "They are not this project's own work.");
        tree.Leave("symbolic links", linked, "Links are not followed.");
        tree.Leave("files", beyond, $"At most {limits.Files} files are looked at.");
        if (!whole) tree.leftOut.Add(new LeftOut("files", 0, "The list of files is too long to be read whole."));
        if (listed is null) tree.leftOut.Add(new LeftOut("history", 0, "The folder is no git work tree, or git could not list it."));
        return tree;
    }

    /// <summary>The bytes of a file, or null when it is empty, too large, unreadable, or the total is used up.</summary>
    public byte[]? Bytes(SourceFile file)
    {
        // Length 0 is also what pipes and devices say, which would block or never end.
        if (file.Bytes == 0 || file.Bytes > limits.FileBytes || file.Bytes > bytesLeft) return null;
        try
        {
            if (EnclosedPath.Resolve(root, file.Path, out _) is not { } full) return null;
            using var stream = File.OpenRead(full);
            var bytes = new byte[file.Bytes];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            bytesLeft -= read;
            return read == bytes.Length ? bytes : bytes[..read];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The text of a file; null when it cannot be read or is binary.</summary>
    public string? Text(SourceFile file) => Bytes(file) switch
    {
        null => null,
        [0xFF, 0xFE, .. var wide] => CleanText.Of(System.Text.Encoding.Unicode.GetString(wide)),
        [0xFE, 0xFF, .. var wide] => CleanText.Of(System.Text.Encoding.BigEndianUnicode.GetString(wide)),
        var bytes => IsBinary(bytes) ? null : CleanText.Of(System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF')),
    };

    public static bool IsBinary(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, 8000)].Contains((byte)0);

    private static bool IsSkipped(string path, HashSet<string> names)
    {
        var parts = path.Split('/');
        return parts.Take(parts.Length - 1).Any(names.Contains);
    }

    private static List<string> Walk(string root, int limit)
    {
        var found = new List<string>();
        var folders = new Queue<string>([root]);
        var links = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        // One more than the limit, so that the caller sees that there was more.
        while (found.Count <= limit && folders.TryDequeue(out var folder))
        {
            found.AddRange(Directory.EnumerateFiles(folder, "*", links).Take(limit + 1 - found.Count)
                .Select(path => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/')));
            foreach (var inner in Directory.EnumerateDirectories(folder, "*", links))
                if (!Vendored.Contains(Path.GetFileName(inner)) && !Generated.Contains(Path.GetFileName(inner))) folders.Enqueue(inner);
        }
        return found;
    }
}
