using Grace.Engine.Workspaces.Ecosystems;

namespace Grace.Engine.Workspaces;

/// <summary>
/// Finds how a repository is built and tested: at its root, and in the folders below whatever the commands of the root do not reach.
/// What is found and not run is named.
/// </summary>
internal static class TestDiscovery
{
    /// <param name="Language">What its tests are written in: where the root has none in it, those of every folder below are its own.</param>
    /// <param name="Covers">Whether a folder's commands reach a folder below it.</param>
    private sealed record Planner(string Language, Func<Site, Task<TestPlan>> PlanAsync, Func<Site, string, bool> Covers);

    private const int Depth = 2;
    private const int MostParts = 20;

    /// <summary>What lies there is shown, used or measured, and not tested for its own sake.</summary>
    private static readonly string[] Aside =
        ["example", "examples", "sample", "samples", "demo", "demos", "doc", "docs", "website", "site", "bench", "benches", "benchmark", "benchmarks", "fixture", "fixtures", "testdata", "template", "templates", "playground", "playgrounds", "fuzz"];

    private static readonly string[] Foreign = ["node_modules", "vendor", "third_party", "third-party", "thirdparty", "deps", "external", "extern", "submodules", "bower_components", "target", "bin", "obj", "dist", "build", "out", "venv", "env", "__pycache__", "Pods"];

    private static readonly Planner[] Planners =
    [
        new("dotnet", Dotnet.PlanAsync, (_, _) => true), new("javascript", Npm.PlanAsync, Npm.Covers), new("python", Python.PlanAsync, Python.Covers),
        // A module is tested without those below it.
        new("go", Go.PlanAsync, (_, _) => false), new("rust", Cargo.PlanAsync, Cargo.Covers),
        .. OtherLanguages.All.Select(other => new Planner(other.Language, site => Task.FromResult(OtherLanguages.Plan(site, other)), (_, _) => true)),
    ];

    public const string LookedFor =
        "a .NET solution or project, package.json, Python tests, go.mod, Cargo.toml, Maven, Gradle, Ruby, PHP, Elixir, Swift, Dart, Perl, Lua and shell tests, CMake, Meson, or a Makefile with a target test or check, at the root and two folders below";

    public static async Task<TestPlan> FindAsync(Site root)
    {
        var plan = TestPlan.Nothing;
        var asides = new List<string>();
        var found = new List<(string Language, Site Site, Func<Site, string, bool> Covers)>();
        foreach (var site in Sites(root))
        {
            var place = root.Relative(site.Folder);
            var aside = found.Count > 0 && place.Split('/').Any(IsAside);
            var (own, away) = (TestPlan.Nothing, TestPlan.Nothing);
            foreach (var planner in Planners.Where(one => !found.Any(other => other.Language == one.Language && IsBelow(site, other.Site) && other.Covers(other.Site, site.Folder))))
            {
                var part = await planner.PlanAsync(site).ConfigureAwait(false);
                if (Tests(part) && (aside || found.Count >= MostParts))
                {
                    asides.Add($"{place} ({planner.Language})");
                }
                else if (Tests(part) && OtherLanguages.IsAnotherWay(planner.Language) && part.Commands.All(command => !site.Sandbox.Has(command.Argv[0])))
                {
                    away += part;
                }
                else if (Tests(part) || site.Folder == root.Folder)
                {
                    own += part;
                    found.AddRange(Tests(part) ? [(planner.Language, site, planner.Covers)] : []);
                }
            }

            // What compiles C is looked for where nothing more telling is, and so is a Makefile: it usually calls what was found already.
            var native = aside || found.Any(one => one.Site.Folder != site.Folder) ? TestPlan.Nothing : Tests(own) ? Make.Beside(site) : Native.Plan(site);
            found.AddRange(Tests(native) ? [("native", site, (_, _) => true)] : []);
            // Another way to build the same is missed only where there is no way.
            plan += own + native + (Tests(own) || Tests(native) ? away with { Commands = [], NotRun = [.. away.Commands.Select(command => $"`{command.Text}`: {command.Argv[0]} is not installed.")] } : away);
        }

        return asides.Count == 0 ? plan : plan with
        {
            NotRun = [.. plan.NotRun, $"the tests in {string.Join(", ", asides.Take(10))}{(asides.Count > 10 ? $" and {asides.Count - 10} more" : "")}: what lies there is shown or measured and not tested for its own sake, or there are more than {MostParts} parts."],
        };
    }

    public static bool IsAside(string name) => Aside.Contains(name);

    private static bool IsBelow(Site site, Site other) => (site.Folder + "/").StartsWith(other.Folder + "/", StringComparison.Ordinal);

    private static bool Tests(TestPlan plan) => plan.Commands.Any(command => command.Name == "test") || plan.NotRun.Count > 0;

    private static IEnumerable<Site> Sites(Site root)
    {
        var level = new List<string> { root.Folder };
        for (var depth = 0; depth <= Depth; depth++)
        {
            foreach (var folder in level)
            {
                yield return root with { Folder = folder };
            }

            level = [.. level.SelectMany(folder => Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
                .Where(one => !Path.GetFileName(one).StartsWith('.') && !Foreign.Contains(Path.GetFileName(one)) && new DirectoryInfo(one).LinkTarget is null)];
        }
    }
}
