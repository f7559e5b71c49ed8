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
        var ran = await RunAllAsync(run, progress, cancel).ConfigureAwait(false);
        var (after, changed) = await run.SettleAsync(before, cancel).ConfigureAwait(false);
        var report = Report(ran, run.Site, before, after, changed, await sandbox.ConfinementAsync().ConfigureAwait(false));
        report.Lines().ToList().ForEach(progress);
        return report;
    }

    private async Task<List<RanCommand>> RunAllAsync(PlannedRun run, Action<string> progress, CancellationToken cancel)
    {
        var ran = new List<RanCommand>();
        // Tests of what was not built would be tests of something older.
        var broken = new HashSet<string>();
        foreach (var planned in run.Plan.Commands.Where(planned => !broken.Contains(planned.Folder)))
        {
            progress($"→ Running {planned.Text}");
            var one = await run.RunAsync(planned, cancel).ConfigureAwait(false);
            if (planned.Otherwise is { } otherwise && one.Result is { TimedOut: false, ExitCode: not 0 })
            {
                progress($"→ Running {otherwise.Text}, since {planned.Text} failed");
                ran.Add(one with { Replaced = true });
                one = await run.RunAsync(otherwise, cancel).ConfigureAwait(false);
            }

            ran.Add(one);
            if (planned is { Name: "build", Optional: false } && one.Result is not { Succeeded: true })
            {
                broken.Add(planned.Folder);
            }
        }

        return ran;
    }

    private static TestReport Report(List<RanCommand> ran, Site site, string before, string after, IReadOnlyList<string> changed, string confinement)
    {
        var objections = TestVerdict.Objections(ran, site.Options.Lint).ToList();
        if (changed.Count > 0)
        {
            objections.Add($"The commands changed {changed.Count} of the files they ran on ({string.Join(", ", changed.Take(5))}{(changed.Count > 5 ? ", …" : "")}): "
                + $"the evidence is stale, it belongs to the tree {before[..12]} and not to what lies there now.");
        }

        var tally = ran.Select(one => one.Tally).OfType<TestTally>().Aggregate(TestTally.Empty, (sum, one) => sum + one);
        var notes = ran.Where(one => one.Planned.Name == "lint" && one.Result is not { Succeeded: true } && !TestVerdict.Decides(one.Planned, site.Options.Lint))
            .Select(one => $"`{one.Planned.Text}` found something ({(one.Result is null ? "not installed" : $"exit code {one.Result.ExitCode}")}); this does not decide here.").ToList();
        notes.AddRange(ran.Where(one => one is { Planned.Optional: true, Replaced: false, Result: not { Succeeded: true } })
            .Select(one => $"`{one.Planned.Text}` failed ({(one.Result?.ExitCode is { } code ? $"exit code {code}" : "it could not run")}); the tests ran without what it would have brought."));
        var coverage = CoberturaFile.LinePercent(Directory.EnumerateFiles(site.Results, "*cobertura*.xml", SearchOption.AllDirectories).Select(file => ForeignFile.Text(file, Site.LongestResults)));
        return new TestReport(
            objections.Count == 0,
            objections.Count == 0 ? null : string.Join(" ", objections),
            before,
            changed.Count > 0 ? after : null,
            [.. ran.Take(40).Select(Command)],
            new TestCounts(tally.Total, tally.Passed, tally.Failed, tally.Skipped),
            TestSuites.Of(ran),
            [.. tally.Cases.Where(one => one.Outcome == TestOutcome.Failed).Take(50).Select(one => new TestFailure(Cut(one.Id, 300), Cut(one.Suite, 300), Cut(one.Message ?? "", 1000), one.Kind))],
            coverage is { } percent ? new TestCoverage(percent) : null,
            [.. notes],
            confinement);
    }

    private static TestCommand Command(RanCommand ran) => new(
        ran.Planned.Name, ran.Planned.Ecosystem, ran.Planned.Text, ran.Result?.ExitCode, Math.Round(ran.Result?.Duration.TotalSeconds ?? 0, 2),
        ran.Result?.TimedOut ?? false, ran.Result?.Ends() ?? "");

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
