using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>A package's test script for single tests, where the runner behind it is one that can.</summary>
internal static partial class NpmOnly
{
    public static PlannedCommand? Of(Site site, string script, string text, IReadOnlyList<TestFailure> failures)
    {
        if (Node().Match(text) is { Success: true })
        {
            return Node(site, text.Split(' ', StringSplitOptions.RemoveEmptyEntries), failures);
        }

        // All three take a pattern over the whole name, its parts joined by spaces.
        var pattern = string.Join('|', failures.Select(one => Regex.Escape(Separator().Replace(one.Id, " "))).Distinct());
        string? flag = text.Contains("jest", StringComparison.Ordinal) || text.Contains("vitest", StringComparison.Ordinal) ? "-t"
            : text.Contains("mocha", StringComparison.Ordinal) ? "--grep" : null;
        return flag is null ? null : new PlannedCommand("test", "npm", site.Folder, ["npm", "run", script, "--", flag, pattern]) { Install = "Node.js with npm" };
    }

    /// <param name="argv">node with --test and whatever else the script says.</param>
    public static PlannedCommand Node(Site site, IReadOnlyList<string> argv, IReadOnlyList<TestFailure> failures) =>
        new("test", "node", site.Folder,
            [argv[0], .. failures.Select(one => $"--test-name-pattern=^{Regex.Escape(one.Id)}$").Distinct(), .. argv.Skip(1)]) { Install = "Node.js 20 or later (nodejs)" };

    /// <summary>node --test alone, with nothing that a shell would have to read.</summary>
    [GeneratedRegex(@"^node( [\w./*=:@-]+)* --test( [\w./*=:@-]+)*$")]
    private static partial Regex Node();

    [GeneratedRegex(@" [›>] ")]
    private static partial Regex Separator();
}
