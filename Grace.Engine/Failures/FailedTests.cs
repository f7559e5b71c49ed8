using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>A test that failed, as a runner printed it.</summary>
/// <param name="Id">Its name with its file or class, without folders and parameters: what stays when it runs elsewhere.</param>
/// <param name="Said">The line that says how it failed; empty when the runner says nothing more.</param>
internal sealed record FailedTest(string Id, string Said, TestRunner Runner = TestRunner.Other)
{
    /// <summary>assertion, timeout, or the type of the exception.</summary>
    public string Kind => FailedTests.KindOf(Said);
}

/// <summary>Which tests failed, and how, read off what runners print. A test and its kind of failure are the failure's cause.</summary>
internal static partial class FailedTests
{
    const int LongestSection = 60;
    const int MostNamed = 4;
    const string ThrownPlainly = "thrown: ";

    /// <param name="lines">As printed: the indents tell heads from what merely looks like them.</param>
    public static IReadOnlyList<FailedTest> Of(IReadOnlyList<string> lines)
    {
        List<TestHead> heads = [.. TestHeads.In(lines)];
        List<FailedTest> found = [];
        for (var i = 0; i < heads.Count; i++)
        {
            var head = heads[i];
            var end = Math.Min(i + 1 < heads.Count ? heads[i + 1].Line : lines.Count, head.Line + LongestSection);
            var section = Enumerable.Range(head.Line + 1, Math.Max(0, end - head.Line - 1)).Select(n => lines[n]).ToList();
            if (head.Id is not { } id || section.Exists(l => l.Contains("'subtestsFailed'", StringComparison.Ordinal)))
                continue;
            found.Add(new(Plain(head.File ?? FileIn(head, section), id), head.Said is { Length: > 0 } said && !Cut().IsMatch(said) ? said : SaidIn(head.Runner, section) ?? (head.Said is { Length: > 0 } cut ? cut : head.Otherwise), head.Runner));
        }
        return Merged(found);
    }

    public static string KindOf(string said) => said switch
    {
        _ when TimedOut().IsMatch(said) => "timeout",
        _ when said.StartsWith("panic: ", StringComparison.Ordinal) => "panic",
        _ when said.StartsWith(ThrownPlainly, StringComparison.Ordinal) || Plainly().IsMatch(said) => "thrown",
        _ when Asserted().IsMatch(said) => "assertion",
        _ => FailureCodes.Exception(said) ?? "assertion",
    };

    /// <summary>All of them as one name, whatever order they ran in.</summary>
    public static string Anchor(IEnumerable<FailedTest> failures)
    {
        string[] all = [.. failures.Select(f => $"{(f.Runner == TestRunner.Other ? "" : $"{f.Runner} ".ToLowerInvariant())}{f.Id} {f.Kind}").Distinct().Order(StringComparer.Ordinal)];
        var rest = all.Skip(MostNamed).ToArray();
        return $"test {string.Join("; ", all.Take(MostNamed))}{(rest.Length == 0 ? "" : $"; {FailureSignature.Digest(string.Join('\n', rest))}")}";
    }

    /// <summary>One test may be told twice, in full and in a summary; a parent fails with its child.</summary>
    static List<FailedTest> Merged(List<FailedTest> found)
    {
        var told = found.GroupBy(f => Name(f.Id)).SelectMany(g => g.Select(f => f.Id).Distinct().Count(id => id.Contains("::", StringComparison.Ordinal)) <= 1
            ? [new FailedTest(g.OrderByDescending(f => f.Id.Contains("::", StringComparison.Ordinal)).First().Id, g.Select(f => f.Said).FirstOrDefault(s => s.Length > 0 && !Cut().IsMatch(s)) ?? g.First().Said, g.First().Runner)]
            : g.DistinctBy(f => f.Id)).ToList();
        return [.. told.Where(f => !told.Exists(child => child.Id.StartsWith($"{f.Id}/", StringComparison.Ordinal)) && (told.Count == 1 || !ScriptFile().IsMatch(f.Id)))];
    }

    static string Name(string id) => id[(id.IndexOf("::", StringComparison.Ordinal) is var at && at < 0 ? 0 : at + 2)..];

    /// <summary>A report's name for a test, as it would be read off the output.</summary>
    public static string Plain(string id) => id.IndexOf("::", StringComparison.Ordinal) is > 0 and var at && ScriptFile().IsMatch(id[..at]) ? Plain(id[..at], id[(at + 2)..]) : Plain(null, id);

    static string Plain(string? file, string id)
    {
        var name = Parameters().Replace(Took().Replace(id.Trim(), ""), "");
        if (ScriptFile().IsMatch(name))
            return System.IO.Path.GetFileName(name.Replace('\\', '/'));
        return file is null ? name : $"{System.IO.Path.GetFileName(file.Replace('\\', '/'))}::{name}";
    }

    static string? FileIn(TestHead head, List<string> section) => head.Runner is TestRunner.Node
        ? section.Select(l => Location().Match(l)).FirstOrDefault(m => m.Success) is { } place ? place.Groups[1].Success ? place.Groups[1].Value : place.Groups[2].Value : null
        : null;

    static string? SaidIn(TestRunner runner, List<string> section) => runner switch
    {
        TestRunner.Pytest => section.Select(l => Reported().Match(l)).FirstOrDefault(m => m.Success)?.Groups[1].Value,
        TestRunner.Node => Tapped(section) ?? First(section),
        // It prints an error's message without its type; only its own matchers begin otherwise.
        TestRunner.Jest => First(section) ?? (section.Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0) is { } thrown ? $"{ThrownPlainly}{thrown}" : null),
        TestRunner.Cargo when section.FindIndex(l => l.Contains(" panicked at ", StringComparison.Ordinal)) is >= 0 and var at && at + 1 < section.Count => Asserted().IsMatch(section[at + 1]) ? section[at + 1] : $"panic: {section[at + 1]}",
        _ => First(section),
    };

    static string? First(List<string> section) =>
        section.Select(l => l.Trim()).FirstOrDefault(l => TimedOut().IsMatch(l) || Asserted().IsMatch(l) || l.StartsWith("panic: ", StringComparison.Ordinal) || Plainly().IsMatch(l) || FailureCodes.Exception(l) is not null);

    static string? Tapped(List<string> section)
    {
        if (section.Exists(l => l.Contains("'testTimeoutFailure'", StringComparison.Ordinal)))
            return "test timed out";
        string? Value(string key) => section.Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith($"{key}: ", StringComparison.Ordinal))?[(key.Length + 2)..].Trim('\'', '"');
        var error = Value("error");
        var type = Value("code") is "ERR_ASSERTION" ? "AssertionError" : Value("name");
        return type is null ? error : $"{type}: {error}";
    }

    [GeneratedRegex(@"^E\s+(\S.*)$")]
    private static partial Regex Reported();

    // A type that says only that something was thrown.
    [GeneratedRegex(@"^(?:Uncaught )?(?:System\.|java\.lang\.)?(?:Error|Exception|RuntimeError|RuntimeException)\b ?:(?!.*\b(?:expected|assert))", RegexOptions.IgnoreCase)]
    private static partial Regex Plainly();

    [GeneratedRegex(@"location: '(.+?)(?::\d+)+'|^\s*at TestContext\.\S+ \((.+?)(?::\d+)+\)")]
    private static partial Regex Location();

    // A summary line is cut at the width of a terminal.
    [GeneratedRegex(@"^\w*\.{3}$|\.\.\.$|…$")]
    private static partial Regex Cut();

    [GeneratedRegex(@"\btimed[- ]out\b|\bTimeout(?:Error|Exception)?\b|Exceeded timeout|deadline exceeded", RegexOptions.IgnoreCase)]
    private static partial Regex TimedOut();

    [GeneratedRegex(@"AssertionError|ERR_ASSERTION|^assert\b|\bexpect\(|\bAssert\.|DID NOT RAISE|\bassertion\b.*\bfailed|AssertionFailed|AssertException|ShouldAssert|ComparisonFailure|Expectation")]
    private static partial Regex Asserted();

    [GeneratedRegex(@"\s*\((?:\d[\d.]*\s?(?:ms|s|m)|took [^)]*)\)$")]
    private static partial Regex Took();

    [GeneratedRegex(@"(?<=\w)\[.*\]$|(?<=\w)\(.*\)$")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"^(?:\S*[\\/])?[\w.-]+\.(?:[cm]?[jt]sx?|py|rb|php)$")]
    private static partial Regex ScriptFile();
}
