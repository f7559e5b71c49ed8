using System.Text;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge;

/// <summary>A piece of a document that makes sense when quoted alone.</summary>
/// <param name="Heading">The headings above it below the title, joined by " › ".</param>
internal sealed record Passage(string Heading, string Body);

/// <summary>Cuts Markdown into passages: one per section, long sections at blank lines.</summary>
internal static partial class MarkdownPassages
{
    /// <summary>Raise it when the cut changes, so that everything is cut anew.</summary>
    public const int Version = 1;

    public const int BodyLimit = 1600;
    public const int PassageLimit = 1000;
    private const int TitleLimit = 200;

    /// <summary>No heading is longer, and no pattern is tried on a megabyte of one line.</summary>
    private const int LineLimit = 500;

    /// <returns>The title (the first top heading, else null) and the passages in order.</returns>
    public static (string? Title, IReadOnlyList<Passage> Passages) Cut(string markdown)
    {
        var lines = WithoutFrontMatter(CleanText.Of(markdown).Split('\n'));
        string? title = null;
        var headings = new string?[7];
        var passages = new List<Passage>();
        var section = new StringBuilder();
        string? fence = null;

        foreach (var line in lines)
        {
            fence = FenceAfter(line, fence);
            var heading = fence is null && line.Length <= LineLimit ? HeadingLine().Match(line) : Match.Empty;
            if (!heading.Success)
            {
                section.Append(line).Append('\n');
                continue;
            }
            Close();
            var level = heading.Groups[1].Length;
            var text = CleanText.Line(heading.Groups[2].Value, TitleLimit);
            Array.Clear(headings, level, headings.Length - level);
            // The first top heading names the document; repeating it above every passage would say nothing.
            if (level == 1 && title is null) title = text;
            else headings[level] = text;
        }
        Close();
        return (title, passages);

        void Close()
        {
            var path = string.Join(" › ", headings.Where(h => !string.IsNullOrEmpty(h)));
            foreach (var body in Bodies(section.ToString()))
                if (passages.Count < PassageLimit) passages.Add(new Passage(path, body));
            section.Clear();
        }
    }

    public static string WithoutQuotes(string markdown) =>
        string.Join('\n', markdown.Split('\n').Where(line => !line.TrimStart(' ').StartsWith('>')));

    private static IEnumerable<string> Bodies(string section)
    {
        var body = new StringBuilder();
        foreach (var paragraph in section.Split("\n\n").SelectMany(Pieces))
        {
            if (body.Length > 0 && body.Length + 2 + paragraph.Length > BodyLimit)
            {
                yield return body.ToString();
                body.Clear();
            }
            if (body.Length > 0) body.Append("\n\n");
            body.Append(paragraph);
        }
        if (body.Length > 0) yield return body.ToString();
    }

    /// <summary>A paragraph longer than a passage is cut at white space, or hard where there is none.</summary>
    private static IEnumerable<string> Pieces(string paragraph)
    {
        var rest = paragraph.Trim('\n').TrimEnd();
        while (rest.Length > BodyLimit)
        {
            var at = rest.LastIndexOfAny([' ', '\n', '\t'], BodyLimit - 1);
            if (at < BodyLimit / 2) at = char.IsHighSurrogate(rest[BodyLimit - 1]) ? BodyLimit - 1 : BodyLimit;
            yield return rest[..at].TrimEnd();
            rest = rest[at..].TrimStart();
        }
        if (rest.Length > 0) yield return rest;
    }

    /// <summary>The fence that is open after this line; a # inside code is no heading.</summary>
    private static string? FenceAfter(string line, string? open)
    {
        if (line.Length > LineLimit || FenceLine().Match(line) is not { Success: true } mark) return open;
        var fence = mark.Groups[1].Value;
        if (open is null) return fence;
        return fence[0] == open[0] && fence.Length >= open.Length && mark.Groups[2].Value.Trim().Length == 0 ? null : open;
    }

    private static IEnumerable<string> WithoutFrontMatter(string[] lines)
    {
        if (lines[0].TrimEnd() != "---") return lines;
        var end = Array.FindIndex(lines, 1, Math.Min(lines.Length - 1, 100), l => l.TrimEnd() == "---");
        return end < 0 ? lines : lines.Skip(end + 1);
    }

    [GeneratedRegex(@"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"^ {0,3}(`{3,}|~{3,})(.*)$")]
    private static partial Regex FenceLine();
}
