using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces;

/// <summary>How often a test passed when it ran again alone.</summary>
public sealed record Rerun(string Test, int Runs, int Passed);

/// <summary>What can be done about a failed run without a person: mend the style, run failed tests again.</summary>
public sealed class RepositoryMends(Sandbox sandbox)
{
    private const int Reruns = 3;

    /// <summary>Runs the fixers of the lint commands that were found.</summary>
    /// <returns>The commands that ran, with their exit codes; empty when no lint command has a fixer.</returns>
    /// <exception cref="GitFailedException">The workspace is no git repository of its own.</exception>
    public async Task<IReadOnlyList<(string Command, int? ExitCode)>> StyleAsync(string workspace, Action<string> progress, CancellationToken cancel)
    {
        using var run = await PlannedRun.OpenAsync(sandbox, workspace, new TestOptions { Lint = LintRule.Required }, cancel).ConfigureAwait(false);
        var ran = new List<(string, int?)>();
        foreach (var mend in run.Plan.Commands.Select(command => command.Mend).OfType<PlannedCommand>())
        {
            progress($"→ Running {mend.Text}");
            var one = await run.RunAsync(mend, cancel).ConfigureAwait(false);
            ran.Add((mend.Text, one.Result?.ExitCode));
        }

        return ran;
    }

    /// <summary>
    /// Runs failed tests again, alone, up to three times. One that passes at least once, on the tree it failed on, is flaky.
    /// Null when a test command cannot run single tests.
    /// </summary>
    /// <exception cref="GitFailedException">The workspace is no git repository of its own.</exception>
    public async Task<IReadOnlyList<Rerun>?> RerunAsync(string workspace, IReadOnlyList<TestFailure> failures, Action<string> progress, CancellationToken cancel)
    {
        using var run = await PlannedRun.OpenAsync(sandbox, workspace, new TestOptions { Lint = LintRule.Off }, cancel).ConfigureAwait(false);
        var before = await run.Repository.TreeHashAsync(cancel).ConfigureAwait(false);
        var commands = run.Plan.Commands.Where(command => command.Name == "test").Select(command => command.Only(failures)).ToList();
        if (commands.Count == 0 || commands.Contains(null))
        {
            return null;
        }

        // Two files may have a test of one name: they pass together or not at all.
        var passed = failures.Select(failure => failure.Id).Distinct().ToDictionary(id => id, _ => 0);
        var runs = 0;
        while (runs < Reruns && passed.ContainsValue(0))
        {
            runs++;
            foreach (var command in commands)
            {
                progress($"→ Running {command!.Text}");
                if ((await run.RunAsync(command, cancel).ConfigureAwait(false)).Tally is not { Cases: var cases })
                {
                    // Nothing ran, e.g. since it is built from packages that cannot be had: that says nothing of the tests.
                    await run.SettleAsync(before, cancel).ConfigureAwait(false);
                    return null;
                }

                // Some tools name a test by its parent too: it passed when nothing of its name failed.
                foreach (var same in cases.GroupBy(one => one.Id).Where(same => passed.ContainsKey(same.Key) && same.All(one => one.Outcome == TestOutcome.Passed)))
                {
                    passed[same.Key]++;
                }
            }
        }

        await run.SettleAsync(before, cancel).ConfigureAwait(false);
        return [.. failures.Select(failure => new Rerun(failure.Id, runs, passed[failure.Id]))];
    }
}
