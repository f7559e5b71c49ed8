using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>What <c>python3 -m unittest -v</c> prints, and the last line of pytest.</summary>
internal static partial class PythonOutput
{
    public static TestTally? ReadUnittest(string output)
    {
        var lines = PlainText.Lines(output);
        var ran = lines.Select(line => Ran().Match(line)).Where(match => match.Success).ToList();
        if (ran.Count == 0)
        {
            return null;
        }

        var total = ran.Sum(match => PlainText.Number(match.Groups[1]));
        var ends = lines.Where(line => End().IsMatch(line)).ToList();
        // A test fails once, however many of its parts (subTest) do; what fails to load is told as an error of its own.
        var blocks = lines.Select(line => Block().Match(line)).Where(match => match.Success).Select(IdOf).ToList();
        var repeated = blocks.Count - blocks.Distinct().Count();
        var failed = Math.Max(0, ends.Sum(line => Of("failures", line) + Of("errors", line) + Of("unexpected successes", line)) - repeated);
        // A class whose set-up is skipped or breaks is counted as such, but not in what ran.
        var skipped = ends.Sum(line => Of("skipped", line) + Of("expected failures", line));
        var cases = Cases(lines);
        cases.AddRange(blocks.Distinct().Where(id => cases.All(one => one.Id != id || one.Outcome != TestOutcome.Failed)).Select(id => new TestCase(id, "", TestOutcome.Failed, Message(lines, id))));
        cases = [.. cases.Select(one => one.Id.StartsWith("unittest.loader._FailedTest", StringComparison.Ordinal) ? one with { Broken = true } : one)];
        return new TestTally(Math.Max(0, total - failed - skipped), failed, skipped, [.. cases.GroupBy(one => one.Id).Select(same => same.MaxBy(one => one.Outcome == TestOutcome.Failed)!)]);
    }

    public static TestTally? ReadPytest(string output)
    {
        var ends = PlainText.Lines(output).Where(line => PytestEnd().IsMatch(line)).ToList();
        return ends.Count == 0 ? null : ends.Select(line => new TestTally(
            PlainText.Before("passed", line) + PlainText.Before("xpassed", line),
            PlainText.Before("failed", line) + PlainText.Before("errors?", line),
            PlainText.Before("skipped", line) + PlainText.Before("xfailed", line), [])).Aggregate((left, right) => left + right);
    }

    private static int Of(string what, string line) => PlainText.Number(Regex.Match(line, $@"(?:\(|, ){what}=(\d+)").Groups[1]);

    private static List<TestCase> Cases(string[] lines)
    {
        var cases = new List<TestCase>();
        string? id = null;
        for (var i = 0; i < lines.Length; i++)
        {
            // A docstring stands on a line of its own before the outcome, and may itself hold words in brackets.
            id = Named().Match(lines[i]) is { Success: true } named && (id is null || named.Groups["in"].Value.Contains('.', StringComparison.Ordinal)) ? IdOf(named) : id;
            if (id is not null && Ended().Match(lines[i]) is { Success: true } ended)
            {
                var outcome = ended.Groups[1].Value;
                var doc = Doctest().Match(lines[i]);
                cases.Add(new TestCase(id, "", outcome switch
                {
                    "ok" => TestOutcome.Passed,
                    "FAIL" or "ERROR" or "unexpected success" => TestOutcome.Failed,
                    _ => TestOutcome.Skipped,
                }, outcome is "FAIL" or "ERROR" ? Message(lines, id) : outcome == "ok" ? null : outcome) { Doc = doc.Success });
                id = null;
            }
        }

        return cases;
    }

    /// <summary>As module.Class.test; older versions of Python put only the class in the brackets.</summary>
    private static string IdOf(Match named) =>
        named.Groups["in"].Value is var inside && (inside == named.Groups["test"].Value || inside.EndsWith("." + named.Groups["test"].Value, StringComparison.Ordinal)) ? inside : $"{inside}.{named.Groups["test"].Value}";

    /// <summary>The last line of the test's traceback.</summary>
    private static string? Message(string[] lines, string id)
    {
        var start = Array.FindIndex(lines, line => Block().Match(line) is { Success: true } block && IdOf(block) == id);
        return start < 0 ? null : lines.Skip(start + 1).TakeWhile(line => !line.StartsWith("=====", StringComparison.Ordinal) && !Ran().IsMatch(line))
            .LastOrDefault(line => line.Length > 0 && !line.StartsWith("-----", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^Ran (\d+) tests? in ")]
    private static partial Regex Ran();

    [GeneratedRegex(@"^(?:OK|FAILED|NO TESTS RAN)(?: \(.*\))?$")]
    private static partial Regex End();

    [GeneratedRegex(@"^(?<test>\w+) \((?<in>[\w.]+)\)(?: \.\.\.|$)")]
    private static partial Regex Named();

    [GeneratedRegex(@"^(?:FAIL|ERROR): (?<test>\w+) \((?<in>[\w.]+)\)")]
    private static partial Regex Block();

    [GeneratedRegex(@"^Doctest: \S+ \.\.\. ")]
    private static partial Regex Doctest();

    /// <summary>At the end of the test's own line, or alone on one after what the test printed.</summary>
    [GeneratedRegex(@"(?:\.\.\. |^)(ok|FAIL|ERROR|skipped .*|expected failure|unexpected success)$")]
    private static partial Regex Ended();

    [GeneratedRegex(@"^(?:=+ )?\d+ (?:passed|failed|skipped|errors?|xfailed|xpassed|deselected|warnings?)(?:, \d+ \w+)* in [\d.]+s(?: \([\d:]+\))?(?: =+)?$")]
    private static partial Regex PytestEnd();
}
