using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces;

/// <summary>
/// Finds the build, lint and test commands of a repository that nobody here wrote, runs them in the sandbox, and tells
/// what that proves about which tree.
/// </summary>
public sealed class RepositoryTests(Sandbox sandbox)
{
    // Enough for the counts of thousands of tests; what is kept for the report is far less.
    private const int OutputLimit = 16 * 1024 * 1024;
    private static readonly TimeSpan ReportedLint = TimeSpan.FromMinutes(2);

    /// <param name="progress">Takes one line for each command that starts, and the results at the end.</param>
    /// <exception cref="GitFailedException">The workspace is no git repository of its own.</exception>
    public async Task<TestReport> RunAsync(string workspace, TestOptions options, Action<string> progress, CancellationToken cancel)
    {
        var repository = await GitWorkspace.OpenAsync(workspace, cancel).ConfigureAwait(false);
        var results = Path.Combine(sandbox.CacheFolder, "results", Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(results);
        try
        {
            var site = new Site(repository.Path, repository.Path, results, sandbox.CacheFolder, options, argv => WorksAsync(repository.Path, argv, cancel));
            var plan = await TestDiscovery.FindAsync(site).ConfigureAwait(false);
            repository.Ignore(plan.Ignored);
            var before = await repository.TreeHashAsync(cancel).ConfigureAwait(false);
            var ran = await RunAllAsync(plan, site, progress, cancel).ConfigureAwait(false);
            var (after, changed) = await SettleAsync(repository, before, cancel).ConfigureAwait(false);
            var report = Report(ran, site, before, after, changed, await sandbox.ConfinementAsync().ConfigureAwait(false));
            report.Lines().ToList().ForEach(progress);
            return report;
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    private async Task<List<RanCommand>> RunAllAsync(TestPlan plan, Site site, Action<string> progress, CancellationToken cancel)
    {
        var ran = new List<RanCommand>();
        // Tests of what was not built would be tests of something older.
        var broken = new HashSet<string>();
        foreach (var planned in plan.Commands.Where(planned => !broken.Contains(planned.Folder)))
        {
            progress($"→ Running {planned.Text}");
            var one = await RunOneAsync(planned, site, cancel).ConfigureAwait(false);
            if (planned.Otherwise is { } otherwise && one.Result is { TimedOut: false, ExitCode: not 0 })
            {
                progress($"→ Running {otherwise.Text}, since {planned.Text} failed");
                ran.Add(one with { Replaced = true });
                one = await RunOneAsync(otherwise, site, cancel).ConfigureAwait(false);
            }

            ran.Add(one);
            if (planned.Name == "build" && one.Result is not { Succeeded: true })
            {
                broken.Add(planned.Folder);
            }
        }

        return ran;
    }

    private async Task<RanCommand> RunOneAsync(PlannedCommand planned, Site site, CancellationToken cancel)
    {
        if (!sandbox.Has(planned.Argv[0]))
        {
            return new RanCommand(planned, null, null);
        }

        var result = await sandbox.RunAsync(new SandboxCommand
        {
            Argv = planned.Argv,
            WorkingDirectory = planned.Folder,
            WritableFolders = [site.Root, site.Results],
            Environment = planned.Environment,
            Network = planned.Network,
            // What does not decide is not waited for as long.
            TimeLimit = planned.Name == "lint" && !TestVerdict.Decides(planned, site.Options.Lint) && site.Options.TimeLimit > ReportedLint ? ReportedLint : site.Options.TimeLimit,
            OutputLimit = OutputLimit,
            Name = planned.Text,
        }, cancel).ConfigureAwait(false);
        // Half an output may lack failures; counts from it would be too good.
        var readable = planned.Name == "test" && (result.Truncated == 0 || planned.CountsInFile);
        return new RanCommand(planned, result, readable ? planned.Read(result.Output, site.Results) : null);
    }

    /// <summary>
    /// Removes the files that the commands left behind, and says what they changed: that is no longer the tree they ran on.
    /// </summary>
    private static async Task<(string Tree, IReadOnlyList<string> Changed)> SettleAsync(GitWorkspace repository, string before, CancellationToken cancel)
    {
        var after = await repository.TreeHashAsync(cancel).ConfigureAwait(false);
        var changes = after == before ? [] : await repository.ChangesAsync(before, after, cancel).ConfigureAwait(false);
        foreach (var left in changes.Where(change => change.Change == "A"))
        {
            File.Delete(Path.Combine(repository.Path, left.Path));
        }

        return (after, [.. changes.Where(change => change.Change != "A").Select(change => change.Path)]);
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
            .Select(one => $"`{one.Planned.Text}` found something ({(one.Result is null ? "not installed" : $"exit code {one.Result.ExitCode}")}); this does not decide here.");
        var coverage = CoberturaFile.LinePercent(Directory.EnumerateFiles(site.Results, "*cobertura*.xml", SearchOption.AllDirectories).Select(File.ReadAllText));
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

    private async Task<bool> WorksAsync(string folder, IReadOnlyList<string> argv, CancellationToken cancel) =>
        (await sandbox.RunAsync(new SandboxCommand { Argv = argv, WorkingDirectory = folder, TimeLimit = TimeSpan.FromSeconds(20) }, cancel).ConfigureAwait(false)).Succeeded;

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
