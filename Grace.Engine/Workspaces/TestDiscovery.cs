using Grace.Engine.Workspaces.Ecosystems;

namespace Grace.Engine.Workspaces;

/// <summary>Finds how a repository is built and tested: at its root, or else in the folders one below.</summary>
internal static class TestDiscovery
{
    private static readonly Func<Site, Task<TestPlan>>[] Planners =
        [Dotnet.PlanAsync, Npm.PlanAsync, Python.PlanAsync, Go.PlanAsync, Cargo.PlanAsync];

    public const string LookedFor =
        "a .NET solution or project, package.json, Python tests, go.mod, Cargo.toml, or a Makefile with a target test or check, at the root and one folder below";

    public static async Task<TestPlan> FindAsync(Site root)
    {
        var plan = await InAsync(root).ConfigureAwait(false);
        var covered = plan.Commands.Where(command => command.Name == "test").Select(command => Language(command.Ecosystem)).ToHashSet();
        foreach (var folder in Directory.EnumerateDirectories(root.Folder).Order().Where(one => !Path.GetFileName(one).StartsWith('.') && Path.GetFileName(one) != "node_modules"))
        {
            var site = root with { Folder = folder };
            if (covered.Count == 0)
            {
                plan += await InAsync(site).ConfigureAwait(false);
                continue;
            }

            // What the root's own commands do not reach: a part in another language.
            foreach (var planner in Planners)
            {
                var part = await planner(site).ConfigureAwait(false);
                plan += part.Commands.Where(command => command.Name == "test").Any(command => !covered.Contains(Language(command.Ecosystem))) ? part : TestPlan.Nothing;
            }
        }

        return plan;
    }

    private static async Task<TestPlan> InAsync(Site site)
    {
        var plan = TestPlan.Nothing;
        foreach (var planner in Planners)
        {
            plan += await planner(site).ConfigureAwait(false);
        }

        // A Makefile usually calls what was found already: running it too would count every test twice.
        return plan.Commands.Any(command => command.Name == "test") ? plan : plan + Make.Plan(site);
    }

    private static string Language(string ecosystem) => ecosystem switch
    {
        "pytest" or "unittest" => "python",
        "npm" or "node" => "javascript",
        _ => ecosystem,
    };
}
