using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>
/// The counts that <c>node --test</c> and tape print at their end, and the tree with ✔ and ✖ that node shows where it does not
/// print TAP.
/// </summary>
internal static partial class NodeSummary
{
    public static bool IsIn(string[] lines) => lines.Any(line => Count().Match(line) is { Success: true } match && match.Groups["what"].Value == "tests");

    /// <param name="files">Files without a test that are among those that passed: they prove nothing.</param>
    public static TestTally Read(string[] lines, int files)
    {
        var counted = TestTally.Empty;
        foreach (var summary in Summaries(lines))
        {
            counted += new TestTally(Of(summary, "pass"), Of(summary, "fail") + Of(summary, "cancelled"), Of(summary, "skipped") + Of(summary, "todo"), []);
        }

        files += Leaves(lines).Count(leaf => IsFile(leaf.Match.Groups["name"].Value) && !leaf.Match.Groups["bad"].Success);
        return counted with { Passed = Math.Max(0, counted.Passed - files) };
    }

    /// <summary>The tests of the tree.</summary>
    public static IEnumerable<TestCase> Cases(string[] lines)
    {
        var suites = lines.Select(line => Suite().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToHashSet();
        foreach (var (at, leaf) in Leaves(lines))
        {
            var (name, failed) = (leaf.Groups["name"].Value.Trim(), leaf.Groups["bad"].Success);
            if (suites.Contains(name) || (!failed && IsFile(name)))
            {
                continue;
            }

            var about = lines.Skip(at + 1).TakeWhile(line => !Leaf().IsMatch(line)).Take(30);
            yield return new TestCase(
                name, "", leaf.Groups["directive"].Success ? TestOutcome.Skipped : failed ? TestOutcome.Failed : TestOutcome.Passed,
                failed ? about.Select(line => Error().Match(line)).FirstOrDefault(error => error.Success)?.Value.Trim() : null);
        }
    }

    /// <summary>The tree repeats its failures at the end.</summary>
    private static IEnumerable<(int At, Match Match)> Leaves(string[] lines) =>
        lines.TakeWhile(line => !line.Contains("failing tests:", StringComparison.Ordinal)).Select((line, at) => (at, Leaf().Match(line))).Where(leaf => leaf.Item2.Success);

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

    /// <summary>A path that node would take for a file of tests; a test may be called after any other file.</summary>
    public static bool IsFile(string name) => TestFile().IsMatch(name);

    [GeneratedRegex(@"^(?:#|ℹ) (?<what>tests|suites|pass|fail|cancelled|skipped|todo) +(?<n>\d+)$")]
    private static partial Regex Count();

    [GeneratedRegex(@"^\s*(?:(?<bad>✖)|✔|(?<directive>﹣)) (?<name>.*?) \([\d.]+ms\)(?: # (?<directive>SKIP|TODO).*)?$")]
    private static partial Regex Leaf();

    [GeneratedRegex(@"^\s*▶ (.+?)(?: \([\d.]+ms\))?$")]
    private static partial Regex Suite();

    [GeneratedRegex(@"^(?:\S*/)?(?:[^/\s]+[.\-_]test|test(?:-[^/\s]+)?|tests?/(?:\S*/)?[^/\s]+)\.[cm]?[jt]s$")]
    private static partial Regex TestFile();

    [GeneratedRegex(@"^\s*\w*Error\b.*$")]
    private static partial Regex Error();
}
