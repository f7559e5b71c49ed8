using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>Runners that print no summary, but for each test a line that says how it ended: "PASS name", "name ... ok".</summary>
internal static partial class PlainLines
{
    /// <summary>One line alone may be anything.</summary>
    private const int Fewest = 2;

    /// <summary>Lines between a group's name and its counts.</summary>
    private const int Longest = 60;

    public static TestTally? Read(string output)
    {
        var cases = Cases(PlainText.Lines(output));
        return cases.Count < Fewest ? null : TestTally.Of(cases) with { Notes = ["No summary is printed: the lines that say how a test ended were counted."] };
    }

    /// <summary>And groups that count for themselves: "Numbers pass: 12 fail: 3", or the counts below a name and what failed.</summary>
    public static IReadOnlyList<TestCase> Failures(string[] lines) => [.. Cases(lines).Where(one => one.Outcome == TestOutcome.Failed).Concat(Groups(lines)).DistinctBy(one => one.Id).Take(200)];

    private static IEnumerable<TestCase> Groups(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (Counted().Match(lines[i]) is { Success: true } counted)
            {
                var above = lines[Math.Max(0, i - Longest)..i].Reverse().TakeWhile(line => !line.Contains("pass:", StringComparison.Ordinal)).Select(line => Named().Match(line)).FirstOrDefault(match => match.Success);
                if ((counted.Groups["name"].Success ? counted : above) is { } named)
                {
                    yield return new TestCase(named.Groups["name"].Value, "", TestOutcome.Failed, named.Groups["said"].Success ? named.Groups["said"].Value : null);
                }
            }
        }
    }

    private static List<TestCase> Cases(string[] lines)
    {
        var cases = new List<TestCase>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Length > 300 || Script().IsMatch(line) || (Before().Match(line) is { Success: true } before ? before : After().Match(line)) is not { Success: true } match || NoTest().IsMatch(match.Groups["name"].Value))
            {
                continue;
            }

            var outcome = char.ToUpperInvariant(match.Groups["how"].Value[0]) switch { 'P' or 'O' => TestOutcome.Passed, 'S' => TestOutcome.Skipped, _ => TestOutcome.Failed };
            cases.Add(new TestCase(match.Groups["name"].Value.Trim(), "", outcome, outcome == TestOutcome.Failed ? lines.Skip(i + 1).FirstOrDefault(next => next.StartsWith(' ') || next.StartsWith('\t'))?.Trim() : null));
        }

        return cases;
    }

    [GeneratedRegex(@"^\s*(?:(?<name>[A-Za-z_][\w.-]{0,80})\s+)?pass:\s*\d+,?\s+fail:\s*[1-9]")]
    private static partial Regex Counted();

    /// <summary>What a package manager says of a script: no test, whatever ran in it.</summary>
    [GeneratedRegex(@"^(?:\.|\S*/\S+) [\w:.-]+: (?:Failed|Done)$")]
    private static partial Regex Script();

    [GeneratedRegex(@"^\s+(?<name>[A-Za-z_][\w.-]*)\s{2,}(?<said>\S.*)$")]
    private static partial Regex Named();

    [GeneratedRegex(@"^\s*\[?\s*(?<how>PASS(?:ED)?|OK|FAIL(?:ED|URE)?|SKIP(?:PED)?|ERROR)\s*\]?\s*[:\-–]?\s+(?<name>[A-Za-z_""'(/.][^:=]*?)$")]
    private static partial Regex Before();

    [GeneratedRegex(@"^\s*(?<name>\S.*?)\s*(?:\.{2,}|…|:| [-–=]+>?|\t)\s*\[?\s*(?<how>OK|ok|Ok|PASS(?:ED)?|[Pp]ass(?:ed)?|FAIL(?:ED|URE)?|[Ff]ail(?:ed)?|SKIP(?:PED)?|[Ss]kipped)\s*\]?[.!]?$")]
    private static partial Regex After();

    [GeneratedRegex(@"^(?:checking|building|compiling|linking|installing|result|status|all|test result|overall|total)\b|^\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex NoTest();
}
