using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

internal enum TestRunner { Other, Pytest, Unittest, Node, Jest, Mocha, Go, Cargo, DotNet, JUnit, GoogleTest, Perl, CTest, Ruby, Elixir }

/// <summary>A line that opens what a runner says of one failed test.</summary>
/// <param name="Id">Null where the line only ends the section before it.</param>
/// <param name="Said">What the line itself says of the failure.</param>
/// <param name="Otherwise">How it failed when nothing more is said.</param>
internal sealed record TestHead(int Line, TestRunner Runner, string? Id, string? File = null, string? Said = null, string Otherwise = "");

/// <summary>Finds them, in the forms of pytest, unittest, TAP and node:test, Jest and Vitest, Mocha, Go, Cargo, .NET, JUnit, PHPUnit, GoogleTest, CTest, Perl and Ruby.</summary>
internal static partial class TestHeads
{
    public static IEnumerable<TestHead> In(IReadOnlyList<string> lines)
    {
        string? file = null;
        var failing = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (!Likely().IsMatch(line))
                continue;
            if (File().Match(line) is { Success: true } opened)
                (file, failing) = (opened.Groups["file"].Value, true);
            else if (Failing().IsMatch(line))
                failing = true;
            else if (Other().Match(line) is { Success: true } end)
                yield return new(i, TestRunner.Other, end.Groups["id"].Success ? end.Groups["id"].Value : null);
            else if (Pytest().Match(line) is { Success: true } section)
                yield return new(i, TestRunner.Pytest, section.Groups["id"].Value.Replace(".", "::", StringComparison.Ordinal));
            else if (Summary().Match(line) is { Success: true } summed)
                yield return new(i, TestRunner.Pytest, summed.Groups["id"].Value, summed.Groups["file"].Value, summed.Groups["said"].Value);
            else if (Unittest().Match(line) is { Success: true } unit)
                yield return new(i, TestRunner.Unittest, OfClass(unit), null, null, unit.Groups[1].Value == "FAIL" ? "AssertionError" : "");
            else if (Tap().Match(line) is { Success: true } point)
                yield return new(i, TestRunner.Node, point.Groups["id"].Value);
            else if (Marked().Match(line) is { Success: true } marked && (failing || line.Contains('●') || Timed().IsMatch(line)))
                yield return new(i, line.Contains('●') ? TestRunner.Jest : TestRunner.Node, marked.Groups["id"].Value, file);
            else if (failing && Numbered().Match(line) is { Success: true } numbered)
                yield return new(i, TestRunner.Mocha, WithTitle(numbered.Groups["id"].Value, lines, i));
            else if (Named().Match(line) is { Success: true } named)
                yield return named.Groups.Values.Skip(1).First(g => g.Success) is var id && Enum.TryParse<TestRunner>(id.Name, out var runner) ? new(i, runner, id.Value, null, null, "AssertionError") : new(i, TestRunner.Other, id.Value);
        }
    }

    /// <summary>Newer versions put the method behind the class once more.</summary>
    static string? OfClass(Match unit)
    {
        var (method, path) = (unit.Groups["method"].Value, unit.Groups["path"].Value);
        if (path.Contains("_FailedTest", StringComparison.Ordinal))
            return null;
        var parts = path.Split('.').ToList();
        if (parts.Count > 1 && parts[^1] == method)
            parts.RemoveAt(parts.Count - 1);
        return string.Join('.', parts.TakeLast(2).Append(method));
    }

    /// <summary>Mocha puts suite and test on lines of their own, the last with a colon behind it.</summary>
    static string WithTitle(string first, IReadOnlyList<string> lines, int at)
    {
        if (first.EndsWith(':'))
            return first[..^1];
        List<string> parts = [first];
        for (var i = at + 1; i < Math.Min(lines.Count, at + 5) && lines[i].Trim().Length > 0; i++)
        {
            parts.Add(lines[i].Trim().TrimEnd(':'));
            if (lines[i].EndsWith(':'))
                break;
        }
        return string.Join(" › ", parts);
    }

    // Every head has one of these; a line without is read once.
    [GeneratedRegex(@"^_|^(?:FAILED|FAIL|ERROR)\b|not ok|●|✖|✗|×|--- FAIL|^----|^\s*\d+\)|FAIL|Failed |\[[<\d][^\]]*\]$|\w#\w|^\s*\d+ - |^\s*test at|failing")]
    private static partial Regex Likely();

    [GeneratedRegex(@"^\s*(?:FAIL|❯)\s+(?<file>\S+\.[cm]?[jt]sx?)\b(?!\s+>)|^test at (?<file>.+?)(?::\d+)+$")]
    private static partial Regex File();

    [GeneratedRegex(@"^\s*\d+ failing\b|^✖ failing tests:|^⎯+ Failed Tests|^Failures:|^There (?:was|were) \d+ (?:failure|error)s?:")]
    private static partial Regex Failing();

    // Collected files and suites that do not start are no tests.
    [GeneratedRegex(@"^_+ ERROR collecting .* _+$|^\s*● (?:Test suite failed to run|Validation Error)|^=+ short test summary|^ERROR \S+\.py(?: - .*)?$")]
    private static partial Regex Other();

    [GeneratedRegex(@"^_{2,}\s(?:ERROR at \w+ of )?(?<id>\S.*?)\s_{2,}$")]
    private static partial Regex Pytest();

    [GeneratedRegex(@"^(?:FAILED|ERROR) (?<file>\S+?)::(?<id>\S.*?)(?: - (?<said>.*))?$")]
    private static partial Regex Summary();

    [GeneratedRegex(@"^(FAIL|ERROR): (?<method>\w+) \((?<path>[\w.]+)\)")]
    private static partial Regex Unittest();

    [GeneratedRegex(@"^\s*not ok \d+\s*(?:-\s*)?(?<id>\S.*?)(?:\s+#\s.*)?$")]
    private static partial Regex Tap();

    [GeneratedRegex(@"^\s*(?:●|✖|✗|×)\s(?<id>(?!failing tests)\S.*)$")]
    private static partial Regex Marked();

    // Node's own runner; its list of failing tests may be cut off.
    [GeneratedRegex(@"^✖ .*\(\d+(?:\.\d+)?ms\)$")]
    private static partial Regex Timed();

    [GeneratedRegex(@"^\s{0,4}\d+\) (?<id>\S.*)$")]
    private static partial Regex Numbered();

    [GeneratedRegex("""
        ^\s*---\sFAIL:\s(?<Go>\S+)\s\(
        |^----\s(?<Cargo>.+?)\sstdout\s----$
        |^\s*(?:Failed|X|Neúspěšné|Fehler|Con\serror|Échoué|Non\ssuperato|失敗|失败|실패|Niepowodzenie|Com\sfalha|Не\sпройден|Başarısız)\s(?<DotNet>[\w.+`]+(?:\(.*\))?)\s\[[^\]]*\]$
        |^\#\s+Failed\stest\s'(?<Perl>.+)'
        |^\s*\d+\s-\s(?<CTest>\S+)\s\((?:Failed|Timeout|SEGFAULT|Subprocess\s\w+|Not\sRun|Exit\scode\s\S+)\)
        |^(?<Ruby>\w+\#\w+)(?:\s\[[^\]]+\])?:$
        |^\s*\d+\)\stest\s(?<Elixir>.+\s\([A-Z][\w.]*\))$
        |^\s*FAIL\s+\S+\.[cm]?[jt]sx?\s>\s(?<Jest>.+)$
        |^(?<JUnit>\w+\s>\s.+)\sFAILED$
        |^\[ERROR\]\s+(?<JUnit>[\w.$]+\.\w+):\d+
        |^\[\s+FAILED\s+\]\s(?<GoogleTest>\w+[./]\w+)(?:\s|$)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
