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
        if (plan.Commands.Any(command => command.Name == "test"))
        {
            return plan;
        }

        foreach (var folder in Directory.EnumerateDirectories(root.Folder).Order().Where(one => !Path.GetFileName(one).StartsWith('.') && Path.GetFileName(one) != "node_modules"))
        {
            plan += await InAsync(root with { Folder = folder }).ConfigureAwait(false);
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
}
