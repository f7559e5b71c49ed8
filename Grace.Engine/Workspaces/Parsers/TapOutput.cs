using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>
/// What <c>node --test</c> prints (TAP where nobody watches, a tree with ✔ and ✖ otherwise), and TAP of other tools.
/// Both end with counts; the points name the tests.
/// </summary>
internal static partial class TapOutput
{
    public static TestTally? Read(string output)
    {
        var lines = PlainText.Lines(output);
        var cases = Cases(lines);
        var counted = TestTally.Empty;
        var found = false;
        foreach (var summary in Summaries(lines))
        {
            found = true;
            counted += new TestTally(Of(summary, "pass"), Of(summary, "fail") + Of(summary, "cancelled"), Of(summary, "skipped") + Of(summary, "todo"), []);
        }

        if (!found)
        {
            return lines.Any(line => Plan().IsMatch(line)) && lines.Any(line => line.StartsWith("ok ", StringComparison.Ordinal) || line.StartsWith("not ok ", StringComparison.Ordinal))
                ? TestTally.Of(cases) : null;
        }

        // Node counts a file without a single test as a test that passed. It proves nothing.
        var files = cases.Count(one => one.Outcome == TestOutcome.Passed && File().IsMatch(one.Id));
        return counted with { Passed = Math.Max(0, counted.Passed - files), Cases = [.. cases.Where(one => !File().IsMatch(one.Id) || one.Outcome == TestOutcome.Failed)] };
    }

    /// <summary>A block of "# tests 6", "# pass 3", … at the end of each run.</summary>
    private static IEnumerable<Dictionary<string, int>> Summaries(string[] lines)
    {
        Dictionary<string, int>? summary = null;
        foreach (var match in lines.Select(line => Count().Match(line)))
        {
            if (match.Success && match.Groups["what"].Value == "tests")
            {
                summary = [];
            }

            if (match.Success && summary is not null)
            {
                summary.TryAdd(match.Groups["what"].Value, PlainText.Number(match.Groups["n"]));
            }
            else if (summary is not null)
            {
                yield return summary;
                summary = null;
            }
        }

        if (summary is not null)
        {
            yield return summary;
        }
    }

    private static int Of(Dictionary<string, int> summary, string what) => summary.GetValueOrDefault(what);

    private static List<TestCase> Cases(string[] lines)
    {
        var cases = new List<TestCase>();
        var suites = lines.Select(line => Suite().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToHashSet();
        for (var i = 0; i < lines.Length; i++)
        {
            // The tree repeats its failures at the end.
            if (lines[i].Contains("failing tests:", StringComparison.Ordinal))
            {
                break;
            }

            var match = Point().Match(lines[i]) is { Success: true } point ? point : Leaf().Match(lines[i]);
            if (!match.Success)
            {
                continue;
            }

            var about = lines.Skip(i + 1).TakeWhile(line => !Point().IsMatch(line) && !Leaf().IsMatch(line)).Take(30).ToList();
            if (suites.Contains(match.Groups["name"].Value) || about.Any(line => line.TrimStart() is "type: 'suite'" or "failureType: 'subtestsFailed'"))
            {
                continue;
            }

            var directive = match.Groups["directive"].Value.ToUpperInvariant();
            var failed = match.Groups["bad"].Success;
            cases.Add(new TestCase(
                match.Groups["name"].Value.Trim(),
                about.Select(line => Location().Match(line)).FirstOrDefault(where => where.Success)?.Groups[1].Value ?? "",
                directive.Length > 0 ? TestOutcome.Skipped : failed ? TestOutcome.Failed : TestOutcome.Passed,
                failed ? about.Select(line => Error().Match(line)).FirstOrDefault(error => error.Success)?.Groups["text"].Value : null));
        }

        return cases;
    }

    [GeneratedRegex(@"^(?:#|ℹ) (?<what>tests|suites|pass|fail|cancelled|skipped|todo) (?<n>\d+)$")]
    private static partial Regex Count();

    [GeneratedRegex(@"^1\.\.\d+")]
    private static partial Regex Plan();

    [GeneratedRegex(@"^\s*(?:(?<bad>not ok)|ok) \d+(?: -)? (?<name>.*?)(?: # (?<directive>SKIP|TODO|skip|todo).*)?$")]
    private static partial Regex Point();

    [GeneratedRegex(@"^\s*(?:(?<bad>✖)|✔|(?<directive>﹣)) (?<name>.*?) \([\d.]+ms\)(?: # (?<directive>SKIP|TODO).*)?$")]
    private static partial Regex Leaf();

    [GeneratedRegex(@"^\s*▶ (.+?)(?: \([\d.]+ms\))?$")]
    private static partial Regex Suite();

    [GeneratedRegex(@"^(?:\S*/)?[^/\s]+\.[cm]?[jt]sx?$")]
    private static partial Regex File();

    [GeneratedRegex(@"^\s*location: '(.*)'$")]
    private static partial Regex Location();

    [GeneratedRegex(@"^\s*(?:error: '?(?<text>.*?)'?|(?<text>\w*Error\b.*))$")]
    private static partial Regex Error();
}
