using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Text;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>JavaScript: the scripts of package.json, after its packages are there; without a test script, <c>node --test</c>.</summary>
internal static class Npm
{
    public static Task<TestPlan> PlanAsync(Site site)
    {
        if (!site.Has("package.json"))
        {
            return Task.FromResult(site.Files("*.test.*js", 1).Any() ? new TestPlan([NodeTest(site)], []) : TestPlan.Nothing);
        }

        JsonObject? package;
        try
        {
            package = ForeignJson.Read(site.Text("package.json")) as JsonObject;
        }
        catch (JsonException)
        {
            package = null;
        }

        var scripts = (package?["scripts"] as JsonObject)?.Where(one => one.Value?.GetValueKind() == JsonValueKind.String)
            .ToDictionary(one => one.Key, one => one.Value!.GetValue<string>()) ?? [];
        var commands = new List<PlannedCommand>();
        if (Installs(site, package) is { } install)
        {
            commands.Add(install);
        }

        if (site.Options.Packages.GetValueOrDefault("npm") is { Count: > 0 } more)
        {
            commands.Add(Fetch(site, ["npm", "install", "--no-save", "--no-package-lock", .. more]));
        }

        if (scripts.ContainsKey("build"))
        {
            commands.Add(Run(site, "build", "build") with { Network = SandboxNetwork.Full });
        }

        if (scripts.ContainsKey("lint") && site.Options.Lint != LintRule.Off)
        {
            commands.Add(Run(site, "lint", "lint") with { Own = true, Mend = NpmMend.Of(site, scripts) });
        }

        var tests = Tests(scripts);
        commands.AddRange(tests.Select(script => Run(site, "test", script) with { Only = failures => NpmOnly.Of(site, script, scripts[script], failures) }));
        if (tests.Count == 0 && site.Files("*.test.*js", 3).Any())
        {
            commands.Add(NodeTest(site));
        }

        return Task.FromResult(new TestPlan(commands, [site.Pattern(Path.Combine(site.Folder, "node_modules"))]));
    }

    /// <summary>The script "test", or what is there in its place. What npm init writes is no test.</summary>
    private static List<string> Tests(Dictionary<string, string> scripts) =>
        scripts.TryGetValue("test", out var test) && !test.Contains("no test specified", StringComparison.Ordinal) ? ["test"]
        : [.. scripts.Keys.Where(name => name is "test:unit" or "test:integration" or "tests" or "test:ci")];

    private static PlannedCommand? Installs(Site site, JsonObject? package)
    {
        var needs = new[] { "dependencies", "devDependencies", "optionalDependencies", "workspaces" }
            .Any(name => package?[name] is JsonObject { Count: > 0 } or JsonArray { Count: > 0 });
        if (!needs)
        {
            return null;
        }

        // Without a lock file none is written, and one that is there is not rewritten: it would change the tree that is
        // tested. A lock file that another npm wrote may not satisfy this one to the letter.
        return site.Has("package-lock.json", "npm-shrinkwrap.json")
            ? Fetch(site, ["npm", "ci"]) with { Otherwise = Fetch(site, ["npm", "install", "--no-save"]) }
            : Fetch(site, ["npm", "install", "--no-package-lock"]);
    }

    private static PlannedCommand Fetch(Site site, IReadOnlyList<string> argv) =>
        new("build", "npm", site.Folder, argv) { Network = SandboxNetwork.Full, Install = "Node.js with npm" };

    private static PlannedCommand Run(Site site, string name, string script) =>
        new(name, "npm", site.Folder, script == "test" ? ["npm", "test"] : ["npm", "run", script]) { Install = "Node.js with npm" };

    private static PlannedCommand NodeTest(Site site) =>
        new("test", "node", site.Folder, "node", "--test") { Install = "Node.js 20 or later (nodejs)", Only = failures => NpmOnly.Node(site, ["node", "--test"], failures) };
}
