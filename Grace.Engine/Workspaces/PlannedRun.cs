namespace Grace.Engine.Workspaces;

/// <summary>A repository's commands, found and ready to run in the sandbox; what they wrote as results goes with it.</summary>
internal sealed class PlannedRun : IDisposable
{
    // Enough for the counts of thousands of tests; what is kept for the report is far less.
    private const int OutputLimit = 16 * 1024 * 1024;
    private static readonly TimeSpan ReportedLint = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(30);
    private readonly Sandbox sandbox;

    private PlannedRun(Sandbox sandbox, GitWorkspace repository, Site site, TestPlan plan) =>
        (this.sandbox, Repository, Site, Plan) = (sandbox, repository, site, plan);

    public GitWorkspace Repository { get; }

    public Site Site { get; }

    public TestPlan Plan { get; }

    /// <exception cref="GitFailedException">The workspace is no git repository of its own.</exception>
    public static async Task<PlannedRun> OpenAsync(Sandbox sandbox, string workspace, TestOptions options, CancellationToken cancel)
    {
        var repository = await GitWorkspace.OpenAsync(workspace, cancel).ConfigureAwait(false);
        var results = Path.Combine(sandbox.CacheFolder, "results", Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(results);
        var site = new Site(repository.Path, repository.Path, results, sandbox, options, async argv => (await sandbox.RunAsync(
            new SandboxCommand { Argv = argv, WorkingDirectory = repository.Path, TimeLimit = AskLimit }, cancel).ConfigureAwait(false)) is { Succeeded: true } answer ? answer.Output : null);
        var plan = await TestDiscovery.FindAsync(site).ConfigureAwait(false);
        repository.Ignore(plan.Ignored);
        return new PlannedRun(sandbox, repository, site, plan);
    }

    public async Task<RanCommand> RunAsync(PlannedCommand planned, CancellationToken cancel)
    {
        if (!sandbox.Has(planned.Argv[0]))
        {
            return new RanCommand(planned, null, null);
        }

        var result = await sandbox.RunAsync(new SandboxCommand
        {
            Argv = planned.Argv,
            WorkingDirectory = planned.Folder,
            WritableFolders = [Site.Root, Site.Results],
            Environment = planned.Environment,
            Network = planned.Network,
            // What does not decide is not waited for as long.
            TimeLimit = planned.Name == "lint" && !TestVerdict.Decides(planned, Site.Options.Lint) && Site.Options.TimeLimit > ReportedLint ? ReportedLint : Site.Options.TimeLimit,
            OutputLimit = OutputLimit,
            Name = planned.Text,
        }, cancel).ConfigureAwait(false);
        // Half an output may lack failures; counts from it would be too good.
        var readable = planned.Name == "test" && (result.Truncated == 0 || planned.CountsInFile);
        return new RanCommand(planned, result, readable ? planned.Read(result.Truncated == 0 ? result.Output : "", Site.Results) : null);
    }

    /// <summary>Puts back the tracked files that builds and checks rewrote, so that the tests run on the tree that is told of.</summary>
    /// <returns>What was put back.</returns>
    public async Task<IReadOnlyList<string>> PutBackAsync(string before, CancellationToken cancel)
    {
        var now = await Repository.TreeHashAsync(cancel).ConfigureAwait(false);
        List<string> changed = now == before ? [] : [.. (await Repository.ChangesAsync(before, now, cancel).ConfigureAwait(false)).Where(change => change.Change != "A").Select(change => change.Path)];
        if (changed.Count > 0)
        {
            await Repository.RestoreAsync(before, changed, cancel).ConfigureAwait(false);
        }

        return changed;
    }

    /// <summary>
    /// Removes the files that the commands left behind, and says what they changed: that is no longer the tree they ran on.
    /// </summary>
    public async Task<(string Tree, IReadOnlyList<string> Changed)> SettleAsync(string before, CancellationToken cancel)
    {
        var after = await Repository.TreeHashAsync(cancel).ConfigureAwait(false);
        var changes = after == before ? [] : await Repository.ChangesAsync(before, after, cancel).ConfigureAwait(false);
        foreach (var left in changes.Where(change => change.Change == "A"))
        {
            File.Delete(Path.Combine(Repository.Path, left.Path));
        }

        return (after, [.. changes.Where(change => change.Change != "A").Select(change => change.Path)]);
    }

    public void Dispose() => FolderRemoval.Remove(Site.Results);
}
