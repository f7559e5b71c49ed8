using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>
/// TAP, of node and of other tools: points that name the tests, nested by indentation, a plan that says how many there are to
/// be, and with node and tape counts at the end. What is planned and does not report has failed, and so has a run that bails out.
/// </summary>
internal static partial class TapOutput
{
    private sealed record Reported(int Line, int Indent, bool Bad, string Name, bool Directive);

    public static TestTally? Read(string output)
    {
        var lines = PlainText.Lines(output);
        var (points, summarised) = (Points(lines), NodeSummary.IsIn(lines));
        var bail = lines.Select(line => Bail().Match(line)).FirstOrDefault(match => match.Success);
        var plans = lines.Select(line => Plan().Match(line)).Where(match => match.Success).ToList();
        if (!summarised && (plans.Count == 0 || (points.Count == 0 && bail is null)))
        {
            return null;
        }

        var cases = Cases(lines, points, summarised);
        var counted = TestTally.Of(cases);
        if (summarised)
        {
            var named = cases.Concat(NodeSummary.Cases(lines)).ToList();
            counted = NodeSummary.Read(lines, files: Enumerable.Range(0, points.Count).Count(i => IsFile(lines, points, i, summarised))) with { Cases = named };
        }

        var missing = Math.Max(0, plans.Sum(match => PlainText.Number(match.Groups[1])) - points.Count(point => point.Indent == 0));
        return missing == 0 && bail is null ? counted : counted + new TestTally(0, Math.Max(1, missing), 0,
        [
            new TestCase(
                bail is null ? $"{missing} planned" : "Bail out!", "", TestOutcome.Failed,
                bail?.Groups[1].Value is { Length: > 0 } why ? why : $"{missing} of the planned tests did not report."),
        ]);
    }

    private static List<Reported> Points(string[] lines) =>
    [
        .. lines.Select((line, i) => (Match: Point().Match(line), Line: i)).Where(one => one.Match.Success).Select(one => new Reported(
            one.Line, one.Match.Groups["indent"].Length, one.Match.Groups["bad"].Success, one.Match.Groups["name"].Value.Trim(), one.Match.Groups["directive"].Success)),
    ];

    /// <summary>One that holds others is not counted beside them, unless it failed and none of them did.</summary>
    private static List<TestCase> Cases(string[] lines, List<Reported> points, bool summarised)
    {
        var cases = new List<TestCase>();
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var (holds, told) = (false, false);
            for (var j = i - 1; j >= 0 && points[j].Indent > point.Indent; j--)
            {
                (holds, told) = (true, told || points[j] is { Bad: true, Directive: false });
            }

            var about = About(lines, points, i).ToList();
            if ((holds && (told || !point.Bad)) || about.Any(line => line.TrimStart() is "type: 'suite'") || IsFile(lines, points, i, summarised))
            {
                continue;
            }

            cases.Add(new TestCase(
                point.Name.Length > 0 ? point.Name : $"test {cases.Count + 1}",
                about.Select(line => Location().Match(line)).FirstOrDefault(where => where.Success)?.Groups[1].Value ?? "",
                point.Directive ? TestOutcome.Skipped : point.Bad ? TestOutcome.Failed : TestOutcome.Passed,
                point.Bad ? Message(about) : null));
        }

        return cases;
    }

    private static string? Message(List<string> about)
    {
        var at = about.FindIndex(line => Error().IsMatch(line));
        var text = at < 0 ? null : Error().Match(about[at]).Groups["text"].Value;
        // YAML's text over several lines.
        return text is not ("|-" or "|" or ">-" or ">") ? text : string.Join('\n', about.Skip(at + 1).TakeWhile(line => line.Length == 0 || line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line.Trim()).Where(line => line.Length > 0).Take(6));
    }

    /// <summary>Node counts a file without a single test as a test that passed: named as its path, and standing at its very beginning where it tells.</summary>
    private static bool IsFile(string[] lines, List<Reported> points, int index, bool summarised) =>
        !points[index].Bad && (About(lines, points, index).Select(line => Location().Match(line)).FirstOrDefault(where => where.Success)?.Groups[1].Value is { } place
            ? place.EndsWith(":1:1", StringComparison.Ordinal) && place[..^4].EndsWith(points[index].Name, StringComparison.Ordinal)
            : summarised && NodeSummary.IsFile(points[index].Name));

    private static IEnumerable<string> About(string[] lines, List<Reported> points, int index) =>
        lines.Skip(points[index].Line + 1).Take(Math.Min(30, (index + 1 < points.Count ? points[index + 1].Line : lines.Length) - points[index].Line - 1));

    [GeneratedRegex(@"^1\.\.(\d+)\b")]
    private static partial Regex Plan();

    [GeneratedRegex(@"^\s*Bail out!\s*(.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Bail();

    [GeneratedRegex(@"^(?<indent> *)(?<bad>not )?ok(?: \d+|(?= - |$))(?: - | |$)(?<name>.*?)(?:(?<=\s)#\s*(?<directive>skip|todo)\b.*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Point();

    [GeneratedRegex(@"^\s*location: '(.*)'$")]
    private static partial Regex Location();

    [GeneratedRegex(@"^\s*(?:error: '?(?<text>.*?)'?|(?<text>\w*Error\b.*))$")]
    private static partial Regex Error();
}
