using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>
/// Takes apart what several programs print at once: turbo, nx, lerna, pnpm, yarn, concurrently and compose put a name before each
/// line, and ctest a number.
/// </summary>
internal static partial class OutputStreams
{
    /// <summary>The lines by their prefix; what has none comes first. A prefix of one line alone is part of the line.</summary>
    public static IReadOnlyList<(string Name, string Text)> Of(string output, bool loose)
    {
        var streams = new Dictionary<string, List<string>> { [""] = [] };
        foreach (var line in PlainText.Lines(output))
        {
            var match = (loose ? Loose() : Strict()).Match(line);
            var (name, rest) = match.Success ? (match.Groups["name"].Value, line[match.Length..]) : ("", line);
            if (!streams.TryGetValue(name, out var stream))
            {
                streams[name] = stream = [];
            }

            stream.Add(rest);
        }

        return [.. streams.Select(stream => (stream.Key, string.Join('\n', stream.Value)))];
    }

    [GeneratedRegex(@"^(?:(?<name>@?[\w./-]+:[\w:.-]+): ?|(?<name>[@\w./-]+ [\w:.-]+): |\[(?!doctest\])(?<name>@?(?=[\w./:-]*[a-z0-9])[\w./:-]+)\]:? ?|(?<name>[\w./@-]+) +\| ?)")]
    private static partial Regex Strict();

    [GeneratedRegex(@"^(?<name>@?[\w./-]+): ?")]
    private static partial Regex Loose();
}
