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

/// <summary>
/// The files of a work tree that are its own: no links, no vendored folders, within the limits. What is read by its name
/// (manifests, licenses) has a budget of its own, which counting languages cannot use up.
/// </summary>
internal sealed class SourceTree
{
    private const int PathsShown = 6;

    private readonly string root;
    private readonly AnalysisLimits limits;
    private readonly Dictionary<string, SourceFile> byPath;
    private readonly List<LeftOut> leftOut = [];
    private readonly Dictionary<(string What, string Why), SortedSet<string>> unread = [];
    private long countLeft, namedLeft;

    internal SourceTree(string root, AnalysisLimits limits, IReadOnlyList<SourceFile> files)
    {
        (this.root, this.limits, countLeft, namedLeft, Files) = (root, limits, limits.TotalBytes, limits.NamedBytes, files);
        // Names are bytes: two that are no UTF-8 may read alike.
        byPath = files.DistinctBy(file => file.Path).ToDictionary(file => file.Path, StringComparer.Ordinal);
    }

    /// <summary>Those near the root first, so that limits cut the depths.</summary>
    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>SPDX marks at the top of sources, found while they are counted.</summary>
    public List<LicenseFound> Headers { get; } = [];

    /// <summary>Everything that was not looked at, with its true reason.</summary>
    public IReadOnlyList<LeftOut> LeftOut => [.. leftOut, .. unread.Select(group => new LeftOut(group.Key.What, group.Value.Count, Named(group.Key.Why, group.Value)))];

    public bool Has(string path) => byPath.ContainsKey(path);

    public SourceFile? Find(string path) => byPath.GetValueOrDefault(path);

    public void Leave(string what, int count, string why)
    {
        if (count > 0) leftOut.Add(new LeftOut(what, count, why));
    }

    public void Leave(string what, IReadOnlyCollection<string> paths, string why)
    {
        if (paths.Count > 0) leftOut.Add(new LeftOut(what, paths.Count, Named(why, paths)));
    }

    /// <summary>What nobody can count.</summary>
    public void LeaveUncounted(string what, string why) => leftOut.Add(new LeftOut(what, 0, why));

    /// <summary>One file, for one reason; those of a kind are told together.</summary>
    public void LeaveFile(string what, SourceFile file, string why)
    {
        if (!unread.TryGetValue((what, why), out var paths)) unread[(what, why)] = paths = new(StringComparer.Ordinal);
        paths.Add(file.Path);
    }

    /// <summary>A source's bytes for counting, or why there are none.</summary>
    public (byte[]? Bytes, string? Why) Count(SourceFile file) => Read(file, ref countLeft, "The limit of bytes was reached");

    /// <summary>The text of a file that matters by its name; null when it cannot be read, which is told under <paramref name="what"/>.</summary>
    public string? Text(SourceFile file, string what = "files")
    {
        var (bytes, why) = Read(file, ref namedLeft, "The limit of bytes for files of this kind was reached");
        var text = bytes is null ? null : FileText.Of(bytes, out why);
        if (why is not null) LeaveFile(what, file, why);
        return text is null ? null : CleanText.Of(text);
    }

    private (byte[]? Bytes, string? Why) Read(SourceFile file, ref long left, string spent)
    {
        // Length 0 is also what pipes and devices say, which would block or never end.
        if (file.Bytes == 0) return ([], null);
        if (file.Bytes > limits.FileBytes) return (null, $"Too large: more than {limits.FileBytes} bytes");
        if (file.Bytes > left) return (null, spent);
        try
        {
            if (EnclosedPath.Resolve(root, file.Path, out _) is not { } full) return (null, "It is behind a symbolic link");
            using var stream = File.OpenRead(full);
            var bytes = new byte[file.Bytes];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            left -= read;
            return (read == bytes.Length ? bytes : bytes[..read], null);
        }
        catch (IOException)
        {
            return (null, "It went away while it was read");
        }
        catch (UnauthorizedAccessException)
        {
            return (null, "It may not be read here");
        }
    }

    private static string Named(string why, IReadOnlyCollection<string> paths) =>
        $"{why.TrimEnd('.')}: {string.Join(", ", paths.Take(PathsShown).Select(p => CleanText.Line(p, 120)))}{(paths.Count > PathsShown ? $" and {paths.Count - PathsShown} more" : "")}.";
}
