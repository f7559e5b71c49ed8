using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>
/// The counts of runners that nobody else knows: "12 passed, 0 failed", "PASSED: 12" above "FAILED: 0", "ALL TESTS PASSED (12/12)".
/// Only lines that say nothing else are read. Printed several times they are added up where a command stands between them; a
/// counter that grows, or a last line that is the sum of the others, is taken as it stands at the end.
/// </summary>
internal static partial class PlainSummary
{
    private sealed record Block(int From, int To, Dictionary<string, int> Counts, string Noun)
    {
        public bool Tells => Counts.ContainsKey("passed") || (Counts.ContainsKey("total") && Counts.ContainsKey("failed"));

        public TestTally Tally()
        {
            var (failed, skipped) = (Counts.GetValueOrDefault("failed"), Counts.GetValueOrDefault("skipped"));
            var passed = Counts.TryGetValue("passed", out var told) ? told : Math.Max(0, Counts["total"] - failed - skipped);
            // A total beyond what passed is what did not.
            failed = Counts.ContainsKey("failed") || !Counts.TryGetValue("total", out var total) ? failed : Math.Max(0, total - passed - skipped);
            return new TestTally(passed, failed, skipped, []);
        }
    }

    public static TestTally? Read(string output)
    {
        var lines = PlainText.Lines(output);
        var blocks = Blocks(lines).Where(block => block.Tells).ToList();
        if (blocks.Count == 0)
        {
            return null;
        }

        // What stands between two commands is one program's.
        var programs = new List<List<Block>> { new() };
        foreach (var block in blocks)
        {
            if (programs[^1].LastOrDefault() is { } before && lines[(before.To + 1)..block.From].Any(line => Command().IsMatch(line)))
            {
                programs.Add([]);
            }

            programs[^1].Add(block);
        }

        var tally = programs.Select(Of).Aggregate((left, right) => left + right);
        List<string> notes = [.. blocks.Any(block => block.Noun == "assertion") ? ["The counts are of assertions: the runner does not tell how many tests they belong to."] : Array.Empty<string>()];
        return tally with { Notes = notes, Cases = PlainLines.Failures(lines) };
    }

    private static TestTally Of(List<Block> program)
    {
        if (program[^1] is { Noun: "whole" } whole)
        {
            return whole.Tally();
        }

        var tallies = program.Select(block => block.Tally()).ToList();
        var grows = tallies.Count > 1 && tallies.Zip(tallies.Skip(1)).All(pair => pair.Second.Total > pair.First.Total && pair.Second.Passed >= pair.First.Passed && pair.Second.Failed >= pair.First.Failed);
        var before = tallies.SkipLast(1).Aggregate(TestTally.Empty, (sum, one) => sum + one);
        var sum = tallies.Count > 1 && before.Total == tallies[^1].Total && before.Failed == tallies[^1].Failed;
        return grows || sum ? tallies[^1] : before + tallies[^1];
    }

    private static List<Block> Blocks(string[] lines)
    {
        var blocks = new List<Block>();
        Block? open = null;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim(' ', '\t', '=', '-', '*', '#', '_').Length == 0)
            {
                continue;
            }

            if (Counts(lines[i]) is not { Count: > 0 } counts)
            {
                open = null;
                continue;
            }

            if (Whole().IsMatch(lines[i]))
            {
                blocks.Add(new Block(i, i, counts, "whole"));
                open = null;
                continue;
            }

            var noun = Suite().IsMatch(lines[i]) ? "suite" : Assertion().IsMatch(lines[i]) ? "assertion" : "";
            if (open is not null && open.Noun != noun && (noun.Length > 0 || open.Noun.Length > 0) && counts.Count > 1)
            {
                // Rows of one table: the one that counts tests.
                blocks[^1] = open = noun.Length == 0 || open.Noun == "suite" ? new Block(open.From, i, counts, noun) : open with { To = i };
                continue;
            }

            if (open is not null && !counts.Keys.Any(open.Counts.ContainsKey))
            {
                counts.ToList().ForEach(count => open.Counts[count.Key] = count.Value);
                blocks[^1] = open = open with { To = i, Noun = noun.Length > 0 ? noun : open.Noun };
                continue;
            }

            blocks.Add(open = new Block(i, i, counts, noun));
        }

        return blocks;
    }

    /// <summary>What a line counts; nothing where it says more than counts.</summary>
    private static Dictionary<string, int>? Counts(string line)
    {
        if (line.Length > 200)
        {
            return null;
        }

        var counts = new Dictionary<string, int>();
        if (Whole().Match(line) is { Success: true } whole)
        {
            // How many passed, whichever of the two words stands there.
            return new() { ["passed"] = PlainText.Number(whole.Groups["n"]), ["total"] = PlainText.Number(whole.Groups["total"]) };
        }

        var rest = line;
        foreach (var pattern in new[] { Share(), Labelled(), Totals(), Worded(), All(), Tabled() })
        {
            rest = pattern.Replace(rest, match =>
            {
                foreach (var (group, key) in new[] { ("total", "total"), ("n", Key(match.Groups["what"].Value)) })
                {
                    if (match.Groups[group].Success)
                    {
                        counts[key] = (key == "failed" ? counts.GetValueOrDefault(key) : 0) + PlainText.Number(match.Groups[group]);
                    }
                }

                return " ";
            });
        }

        return counts.Count > 0 && Filler().Replace(rest, "").Length == 0 ? counts : null;
    }

    private static string Key(string what) => what.ToLowerInvariant() switch
    {
        var word when word.StartsWith("pass", StringComparison.Ordinal) || word.StartsWith("succe", StringComparison.Ordinal) || word is "ok" => "passed",
        var word when word.StartsWith("fail", StringComparison.Ordinal) || word.StartsWith("err", StringComparison.Ordinal) || word.StartsWith("crash", StringComparison.Ordinal) => "failed",
        var word when word.StartsWith("skip", StringComparison.Ordinal) || word.StartsWith("ignor", StringComparison.Ordinal) || word.StartsWith("pend", StringComparison.Ordinal) => "skipped",
        _ => "total",
    };

    private const string What = "(?<what>pass(?:ed|es|ing)?|succeeded|success(?:es|ful)?|ok|fail(?:ed|ures?|ing)?|errors?|crashe[sd]|skip(?:ped|s)?|ignored|pending)";
    private const string Noun = "(?:(?:unit |regression )?(?:tests?|test cases?|cases?|checks?|specs?|suites?|assert(?:ion)?s?)(?: run)?)";

    /// <summary>12/12 passed, 12 of 13 tests passed, passed: 12/12, ALL TESTS PASSED (12/12).</summary>
    [GeneratedRegex(@"\b(?<n>\d+) ?(?:/|of|out of) ?(?<total>\d+)(?: " + Noun + @")?(?: \(?\d+%\)?)?(?: (?:have|has|were|was))? " + What + @"\b|\b" + What + @"\W{1,3}(?<n>\d+) ?(?:/|of|out of) ?(?<total>\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Share();

    /// <summary>PASSED: 12, Tests passed = 12.</summary>
    [GeneratedRegex(@"\b(?:(?:total|number of|#) )?(?:" + Noun + @" )?" + What + @"(?: " + Noun + @")?\s*[:=]\s*(?<n>\d+)\b(?! ?/)", RegexOptions.IgnoreCase)]
    private static partial Regex Labelled();

    /// <summary>total: 12, and not "Total: 12 passed".</summary>
    [GeneratedRegex(@"\b(?<what>total|tests?(?: run)?|checks?|assert(?:ion)?s?)(?: " + Noun + @")?\s*[:=]\s*(?<n>\d+)\b(?! ?/|,? (?:" + Noun + @" )?(?:pass|fail|succ|ok|err|skip|ign|pend))", RegexOptions.IgnoreCase)]
    private static partial Regex Totals();

    /// <summary>12 passed, 12 tests failed, 12 tests have passed.</summary>
    [GeneratedRegex(@"\b(?<n>\d+) (?:" + Noun + @" )?(?:(?:have|has|were|was) )?" + What + @"\b", RegexOptions.IgnoreCase)]
    private static partial Regex Worded();

    /// <summary>12 tests, beside what became of them.</summary>
    [GeneratedRegex(@"\b(?<n>\d+) (?<what>" + Noun + @")\b", RegexOptions.IgnoreCase)]
    private static partial Regex All();

    /// <summary>A row of a table: Total 12 | Passed 12.</summary>
    [GeneratedRegex(@"\b(?:" + What + @"|(?<what>total))\s+(?<n>\d+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Tabled();

    /// <summary>What a program says of all its groups, which may have said their own before.</summary>
    [GeneratedRegex(@"^\W*(?:ALL|SOME) TESTS (?:PASSED|FAILED)\W{1,3}(?<n>\d+) ?/ ?(?<total>\d+)\W*$", RegexOptions.IgnoreCase)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\b(?:suites?|files?|groups?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Suite();

    [GeneratedRegex(@"\b(?:all|tests?|total|results?|summary|suites?|unit|asserts?|assertions?|checks?|files?|groups?|ran|run|done|finished|completed?|in|and|of|with|out|passed|ok|success|the|\d+(?:\.\d+)? ?(?:ms|s|secs?|seconds?|%))\b|[\W_]", RegexOptions.IgnoreCase)]
    private static partial Regex Filler();

    [GeneratedRegex(@"\b(?:assert(?:ion)?s?|checks?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Assertion();

    /// <summary>What make, npm or a shell writes before it runs something.</summary>
    [GeneratedRegex(@"^(?:make(?:\[\d+\])?: |> |\+ |\$ |\./|(?:gcc|g\+\+|cc|c99|clang(?:\+\+)?|sh|bash|node|python3?|ruby|php|lua|perl|cd|valgrind|LD_LIBRARY_PATH=\S+|echo|Running|running)\b.)")]
    private static partial Regex Command();
}
