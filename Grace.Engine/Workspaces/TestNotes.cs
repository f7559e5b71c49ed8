namespace Grace.Engine.Workspaces;

/// <summary>What the reader of a report should know and what did not decide. Pure.</summary>
internal static class TestNotes
{
    private const string Pip = "pip install ";

    public static IEnumerable<string> Of(IReadOnlyList<RanCommand> ran, LintRule lint)
    {
        // One by one they fail for one reason, and are told together.
        static bool IsPackage(RanCommand one) => one is { Replaced: false, Planned.Optional: true, Result: not { Succeeded: true } } && one.Planned.Text.StartsWith(Pip, StringComparison.Ordinal);
        if (ran.Where(IsPackage).Select(one => one.Planned.Text[Pip.Length..]).Select(what => what.EndsWith("-e .", StringComparison.Ordinal) || what.StartsWith("-e .[", StringComparison.Ordinal) ? "the project itself" : what).Distinct().ToList() is { Count: > 0 } lacking)
        {
            yield return $"Not to be installed here: {string.Join(", ", lacking.Take(20))}{(lacking.Count > 20 ? ", …" : "")}; the tests ran without.";
        }

        foreach (var one in ran)
        {
            var (what, code) = ($"`{one.Planned.Text}`", one.Result?.ExitCode is { } exit ? $"exit code {exit}" : one.Result is null ? "not installed" : "it did not end");
            if (one.Replaced)
            {
                yield return one.Planned.Name == "test"
                    ? $"{what} {(one.Result is { Succeeded: true } ? "gave no counts" : $"failed ({code})")}{(one.Tally is { Total: > 0 } tally ? $" after {tally.Passed} of {tally.Total} tests passed" : "")}: what it runs was run one by one."
                    : $"{what} failed ({code}): {string.Join(", ", one.Planned.Otherwise.Take(3).Select(other => $"`{other.Text}`"))}{(one.Planned.Otherwise.Count > 3 ? ", …" : "")} ran in its place.";
            }
            else if (one.Planned.Name == "lint" && one.Result is not { Succeeded: true } && !TestVerdict.Decides(one.Planned, lint))
            {
                yield return $"{what} found something ({code}); this does not decide here.";
            }
            else if (one.Planned.Optional && !IsPackage(one) && one.Result is not { Succeeded: true })
            {
                yield return $"{what} failed ({code}); the tests ran without what it would have brought.";
            }

            foreach (var note in one.Replaced ? [] : one.Tally?.Notes ?? [])
            {
                yield return $"{what}: {note}";
            }
        }
    }
}
