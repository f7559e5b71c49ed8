using System.Globalization;

namespace Grace.Engine.Provenance;

/// <summary>Lines of a file that one commit wrote, both ends included, counted from 1.</summary>
/// <param name="Summary">The first line of the commit's message.</param>
public sealed record BlamedLines(int From, int To, string Commit, string Summary);

/// <summary>Reads what <c>git blame --porcelain</c> prints: pure.</summary>
public static class Blame
{
    public static IReadOnlyList<BlamedLines> Read(string porcelain)
    {
        Dictionary<string, string> summaries = [];
        List<BlamedLines> ranges = [];
        var (commit, line) = ("", 0);
        foreach (var text in porcelain.Split('\n'))
        {
            if (text.StartsWith('\t'))
            {
                if (ranges.Count > 0 && ranges[^1].Commit == commit && ranges[^1].To == line - 1)
                    ranges[^1] = ranges[^1] with { To = line };
                else
                    ranges.Add(new(line, line, commit, ""));
            }
            else if (text.StartsWith("summary ", StringComparison.Ordinal))
            {
                summaries[commit] = text["summary ".Length..];
            }
            else if (text.Split(' ') is [{ Length: 40 or 64 } hash, _, var at, ..] && hash.All(char.IsAsciiHexDigitLower) && int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                (commit, line) = (hash, number);
            }
        }
        return [.. ranges.Select(r => r with { Summary = summaries.GetValueOrDefault(r.Commit, "") })];
    }
}
