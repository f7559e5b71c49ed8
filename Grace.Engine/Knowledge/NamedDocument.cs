using Grace.Engine.Text;

namespace Grace.Engine.Knowledge;

/// <summary>A source that was wanted and could not be used.</summary>
/// <param name="Source">As it was named.</param>
/// <param name="HowToClose">What someone can do so that it is there next time.</param>
public sealed record Gap(string Source, string Reason, string HowToClose);

/// <summary>A document somebody named: found, or a gap that says why not. Exactly one of the two is set.</summary>
internal sealed record NamedDocument(string? Title, string? Uri, string? Text, Gap? Gap)
{
    private const int ByteLimit = 2 * 1024 * 1024;
    private const string HandbookPrefix = "handbook/";

    /// <param name="folders">Where it may lie, the first match wins; nothing outside them is read.</param>
    public static NamedDocument Find(string name, IReadOnlyList<string> folders)
    {
        if (System.Uri.TryCreate(name, UriKind.Absolute, out var address) && !address.IsFile)
            return Missing(name, $"Fetching {address.Scheme} addresses is not configured.",
                "Save the page as Markdown in the repository or in one of Grace:Knowledge:Folders and name that file.");
        if (name.StartsWith(HandbookPrefix, StringComparison.Ordinal)
            && Handbook.Chapters().FirstOrDefault(chapter => chapter.Name == name[HandbookPrefix.Length..]) is { Text: { } chapter })
            return Found(name, chapter, name);

        var path = address is { IsFile: true } && name.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? address.LocalPath : name;
        string? refused = null;
        foreach (var folder in folders)
        {
            if (EnclosedPath.Resolve(folder, path, out var reason) is not { } full) refused = reason;
            else if (Directory.Exists(full)) refused = "It is a folder, not a document.";
            else if (File.Exists(full)) return Read(name, full, Path.IsPathRooted(path) ? new System.Uri(full).AbsoluteUri : path);
        }
        return refused is null
            ? Missing(name, "There is no such file.", "Check the path; it is relative to the repository or to a knowledge folder.")
            : Missing(name, refused, "Copy the document into the repository, or add its folder to Grace:Knowledge:Folders.");
    }

    private static NamedDocument Read(string name, string full, string uri)
    {
        try
        {
            var size = new FileInfo(full).Length;
            if (size == 0) return Missing(name, "The file is empty.", "Write it, or take it off the list.");
            if (size > ByteLimit) return Missing(name, $"It has {size} bytes; at most {ByteLimit} are read.", "Name a shorter extract.");
            var bytes = File.ReadAllBytes(full);
            if (Repositories.FileText.IsBinary(bytes)) return Missing(name, "It is not text.", "Convert it to Markdown.");
            return Found(name, System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'), uri);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Missing(name, $"It could not be read: {e.Message}", "Give read permission.");
        }
    }

    private static NamedDocument Found(string name, string text, string uri) =>
        new(MarkdownPassages.Cut(text).Title ?? Path.GetFileName(name), uri, text, null);

    private static NamedDocument Missing(string name, string reason, string howToClose) =>
        new(null, null, null, new Gap(CleanText.Line(name, 300), reason, howToClose));
}
