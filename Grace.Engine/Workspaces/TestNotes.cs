using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces;

/// <summary>What the reader of a report should know and what did not decide. Pure.</summary>
internal static partial class TestNotes
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
            if (one.Left is { } left)
            {
                yield return left.Why is { } why ? $"{what} failed ({code}) {why}: `{left.Commands[0].Text}` ran in its place." : $"{what} failed ({code}) since {left.Names} cannot be had here. What was built and tested was built and tested without: whatever needs {(left.What.Count == 1 ? "it" : "them")} would not have compiled.";
            }
            else if (one.InVain)
            {
                yield return $"{what} failed too ({code}): what was left out is not all that is wrong.";
            }
            else if (one.Replaced)
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

            if (one is { Planned: { Ecosystem: "make", Name: "test" }, Replaced: false, Result.ExitCode: > 0, Tally.Failed: > 0 })
            {
                yield return $"{what} stops at the first program whose tests fail: what would have come after it did not run.";
            }

            if (one.Planned.Name != "build" && one.Result is { Succeeded: false } failed && Refusal(failed.Output, one.Planned.Network) is { } refusal)
            {
                yield return $"{what}: {refusal}";
            }

            foreach (var note in one.Replaced ? [] : one.Tally?.Notes ?? [])
            {
                yield return $"{what}: {note}";
            }
        }
    }

    /// <summary>What a command speaks of that the sandbox does not give: outside it may end otherwise.</summary>
    private static string? Refusal(string output, SandboxNetwork network) =>
        network != SandboxNetwork.Full && Network().Match(output) is { Success: true } net ? $"it speaks of the network (\"{net.Value}\"), which the sandbox does not give to tests; outside it may end otherwise."
        : ReadOnly().Match(output) is { Success: true } only ? $"it tried to write where the sandbox lets nothing be written (\"{only.Value}\"); outside it may end otherwise." : null;

    [GeneratedRegex(@"\b(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH|Name or service not known|Temporary failure in name resolution|[Nn]etwork is unreachable|Could not resolve host|no such host|getaddrinfo failed)\b")]
    private static partial Regex Network();

    [GeneratedRegex(@"\b(?:EROFS|Read-only file system)\b")]
    private static partial Regex ReadOnly();
}
