using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>What <c>cargo test</c> prints: for each test binary its name, its tests and its counts.</summary>
internal static partial class CargoOutput
{
    public static TestTally? Read(string output)
    {
        var lines = PlainText.Lines(output);
        var results = lines.Select(line => Result().Match(line)).Where(match => match.Success).ToList();
        if (results.Count == 0)
        {
            return null;
        }

        // Tests that a filter kept out did not run either.
        return results.Select(match => new TestTally(
            PlainText.Number(match.Groups["passed"]), PlainText.Number(match.Groups["failed"]),
            PlainText.Number(match.Groups["ignored"]) + PlainText.Number(match.Groups["filtered"]), []))
            .Aggregate((left, right) => left + right) with { Cases = Cases(lines) };
    }

    private static List<TestCase> Cases(string[] lines)
    {
        var cases = new List<TestCase>();
        var (suite, doc) = ("", false);
        foreach (var line in lines)
        {
            if (Binary().Match(line) is { Success: true } binary)
            {
                // Files in the folder tests/ are what cargo itself calls integration tests.
                var file = binary.Groups["file"].Value;
                doc = binary.Groups["doc"].Success;
                suite = file.StartsWith("tests/", StringComparison.Ordinal) ? $"{file} (integration)" : file;
            }
            else if (Test().Match(line) is { Success: true } test)
            {
                var outcome = test.Groups["outcome"].Value switch { "ok" => TestOutcome.Passed, "FAILED" => TestOutcome.Failed, _ => TestOutcome.Skipped };
                cases.Add(new TestCase(test.Groups["name"].Value, suite, outcome, outcome == TestOutcome.Failed ? Message(lines, test.Groups["name"].Value) : null) { Doc = doc });
            }
        }

        return cases;
    }

    private static string Message(string[] lines, string name) => string.Join('\n', lines
        .SkipWhile(line => line != $"---- {name} stdout ----").Skip(1)
        .TakeWhile(line => !line.StartsWith("stack backtrace:", StringComparison.Ordinal) && !line.StartsWith("---- ", StringComparison.Ordinal) && line != "failures:")
        .Where(line => line.Length > 0).Take(8));

    [GeneratedRegex(@"^test result: (?:ok|FAILED)\. (?<passed>\d+) passed; (?<failed>\d+) failed; (?<ignored>\d+) ignored; \d+ measured; (?<filtered>\d+) filtered out")]
    private static partial Regex Result();

    [GeneratedRegex(@"^\s+(?:Running (?:unittests )?(?<file>\S+) \(|(?<doc>Doc-tests) (?<file>\S+))")]
    private static partial Regex Binary();

    [GeneratedRegex(@"^test (?<name>.+?)(?: - should panic)? \.\.\. (?<outcome>ok|FAILED|ignored)")]
    private static partial Regex Test();
}
