using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Which frameworks of a test project this machine can run: those, each by itself, or the newest on a newer runtime.</summary>
internal sealed partial record DotnetRuntimes(IReadOnlySet<(int Major, int Minor)> Here)
{
    /// <summary>A way to run a project's tests.</summary>
    /// <param name="Framework">Null: all of them at once.</param>
    /// <param name="Forward">Whether a newer runtime stands in.</param>
    internal sealed record Way(string? Framework, bool Forward);

    public static async Task<DotnetRuntimes> OfAsync(Site site)
    {
        var told = await site.Ask(["dotnet", "--list-runtimes"]).ConfigureAwait(false) ?? "";
        return new DotnetRuntimes(Runtime().Matches(told).Select(match => (int.Parse(match.Groups[1].Value, null), int.Parse(match.Groups[2].Value, null))).ToHashSet());
    }

    /// <returns>The ways, and for each framework that is left out, why.</returns>
    public (IReadOnlyList<Way> Ways, IReadOnlyList<string> NotRun) Of(Site site, DotnetTests test)
    {
        var name = site.Relative(test.File);
        var runs = test.Frameworks.Where(one => DotnetTests.Version(one) is { } version && Here.Contains((version.Major, version.Minor))).ToList();
        if (Here.Count == 0 || test.Frameworks.Count == runs.Count)
        {
            return ([new Way(null, false)], []);
        }

        var left = test.Frameworks.Except(runs).ToList();
        if (runs.Count > 0)
        {
            return ([.. runs.Select(one => new Way(one, false))], [.. left.Select(one => $"{one} of {name}: {Why(one)}")]);
        }

        var newest = left.Where(one => DotnetTests.Version(one) is not null).MaxBy(DotnetTests.Version);
        return newest is null ? ([], [.. left.Select(one => $"{one} of {name}: {Why(one)}")])
            : ([new Way(newest, true)], [.. left.Except([newest]).Select(one => $"{one} of {name}: {Why(one)}"), $"{newest} of {name} on its own runtime, which is not on this machine: .NET {Here.Max().Major} stands in for it."]);
    }

    private static string Why(string framework) => DotnetTests.Version(framework) is null ? "it does not run on this system." : "its runtime is not on this machine.";

    [GeneratedRegex(@"^Microsoft\.NETCore\.App (\d+)\.(\d+)\.", RegexOptions.Multiline)]
    private static partial Regex Runtime();
}
