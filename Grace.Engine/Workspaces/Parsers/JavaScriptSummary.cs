using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>The last lines of jest, vitest and mocha. Names are known for failures, and for the rest as far as they are printed.</summary>
internal static partial class JavaScriptSummary
{
    public static TestTally? Read(string output)
    {
        var lines = PlainText.Lines(output);
        TestTally? tally = null;
        foreach (var line in lines.Where(line => JestOrVitest().IsMatch(line)))
        {
            tally = (tally ?? TestTally.Empty) + new TestTally(
                PlainText.Before("passed", line), PlainText.Before("failed", line),
                PlainText.Before("skipped", line) + PlainText.Before("todo", line) + PlainText.Before("pending", line), []);
        }

        // Mocha leaves out what is zero, but always says how many passed.
        foreach (var line in lines)
        {
            if (Mocha().Match(line) is { Success: true } match)
            {
                var number = PlainText.Number(match.Groups["n"]);
                tally = (tally ?? TestTally.Empty) + match.Groups["what"].Value switch
                {
                    "passing" => new TestTally(number, 0, 0, []),
                    "failing" => new TestTally(0, number, 0, []),
                    _ => new TestTally(0, 0, number, []),
                };
            }
        }

        if (tally is null)
        {
            return null;
        }

        // jest counts only tests: a file that could not be run is told beside them.
        var cases = Cases(lines);
        return tally with { Failed = tally.Failed + cases.Count(one => one.Broken), Cases = cases };
    }

    private static List<TestCase> Cases(string[] lines)
    {
        var cases = new List<TestCase>();
        var file = "";
        for (var i = 0; i < lines.Length; i++)
        {
            file = File().Match(lines[i]) is { Success: true } where ? where.Groups[1].Value : file;
            if (Unrun().IsMatch(lines[i]))
            {
                cases.Add(new TestCase(file, file, TestOutcome.Failed, FirstText(lines, i + 1)) { Broken = true });
            }
            else if ((JestFailure().Match(lines[i]) is { Success: true } jest ? jest : VitestFailure().Match(lines[i])) is { Success: true } failure)
            {
                cases.Add(new TestCase(failure.Groups["name"].Value, file, TestOutcome.Failed, FirstText(lines, i + 1)));
            }
            else if (MochaFailure().IsMatch(lines[i]) && i + 1 < lines.Length)
            {
                var name = new List<string> { MochaFailure().Match(lines[i]).Groups["name"].Value };
                while (!name[^1].EndsWith(':') && i + 1 < lines.Length && lines[i + 1].Trim().Length > 0)
                {
                    name.Add(lines[++i].Trim());
                }

                if (name[^1].EndsWith(':'))
                {
                    cases.Add(new TestCase(string.Join(" › ", name).TrimEnd(':'), file, TestOutcome.Failed, FirstText(lines, i + 1)));
                }
            }
            else if (Passed().Match(lines[i]) is { Success: true } passed)
            {
                cases.Add(new TestCase(passed.Groups["name"].Value, file, TestOutcome.Passed, null));
            }
        }

        return [.. cases.DistinctBy(one => (one.Id, one.Suite, one.Outcome))];
    }

    private static string? FirstText(string[] lines, int from) => lines.Skip(from).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0);

    [GeneratedRegex(@"^\s*Tests:?\s+(?=\d+ (?:failed|passed|skipped|todo)).*(?:\d+ total|\(\d+\))$")]
    private static partial Regex JestOrVitest();

    [GeneratedRegex(@"^\s+(?<n>\d+) (?<what>passing|failing|pending)(?: \(.*\))?$")]
    private static partial Regex Mocha();

    [GeneratedRegex(@"^\s*(?:PASS|FAIL)\s+(\S+)")]
    private static partial Regex File();

    [GeneratedRegex(@"^\s*● Test suite failed to run$")]
    private static partial Regex Unrun();

    /// <summary>And not what jest tells in the same form: what was printed, and its own warnings.</summary>
    [GeneratedRegex(@"^\s*● (?!Console$|.*Warnings?:?$|Cannot log after tests are done|Test suite failed to run$)(?<name>.+)$")]
    private static partial Regex JestFailure();

    [GeneratedRegex(@"^\s*FAIL\s+\S+ > (?<name>.+)$")]
    private static partial Regex VitestFailure();

    [GeneratedRegex(@"^  \d+\) (?<name>.+)$")]
    private static partial Regex MochaFailure();

    [GeneratedRegex(@"^\s+[✓✔] (?<name>.+?)(?: \(?\d+ ?ms\)?)?$")]
    private static partial Regex Passed();
}
