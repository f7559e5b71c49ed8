using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>Runners that print no summary, but for each test a line that says how it ended: "PASS name", "name ... ok".</summary>
internal static partial class PlainLines
{
    /// <summary>One line alone may be anything.</summary>
    private const int Fewest = 2;

    public static TestTally? Read(string output)
    {
        var cases = Cases(PlainText.Lines(output));
        return cases.Count < Fewest ? null : TestTally.Of(cases) with { Notes = ["No summary is printed: the lines that say how a test ended were counted."] };
    }

    public static IReadOnlyList<TestCase> Failures(string[] lines) => [.. Cases(lines).Where(one => one.Outcome == TestOutcome.Failed).DistinctBy(one => one.Id).Take(200)];

    private static List<TestCase> Cases(string[] lines)
    {
        var cases = new List<TestCase>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Length > 300 || (Before().Match(line) is { Success: true } before ? before : After().Match(line)) is not { Success: true } match || NoTest().IsMatch(match.Groups["name"].Value))
            {
                continue;
            }

            var outcome = char.ToUpperInvariant(match.Groups["how"].Value[0]) switch { 'P' or 'O' => TestOutcome.Passed, 'S' => TestOutcome.Skipped, _ => TestOutcome.Failed };
            cases.Add(new TestCase(match.Groups["name"].Value.Trim(), "", outcome, outcome == TestOutcome.Failed ? lines.Skip(i + 1).FirstOrDefault(next => next.StartsWith(' ') || next.StartsWith('\t'))?.Trim() : null));
        }

        return cases;
    }

    [GeneratedRegex(@"^\s*\[?\s*(?<how>PASS(?:ED)?|OK|FAIL(?:ED|URE)?|SKIP(?:PED)?|ERROR)\s*\]?\s*[:\-–]?\s+(?<name>[A-Za-z_""'(/.][^:=]*?)$")]
    private static partial Regex Before();

    [GeneratedRegex(@"^\s*(?<name>\S.*?)\s*(?:\.{2,}|…|:| [-–=]+>?|\t)\s*\[?\s*(?<how>OK|ok|Ok|PASS(?:ED)?|[Pp]ass(?:ed)?|FAIL(?:ED|URE)?|[Ff]ail(?:ed)?|SKIP(?:PED)?|[Ss]kipped)\s*\]?[.!]?$")]
    private static partial Regex After();

    [GeneratedRegex(@"^(?:checking|building|compiling|linking|installing|result|status|all|test result|overall|total)\b|^\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex NoTest();
}
