using System.Text.Json.Nodes;

namespace Grace.Web.Components.Parts.Artifacts;

/// <param name="Outcome">passed, failed or skipped.</param>
public sealed record TestRow(string Id, string Suite, string Outcome, double? Seconds, string? Message);

/// <summary>Tests that belong together: a class, a package or a file.</summary>
public sealed record TestGroup(string Name, IReadOnlyList<TestRow> Tests)
{
    public int Failed { get; } = Tests.Count(t => t.Outcome == "failed");

    public int Skipped { get; } = Tests.Count(t => t.Outcome == "skipped");

    public double? Seconds { get; } = Tests.Any(t => t.Seconds is not null) ? Tests.Sum(t => t.Seconds ?? 0) : null;
}

/// <summary>One line of the table: a group, a test of it, or a line of what a failed test said.</summary>
public sealed record TestTableLine(TestGroup Group, TestRow? Test = null, string? Said = null, bool IsOpen = false);

/// <summary>A report's tests, folded by suite, failures first. Pure.</summary>
public sealed record TestTree(IReadOnlyList<TestGroup> Groups)
{
    const int Most = 20_000;
    const int MostSaid = 20;
    const int Wide = 120;

    public int Count { get; } = Groups.Sum(g => g.Tests.Count);

    public int Failed { get; } = Groups.Sum(g => g.Failed);

    public int Skipped { get; } = Groups.Sum(g => g.Skipped);

    /// <summary>Reports of older versions, and tools that list no tests, name their failures alone.</summary>
    public static TestTree Of(JsonNode? report)
    {
        var failures = report.At("failures").Objects().Where(f => f.At("id").Text() is not null)
            .GroupBy(f => (Id: f.At("id").Text()!, Suite: f.At("suite").Text() ?? "")).ToDictionary(same => same.Key, same => same.First().At("message").Text());
        List<TestRow> rows = [.. report.At("tests").Objects().Take(Most).Where(t => t.At("id").Text() is not null).Select(t =>
        {
            var (id, suite) = (t.At("id").Text()!, t.At("suite").Text() ?? "");
            return new TestRow(id, suite, t.At("outcome").Text() is "passed" or "skipped" ? t.At("outcome").Text()! : "failed", t.At("seconds").Number(), failures.GetValueOrDefault((id, suite)));
        })];
        var named = rows.Where(r => r.Outcome == "failed").Select(r => (r.Id, r.Suite)).ToHashSet();
        rows.AddRange(failures.Where(f => !named.Contains(f.Key)).Select(f => new TestRow(f.Key.Id, f.Key.Suite, "failed", null, f.Value)));
        return new([.. rows.GroupBy(r => r.Suite)
            .Select(g => new TestGroup(g.Key, [.. g.OrderBy(r => r.Outcome switch { "failed" => 0, "skipped" => 1, _ => 2 }).ThenBy(r => r.Id, StringComparer.Ordinal)]))
            .OrderByDescending(g => g.Failed > 0).ThenBy(g => g.Name, StringComparer.Ordinal)]);
    }

    /// <param name="outcome">Null for all.</param>
    /// <param name="sought">In a test's name, its suite or what it said.</param>
    /// <param name="turned">Groups that were opened or folded by hand; else those with failures are open, and all while something is sought.</param>
    public List<TestTableLine> Lines(string? outcome, string sought, IReadOnlySet<string> turned)
    {
        List<TestTableLine> lines = [];
        var narrowed = outcome is not null || sought.Length > 0;
        foreach (var group in Groups)
        {
            var tests = narrowed ? [.. group.Tests.Where(t => (outcome is null || t.Outcome == outcome) && Holds(t, sought))] : group.Tests;
            if (tests.Count == 0)
                continue;
            var open = (narrowed || group.Failed > 0) != turned.Contains(group.Name);
            lines.Add(new(group, IsOpen: open));
            if (!open)
                continue;
            foreach (var test in tests)
            {
                lines.Add(new(group, test));
                if (test.Outcome == "failed")
                    lines.AddRange(Said(test.Message).Select(said => new TestTableLine(group, test, said)));
            }
        }
        return lines;
    }

    static bool Holds(TestRow test, string sought) => sought.Length == 0
        || new[] { test.Id, test.Suite, test.Message }.Any(text => text?.Contains(sought, StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>In lines of one height, so that the table can be drawn in part.</summary>
    static IEnumerable<string> Said(string? message) => (string.IsNullOrWhiteSpace(message) ? "It left no message." : message.Trim()).ReplaceLineEndings("\n").Split('\n')
        .SelectMany(line => line.Length == 0 ? [""] : line.Chunk(Wide).Select(part => new string(part))).Take(MostSaid);
}
