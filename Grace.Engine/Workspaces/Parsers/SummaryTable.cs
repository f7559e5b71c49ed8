using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>
/// The words with which runners end, one pattern each, over one or several lines. What a runner prints for each run is added up;
/// a line that belongs to one pattern belongs to no other.
/// </summary>
internal static class SummaryTable
{
    private sealed record Runner(string Name, Regex Ends, Regex? Failed, Regex? Also);

    // Groups: total (ran: without what was skipped), passed, failed, broken (counts as failed), skipped; what is not told follows from
    // the others. The last pattern, where there is one, finds in other lines what the end does not tell: how many failed, or which passed.
    private static readonly Runner[] Runners =
    [
        // JavaScript
        Of("uvu", @"^ +Total: +(?<ran>\d+)\n +Passed: +(?<passed>\d+)\n +Skipped: +(?<skipped>\d+)$", @"^ +FAIL +""(?<name>.+)""$\n(?<message> +\S.*)?"),
        // What failed stands behind the name, and the name alone once more above the details.
        Of("ava", @"^ +(?:(?<failed>\d+) tests? failed|(?<passed>\d+) tests? passed|(?<broken>\d+) (?:uncaught exceptions?|unhandled rejections?)|(?<skipped>\d+) (?:tests? (?:skipped|todo)|known failures?)|(?<remain>\d+) tests? remained pending.*)(?: +\[[\d:]+\])?$", @"^ +✘ +\[fail\]: (?:(?<name>.+)(?: (?<message>.*))?$(?=[\s\S]*?\n +\k<name>\n)|(?<name>.+)$)", @"^ +✔ (?!\[expected fail\])(?<passed>)"),
        Of("jasmine", @"^(?<total>\d+) specs?, (?<failed>\d+) failures?(?:, (?<skipped>\d+) pending specs?)?$", @"^\d+\) (?<name>.+)\n +Message:\n(?<message>.+)"),
        Of("bun test", @"^ *(?<passed>\d+) pass\n(?: *(?<skipped>\d+) (?:skip|todo)\n)*(?: *(?<failed>\d+) fail\n)?(?: *(?<broken>\d+) errors?\n)?(?:.*expect\(\) calls\n)?Ran \d+ tests? across", @"^\(fail\) (?<name>.+?)(?: \[[\d.]+m?s\])?$"),
        Of("deno test", @"^(?:ok|FAILED) \| (?<passed>\d+) passed(?: \(\d+ steps?\))? \| (?<failed>\d+) failed(?: \(\d+ steps?\))?(?: \| (?<skipped>\d+) ignored)?.* \([\d.ms]+\)$", @"^(?<name>\S.*) \.\.\. FAILED \("),
        Of("playwright", @"^(?: +(?:(?<failed>\d+) failed\n(?:    .*\n)*|(?<broken>\d+) (?:flaky|interrupted)\n(?:    .*\n)*|(?<skipped>\d+) (?:skipped|did not run)\n))* +(?<passed>\d+) passed \([\d.]+m?s\)", null),
        Of("karma", @"^.*: Executed \d+ of (?<total>\d+)(?: \((?<failed>\d+) FAILED\))?(?: \(skipped (?<skipped>\d+)\))?(?: SUCCESS)? \([\d.]+ m?secs? / [\d.]+ m?secs?\)$", @"^.* (?<name>\S.*) FAILED$"),
        Of("tap", @"^# \{ total: (?<total>\d+), pass: (?<passed>\d+)(?:, fail: (?<failed>\d+))?(?:, (?:skip|todo): (?<skipped>\d+))* \}$", null),
        // Python
        Of("behave", @"^(?<passed>\d+) scenarios? passed, (?<failed>\d+) failed(?:, (?<broken>\d+) error)?, (?<skipped>\d+) skipped", @"^  (?<name>\S+\.feature:\d+ .*)$"),
        // .NET
        Of("Microsoft.Testing.Platform", @"^Test run summary: .*(?:\n.*)?\n +total: (?<total>\d+)(?: \(.*\))?\n(?: +error: (?<broken>\d+)\n)? +failed: (?<failed>\d+)\n +succeeded: (?<passed>\d+)\n +skipped: (?<skipped>\d+)", @"^failed (?<name>\S.*?)(?: \([\d.hms ]+\))?$(?:\n +(?!from )(?<message>\S.*))?"),
        Of("xunit", @"^=== TEST EXECUTION SUMMARY ===\n +\S+ +Total: (?<total>\d+), Errors: (?<broken>\d+), Failed: (?<failed>\d+), Skipped: (?<skipped>\d+)", @"^ +(?<name>\S.*) \[FAIL\]\n +(?<message>.*)"),
        // C and C++
        Of("ctest", @"^\d+% tests passed, (?<failed>\d+) tests? failed out of (?<total>\d+)$", @"^\s+\d+ - (?<name>\S+) \((?<message>(?:Failed|Timeout|SEGFAULT|Not Run|Subprocess|Child|ILLEGAL|NUMERICAL|BAD_COMMAND|OTHER).*)\)"),
        // A file that died, or did not keep to its plan, has failed beside the tests that it told of; one whose TODO passed is listed too, and has not.
        Of("prove", @"^Files=\d+, Tests=(?<total>\d+), .*\nResult: \w+$",
            @"^(?<name>\S+) +\((?<message>Wstat: (?:\d+ .*Failed: [1-9]\d*|[1-9]\d* .*Tests: 0 Failed: 0(?<dead>)|[1-9]\d* .*Failed: 0|0 .*Failed: 0(?=\)\n(?:  .*\n)*?  Parse errors)))\)$",
            @"^\S+ +\(Wstat: (?:\d+ .*Failed: (?<failed>[1-9]\d*)|(?<broken>[1-9])\d* .*Failed: 0|(?<broken>0) .*Failed: 0(?=\)\n(?:  .*\n)*?  Parse errors))\)$"),
        Of("automake", @"^# TOTAL: (?<total>\d+)\n# PASS:  (?<passed>\d+)\n# SKIP:  (?<skipped>\d+)\n# XFAIL: (?<skipped>\d+)\n# FAIL:  (?<failed>\d+)\n# XPASS: (?<broken>\d+)\n# ERROR: (?<broken>\d+)$", @"^(?:FAIL|ERROR|XPASS): (?<name>\S.*)$"),
        Of("meson", @"^Ok: +(?<passed>\d+) *\n(?:Expected Fail: +(?<skipped>\d+) *\n)?(?:Fail: +(?<failed>\d+) *)(?:\n+Unexpected Pass: +(?<broken>\d+) *)?(?:\n+Skipped: +(?<skipped>\d+) *)?(?:\n+Timeout: +(?<broken>\d+) *)?", @"^ *\d+/\d+ (?<name>\S.*?) +(?<message>(?:FAIL|TIMEOUT|ERROR)\b.*)$"),
        Of("googletest", @"^\[==========\] \d+ (?:tests? from .* ran\. .*|test cases ran\.)\n\[  PASSED  \] (?<passed>\d+) tests?\.(?:\n\[  SKIPPED \] (?<skipped>\d+) tests?.*(?:\n\[  SKIPPED \] (?!\d).*)*)?(?:\n\[  FAILED  \] (?<failed>\d+) tests?, listed below:)?", @"^\[  FAILED  \] (?<name>[\w./]+)(?:, where .*)? \(\d+ ms\)$"),
        Of("cmocka", @"^\[==========\](?: [^:\n]*:)? \d+ test\(s\) run\.\n\[  PASSED  \] (?<passed>\d+) test\(s\)\.(?:\n\[  SKIPPED \] (?:[^:\n]*: )?(?<skipped>\d+) test\(s\).*(?:\n\[  SKIPPED \] (?!\d).*)*)?(?:\n+ \d+ SKIPPED TEST\(S\))?(?:\n\[  FAILED  \] (?:[^:\n]*: )?(?<failed>\d+) test\(s\), listed below:)?", @"^\[  FAILED  \] (?<name>[\w./]+)$"),
        Of("catch2", @"^(?:test cases: +(?<total>\d+)(?: \| +(?:(?<passed>\d+) passed|(?<failed>\d+) failed|(?<skipped>\d+) (?:skipped|failed as expected)))+$|All tests passed \(\d+ assertions? in (?<total>\d+) test cases?\))", @"^-{79}\n(?<name>.+)\n(?: .*\n)*-{79}\n.*\n\.{79}\n\n.*FAILED:\n(?<message>.*)"),
        Of("doctest", @"^\[doctest\] test cases: +\d+ \| +(?<passed>\d+) passed \| +(?<failed>\d+) failed \| +(?<skipped>\d+) skipped$", @"^TEST CASE: +(?<name>.+)\n\n.*(?<message>ERROR: .*)"),
        Of("criterion", @"^\[====\] Synthesis: Tested: (?<total>\d+) \| Passing: (?<passed>\d+) \| Failing: (?<failed>\d+) \| Crashing: (?<broken>\d+)", @"^\[(?:FAIL|----)\] (?<name>\w+::\w+)(?:: \(|.*CRASH)"),
        Of("check", @"^\d+%: Checks: (?<total>\d+), Failures: (?<failed>\d+), Errors: (?<broken>\d+)$", @"^\S+:\d+:[FE]:[^:]*:(?<name>\w+):\d+: (?<message>.*)$"),
        Of("unity", @"^(?<total>\d+) Tests (?<failed>\d+) Failures (?<skipped>\d+) Ignored *$", @"^\S+:\d+:(?<name>\w+):FAIL(?:: (?<message>.*))?$"),
        Of("munit", @"^\d+ of (?<total>\d+) \(\d+%\) tests? successful, (?<skipped>\d+) \(\d+%\) tests? skipped\.$", null),
        Of("greatest", @"^Total: (?<total>\d+) tests? \(.*\), \d+ assertions?\nPass: (?<passed>\d+), fail: (?<failed>\d+), skip: (?<skipped>\d+)\.$", @"^FAIL (?<name>\w+): (?<message>.*)$"),
        Of("CUnit", @"^ +tests +(?<total>\d+) +\d+ +(?<passed>\d+) +(?<failed>\d+) +(?<skipped>\d+)$", null),
        Of("CuTest", @"^(?:!!!FAILURES!!!\nRuns: (?<total>\d+) Passes: (?<passed>\d+) Fails: (?<failed>\d+)|OK \((?<passed>\d+) tests?\))$", @"^\d+\) (?<name>\w+): (?<message>.*)$"),
        Of("Qt Test", @"^Totals: (?<passed>\d+) passed, (?<failed>\d+) failed, (?<skipped>\d+) skipped", @"^FAIL!  : (?<name>\S+) (?<message>.*)$"),
        Of("nextest", @"^ +Summary \[ *[\d.]+s\] (?<total>\d+)(?:/\d+)? tests? run: (?<passed>\d+) passed(?: \([^)]*\))?(?:, (?<failed>\d+) (?:failed|timed out))?(?:, (?<skipped>\d+) skipped)?$", @"^ +FAIL \[ *[\d.]+s\] +(?:\( *\d+/\d+\) )?(?<name>\S.*)$"),
        // the JVM
        Of("surefire", @"^(?:\[\w+\] )?Tests run: (?<total>\d+), Failures: (?<failed>\d+), Errors: (?<broken>\d+), Skipped: (?<skipped>\d+)$", @"^\[ERROR\]   (?<name>\w+\.\w+):\d+ (?<message>.*)$"),
        Of("gradle", @"^(?<total>\d+) tests completed, (?<failed>\d+) failed(?:, (?<skipped>\d+) skipped)?$", @"^(?<name>\S+ > .+) FAILED$\n +(?<message>.*)"),
        Of("JUnit", @"^OK \((?<passed>\d+) tests?\)$|^Tests run: (?<total>\d+),  Failures: (?<failed>\d+)$", null),
        // Ruby, PHP, Elixir
        Of("minitest", @"^(?<total>\d+) (?:runs|tests), \d+ assertions, (?<failed>\d+) failures, (?<broken>\d+) errors(?:, (?<skipped>\d+) (?:skips|pendings))?(?:, (?<skipped>\d+) omissions)?(?:, .*)?$", @"^ *\d+\) (?:Failure|Error):\n(?<name>[^\s:]+#?\w+.*?)(?: \[.*\])?:?\n(?<message>.*)"),
        Of("rspec", @"^(?<total>\d+) examples?, (?<failed>\d+) failures?(?:, (?<broken>\d+) errors? occurred outside of examples)?(?:, (?<skipped>\d+) (?:pending|skipped.*))?(?:, (?<broken>\d+) errors? occurred outside of examples)?$", @"^  \d+\) (?<name>.+)\n     Failure/Error: .*\n(?: *\n)*(?<message> +\S.*)"),
        Of("phpunit", @"^(?:OK \((?<passed>\d+) tests?, \d+ assertions?\)|(?:OK, but .*\n)?Tests: (?<total>\d+), Assertions: \d+(?:, (?:Errors: (?<broken>\d+)|Failures: (?<failed>\d+)|(?:Skipped|Incomplete): (?<skipped>\d+)|[\w ]+: \d+))*\.)$", @"^\d+\) (?<name>[\w\\]+::\w+.*)\n(?<message>.*)"),
        Of("pest", @"^ +Tests: +(?:(?:(?<failed>\d+) failed|(?<skipped>\d+) (?:skipped|todos?|incomplete)|\d+ (?:risky|warnings?|deprecated|notices?)|(?<passed>\d+) passed)(?:, )?)+ \(\d+ assertions\)$", @"^ +FAILED +(?<name>.+?)(?: {2,}.*)?$\n(?<message> +.*)?"),
        Of("ExUnit or Bats", @"^(?:(?<doc>\d+) doctests?(?:, )?)?(?:\d+ propert(?:y|ies), )?(?:(?<total>\d+) tests?)?, (?<failed>\d+) failures?(?:, (?<skipped>\d+) (?:excluded|skipped|invalid))*(?: \(\d+ excluded\))?$", @"^ +\d+\) (?<name>(?:test|doctest|property) .+)$\n.*\n(?<message> +.*)"),
        // others
        Of("XCTest", @"^Test Suite '(?:All|Selected) tests' (?:passed|failed) .*\n\s+Executed (?<total>\d+) tests?, with (?:(?<skipped>\d+) tests? skipped and )?(?<failed>\d+) failures?", @"^.*: error: -?\[?(?<name>\w+\.\w+)\]? : (?<message>.*)$"),
        Of("Swift Testing", @"^[^\w\n]*Test run with (?<total>\d+) tests?(?: in \d+ suites?)? (?:passed|failed) after .* seconds(?: with (?<failed>\d+) issues?)?", null),
        Of("zig", @"^All (?<passed>\d+) tests passed\.$|^(?<passed>\d+) passed; (?<skipped>\d+) skipped; (?<failed>\d+) failed\.$", null),
        Of("dart", @"^.*\d\d:\d\d \+(?<passed>\d+)(?: ~(?<skipped>\d+))?(?: -(?<failed>\d+))?: (?:All tests (?:passed|skipped)!|Some tests failed\.)$", @"^.*\d\d:\d\d (?:\+\d+ )?(?:~\d+ )?-\d+: (?<name>.+) \[E\]$\n(?<message> +.*)?"),
        Of("busted", @"^(?<passed>\d+) success(?:es)? / (?<failed>\d+) failures? / (?<broken>\d+) errors? / (?<skipped>\d+) pending", @"^(?:Failure|Error) (?:→|->) .*\n(?<name>.+)\n(?<message>.*)"),
        Of("luaunit", @"^Ran (?<total>\d+) tests in [\d.]+ seconds, (?<passed>\d+) success(?:es)?, (?:(?<failed>\d+) failures?|(?<broken>\d+) errors?)(?:, (?<broken>\d+) errors?)?(?:, (?<skipped>\d+) (?:skipped|non-selected))*$", null),
        Of("shunit2", @"^Ran (?<total>\d+) tests?\.\n\n(?:OK|FAILED)(?: \((?:failures=(?<failed>\d+))?,?(?:skipped=(?<skipped>\d+))?\))?$", null),
    ];

    /// <summary>One tally for each runner whose words are found.</summary>
    public static IEnumerable<(string Runner, TestTally Tally)> Read(string output)
    {
        var text = string.Join('\n', PlainText.Lines(output));
        var taken = new List<(int From, int To)>();
        foreach (var runner in Runners)
        {
            var ends = Found(runner.Ends, text).Where(match => match.Length > 0 && !taken.Any(one => match.Index < one.To && one.From < match.Index + match.Length)).ToList();
            if (ends.Count > 0)
            {
                taken.AddRange(ends.Select(match => (match.Index, match.Index + match.Length)));
                yield return (runner.Name, With(ends.Select(Tally).Aggregate((left, right) => left + right), runner, text) with { Cases = Failures(runner, text) });
            }
        }
    }

    private static TestTally Tally(Match match)
    {
        int Sum(string group) => match.Groups[group].Captures.Sum(capture => int.TryParse(capture.ValueSpan, out var number) ? number : 0);
        var (failed, skipped) = (Sum("failed") + Sum("broken"), Sum("skipped") + Sum("remain"));
        if (match.Groups["ran"].Success)
        {
            return new TestTally(Sum("passed"), Math.Max(0, Sum("ran") - Sum("passed")), skipped, []);
        }

        return new TestTally(match.Groups["passed"].Success ? Sum("passed") : match.Groups["total"].Success || match.Groups["doc"].Success ? Math.Max(0, Sum("total") + Sum("doc") - failed - skipped) : 0,
            // What is neither passed nor skipped has failed, where a runner tells the total and not how many failed.
            match.Groups["failed"].Success || match.Groups["broken"].Success || !match.Groups["total"].Success || !match.Groups["passed"].Success ? failed : Math.Max(0, Sum("total") - Sum("passed") - skipped), skipped, []);
    }

    private static TestTally With(TestTally tally, Runner runner, string text)
    {
        var also = runner.Also is null ? [] : Found(runner.Also, text);
        var failed = also.Where(match => match.Groups["failed"].Success).Sum(match => PlainText.Number(match.Groups["failed"]));
        var passed = also.Count(match => match.Groups["passed"].Success);
        return tally with { Passed = tally.Passed == 0 && failed == 0 ? passed : Math.Max(0, tally.Passed - failed), Failed = tally.Failed + failed + also.Count(match => match.Groups["broken"].Success) };
    }

    private static List<TestCase> Failures(Runner runner, string text) => runner.Failed is null ? [] :
        [.. Found(runner.Failed, text).Select(match => new TestCase(match.Groups["name"].Value.Trim(), "", TestOutcome.Failed, match.Groups["message"].Value.Trim()) { Broken = match.Groups["dead"].Success }).DistinctBy(one => one.Id).Take(200)];

    // A foreign output must not hold a phase up: what cannot be matched in this time has no counts.
    private static List<Match> Found(Regex pattern, string text)
    {
        try
        {
            return [.. pattern.Matches(text).Cast<Match>()];
        }
        catch (RegexMatchTimeoutException)
        {
            return [];
        }
    }

    private static Runner Of(string name, string ends, string? failed, string? also = null) => new(name, Compiled(ends), failed is null ? null : Compiled(failed), also is null ? null : Compiled(also));

    private static Regex Compiled(string pattern) => new(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));
}
