using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces;

/// <summary>
/// Finds the build, lint and test commands of a repository that nobody here wrote, runs them in the sandbox, and tells
/// what that proves about which tree.
/// </summary>
public sealed class RepositoryTests(Sandbox sandbox)
{
    /// <param name="progress">Takes one line for each command that starts, and the results at the end.</param>
    /// <exception cref="GitFailedException">The workspace is no git repository of its own.</exception>
    public async Task<TestReport> RunAsync(string workspace, TestOptions options, Action<string> progress, CancellationToken cancel)
    {
        using var run = await PlannedRun.OpenAsync(sandbox, workspace, options, cancel).ConfigureAwait(false);
        var before = await run.Repository.TreeHashAsync(cancel).ConfigureAwait(false);
        var (ran, putBack) = await RunAllAsync(run, before, progress, cancel).ConfigureAwait(false);
        var (after, changed) = await run.SettleAsync(before, cancel).ConfigureAwait(false);
        var report = Report(ran, run, putBack, before, after, changed, await sandbox.ConfinementAsync().ConfigureAwait(false));
        report.Lines().ToList().ForEach(progress);
        return report;
    }

    private static async Task<(List<RanCommand> Ran, IReadOnlyList<string> PutBack)> RunAllAsync(PlannedRun run, string before, Action<string> progress, CancellationToken cancel)
    {
        var ran = new List<RanCommand>();
        var putBack = new List<string>();
        // Tests of what was not built would be tests of something older.
        var broken = new HashSet<string>();
        var without = new Dictionary<string, int>();
        var waiting = new LinkedList<PlannedCommand>(run.Plan.Commands);
        while (waiting.First is { Value: var planned })
        {
            waiting.RemoveFirst();
            if (broken.Contains(planned.Part))
            {
                continue;
            }

            if (planned.Name == "test" && ran.Count > 0 && ran[^1].Planned.Name != "test")
            {
                putBack.AddRange(await run.PutBackAsync(before, cancel).ConfigureAwait(false));
            }

            progress($"→ Running {planned.Text}");
            var one = await run.RunAsync(planned, cancel).ConfigureAwait(false);
            var (failed, others) = (one.Result is not { Succeeded: true }, planned.Otherwise);
            var replaced = others.Count > 0 && one.Result is { TimedOut: false } && (planned.Name == "test" ? LeavesOpen(one) : failed);
            ran.Add(one with { Replaced = replaced });
            if (replaced)
            {
                progress($"→ {planned.Text} {(failed ? "failed" : "gave no counts")}: running {others[0].Text}{(others.Count > 1 ? $" and {others.Count - 1} more" : "")} in its place");
                others.Reverse().ToList().ForEach(other => waiting.AddFirst(other));
            }

            if (!replaced && failed && one.Result is { TimedOut: false, Output: var said } && planned.Without(said) is { } left)
            {
                progress($"→ {planned.Text} failed {left.Why ?? $"since {left.Names} cannot be had"}: running {left.Commands[0].Text}");
                ran[^1] = one with { Replaced = true, Left = left };
                without[Attempt(left.Commands[0])] = ran.Count - 1;
                waiting = new LinkedList<PlannedCommand>([.. left.Commands, .. waiting.Where(other => planned.Name != "build" || other.Part != planned.Part)]);
                continue;
            }

            // What was left out is needed: the first failure is what is to be told, and not what follows from it.
            if (!replaced && !planned.Optional && failed && without.Remove(Attempt(planned), out var first))
            {
                (ran[first], ran[^1]) = (ran[first] with { Replaced = false, Left = null }, one with { Replaced = true, InVain = true });
            }

            if (planned is { Name: "build", Optional: false } && failed && !(replaced && others.Any(other => other.Part == planned.Part)))
            {
                broken.Add(planned.Part);
            }
        }

        return (ran, putBack);
    }

    /// <summary>All that is built of a part is one.</summary>
    private static string Attempt(PlannedCommand planned) => planned.Name == "build" ? planned.Part : $"{planned.Part} {planned.Text}";

    /// <summary>Whether a test command left open what its parts, run one by one, would tell.</summary>
    private static bool LeavesOpen(RanCommand test) => test.Tally is not { Total: > 0 } tally || (test.Result is { Succeeded: false } && (tally.Failed == 0 || test.Planned.StopsEarly));

    private static TestReport Report(List<RanCommand> ran, PlannedRun run, IReadOnlyList<string> putBack, string before, string after, IReadOnlyList<string> changed, string confinement)
    {
        var site = run.Site;
        var objections = TestVerdict.Objections(ran, site.Options.Lint).ToList();
        if (changed.Count > 0)
        {
            objections.Add($"The commands changed {changed.Count} of the files they ran on ({string.Join(", ", changed.Take(5))}{(changed.Count > 5 ? ", …" : "")}): "
                + $"the evidence is stale, it belongs to the tree {before[..12]} and not to what lies there now.");
        }

        var counted = ran.Where(one => !one.Replaced).ToList();
        var tally = counted.Select(one => one.Tally).OfType<TestTally>().Aggregate(TestTally.Empty, (sum, one) => sum + one);
        var coverage = CoberturaFile.LinePercent(Directory.EnumerateFiles(site.Results, "*cobertura*.xml", SearchOption.AllDirectories).Select(file => ForeignFile.Text(file, Site.LongestResults)));
        return new TestReport(
            objections.Count == 0,
            objections.Count == 0 ? null : string.Join(" ", objections),
            before,
            changed.Count > 0 ? after : null,
            [.. ran.Take(80).Select(one => Command(one, site.Options.Lint))],
            new TestCounts(tally.Total, tally.Passed, tally.Failed, tally.Skipped),
            TestSuites.Of(counted),
            [.. tally.Cases.Where(one => one.Outcome == TestOutcome.Failed).Take(50).Select(one => new TestFailure(Cut(site, one.Id, 300), Cut(site, one.Suite, 300), Cut(site, one.Message ?? "", 1000), one.Kind))],
            coverage is { } percent ? new TestCoverage(percent) : null,
            [.. TestNotes.Of(ran, site.Options.Lint), .. putBack.Count == 0 ? [] : new[] { $"The build rewrote {string.Join(", ", putBack.Distinct().Take(5))}{(putBack.Count > 5 ? ", …" : "")}; the tests ran on what the tree has." }],
            confinement) { NotRun = run.Plan.NotRun, Tests = Lines(site, tally) };
    }

    /// <summary>In the order in which they matter to a reader, so that those that fall off the end passed.</summary>
    private static List<TestLine> Lines(Site site, TestTally tally)
    {
        var lines = new List<TestLine>();
        var length = 0;
        foreach (var one in tally.Cases.OrderBy(one => one.Outcome switch { TestOutcome.Failed => 0, TestOutcome.Skipped => 1, _ => 2 }).Take(TestLine.Most))
        {
            var line = new TestLine(Cut(site, one.Id, 300), Cut(site, one.Suite, 300), one.Outcome.ToString().ToLowerInvariant(), one.Seconds is { } took ? Math.Round(took, 4) : null);
            if ((length += line.Id.Length + line.Suite.Length) > TestLine.Longest)
            {
                break;
            }

            lines.Add(line);
        }

        return lines;
    }

    private static TestCommand Command(RanCommand ran, LintRule lint) => new(
        ran.Planned.Name, ran.Planned.Ecosystem, ran.Planned.Text, ran.Result?.ExitCode, Math.Round(ran.Result?.Duration.TotalSeconds ?? 0, 2),
        ran.Result?.TimedOut ?? false, ran.Result?.Ends() ?? "") 
        { Replaced = ran.Replaced, Decides = TestVerdict.Decides(ran, lint) };

    /// <summary>Short, and without where the workspace happens to lie.</summary>
    private static string Cut(Site site, string text, int length) => text.Replace(site.Root + "/", "", StringComparison.Ordinal) is var own && own.Length <= length ? own : own[..length] + "…";
}
