using System.Text.RegularExpressions;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces;

/// <summary>A command that ran (or could not), with its counts where it is a test.</summary>
internal sealed record RanCommand(PlannedCommand Planned, CommandResult? Result, TestTally? Tally)
{
    /// <summary>Another command ran in its place, since it failed.</summary>
    public bool Replaced { get; init; }

    /// <summary>What its part ran without, since it cannot be had.</summary>
    public LeftOut? Left { get; init; }

    /// <summary>That it went without something was in vain: what failed before it decides.</summary>
    public bool InVain { get; init; }
}

/// <summary>Whether a run proves anything. Pure: "no green without proof" in one place.</summary>
internal static partial class TestVerdict
{
    /// <summary>Everything that speaks against success; empty when nothing does.</summary>
    public static IReadOnlyList<string> Objections(IReadOnlyList<RanCommand> ran, LintRule lint)
    {
        var objections = ran.Select(one => Objection(one, lint)).OfType<string>().ToList();
        if (!ran.Any(one => one.Planned.Name == "test") && objections.Count == 0)
        {
            objections.Add($"No tests were found. Looked for {TestDiscovery.LookedFor}.");
        }

        return objections;
    }

    /// <summary>Whether a failed lint command decides.</summary>
    public static bool Decides(PlannedCommand lint, LintRule rule) => lint.Proves || rule == LintRule.Required || (rule == LintRule.Auto && lint.Own);

    /// <summary>Whether the failure of a command that ran decides.</summary>
    public static bool Decides(RanCommand ran, LintRule lint) => !ran.Replaced && !ran.Planned.Optional && (ran.Planned.Name != "lint" || Decides(ran.Planned, lint));

    private static string? Objection(RanCommand ran, LintRule lint)
    {
        var what = $"`{ran.Planned.Text}`";
        if (!Decides(ran, lint))
        {
            return null;
        }

        return ran switch
        {
            { Result: null } => $"{ran.Planned.Argv[0]} is not installed, so {what} could not run: install {(ran.Planned.Install.Length > 0 ? ran.Planned.Install : ran.Planned.Argv[0])}.",
            { Result.TimedOut: true } => $"{what} did not end within its time limit and was stopped after {ran.Result.Duration.TotalSeconds:0} s.",
            { Planned.Name: "test" } => TestObjection(ran, what, ran.Result),
            { Result.ExitCode: not 0 } => $"{(ran.Planned.Name == "build" ? "The build" : ran.Planned.Proves ? "A check" : "The lint check")} failed: {what} exited with {ran.Result.ExitCode}{Said(ran.Result.Output)}.{Whose(ran.Result.Output)}",
            _ => null,
        };
    }

    /// <summary>The first line in which a tool speaks of an error, so that the reader need not look for it.</summary>
    private static string Said(string output) =>
        PlainText.Lines(output).Select(line => Error().Match(line)).FirstOrDefault(match => match.Success)?.Value.Trim() is not { } line ? ""
            : $" ({(line.Length <= 200 ? line : line[..200] + "…").TrimEnd('.')})";

    /// <summary>Checks of types look into installed packages too, which change while the repository does not.</summary>
    private static string Whose(string output) =>
        PlainText.Lines(output).Select(line => Place().Match(line)).Where(match => match.Success).ToList() is { Count: > 0 } places && places.All(match => match.Groups[1].Value.Contains("node_modules/", StringComparison.Ordinal))
            ? " All that it names lies in installed packages (node_modules), nothing in the repository's own files." : "";

    private static string Last(string output) =>
        PlainText.Lines(output).LastOrDefault(line => line.Any(char.IsLetter))?.Trim() is { } line ? $" (it ended with: {(line.Length <= 200 ? line : line[..200] + "…").TrimEnd('.')})" : "";

    private static string Failed(TestTally tally, string what)
    {
        var broken = tally.Cases.Count(one => one.Broken);
        return broken == 0 ? $"{tally.Failed} of {tally.Total} tests failed ({what})."
            : $"{broken} test file{(broken == 1 ? "" : "s")} or package{(broken == 1 ? "" : "s")} could not be loaded or built, so none of {(broken == 1 ? "its" : "their")} tests ran; of the others {Math.Max(0, tally.Failed - broken)} failed and {tally.Passed} passed ({what}).";
    }

    private static string? TestObjection(RanCommand ran, string what, CommandResult result)
    {
        if (ran.Tally is not { } tally)
        {
            return result.Truncated > 0 && !ran.Planned.CountsInFile
                ? $"{what} exited with {result.ExitCode}, but printed so much that its output was cut, and the counts with it: nothing is proven."
                : $"{what} exited with {result.ExitCode}, but reported no counts that can be read: nothing is proven{Said(result.Output) switch { "" => Last(result.Output), var said => said }}.";
        }

        return (tally, result.ExitCode) switch
        {
            ({ Failed: > 0 }, 0) => $"{what} exited with 0 although {tally.Failed} of {tally.Total} tests failed: exit code and counts disagree.",
            ({ Failed: > 0 }, _) => Failed(tally, what),
            ({ Passed: 0, Skipped: > 0 }, _) => $"{what} ran no test: all {tally.Skipped} were skipped.",
            ({ Passed: 0 }, _) => $"{what} ran no test.",
            (_, not 0) => $"{what} exited with {result.ExitCode} although no test is reported as failed: exit code and counts disagree.",
            _ => null,
        };
    }

    [GeneratedRegex(@"\b(?:npm (?:ERR!|error) (?!code\b|A complete|path\b|command\b)|(?:fatal )?error(?: [A-Z]+\d+|\[E\d+\])?:|ERROR:|error TS\d+:|ERR_PNPM_\w+\b).*?(?= \[/|$)|^\S*Error: .*|^error (?!Command failed)\w.*|^\s*✖\s+\d+:\d+\s.*|^go: (?!downloading|finding|extracting|warning).*")]
    private static partial Regex Error();

    [GeneratedRegex(@"^\s*([\w@./+-]+\.[cm]?[jt]sx?)[:(]\d+[:,]\d+\)?:?(?:\s|$)")]
    private static partial Regex Place();
}
