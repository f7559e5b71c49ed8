using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>JavaScript: the scripts of package.json, after its packages are there; without a test script, <c>node --test</c>.</summary>
internal static class Npm
{
    /// <summary>Runners that look for tests in every folder below.</summary>
    private static readonly string[] Searching = ["jest", "vitest", "ava", "node --test", "bun test", "deno test", "react-scripts"];

    public static Task<TestPlan> PlanAsync(Site site) => Task.FromResult(Plan(site));

    /// <summary>Whether the package's own test script sees to what lies in a folder below.</summary>
    public static bool Covers(Site site, string folder)
    {
        var (package, scripts) = Read(site);
        var names = Tests(scripts);
        if (names.Count == 0)
        {
            return Workspaces(package).Count > 0;
        }

        var calls = names.SelectMany(name => NodeScript.Calls(name, scripts)).ToList();
        // Tests in a folder that is no package are written for the package's own runner, and mean nothing to another.
        return (!File.Exists(Path.Combine(folder, "package.json")) && calls.Any(call => call.Runner is { } runner && !runner.StartsWith("node", StringComparison.Ordinal))) || calls.Any(call => Searches(call) || Regex.IsMatch(call.Text, $@"(?<![\w-]){Regex.Escape(site.Relative(folder))}(?![\w-])") || IsEverywhere(call.Text));
    }

    private static TestPlan Plan(Site site)
    {
        if (!site.Has("package.json"))
        {
            // A folder with a package of its own speaks for itself.
            return !site.Has("deno.json", "deno.jsonc") && site.Files("*.test.*js", 1).Any(file => !File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "package.json"))) ? new TestPlan([NodeTest(site)], []) : TestPlan.Nothing;
        }

        var (package, scripts) = Read(site);
        var client = NodeClient.Of(site, package);
        var commands = new List<PlannedCommand>();
        if (Needs(site, package))
        {
            commands.AddRange(new[] { client.Fetch(site) }.OfType<PlannedCommand>());
            var installed = commands.Count + 1;
            commands.Add(NpmAbsent.May(site, client.Install(site), package, () => commands[installed..]));
        }

        if (site.Options.Packages.GetValueOrDefault("npm") is { Count: > 0 } more)
        {
            commands.Add(new PlannedCommand("build", "npm", site.Folder, ["npm", "install", "--no-save", "--no-package-lock", .. more]) { Network = SandboxNetwork.Full, Install = "Node.js with npm" });
        }

        if (scripts.ContainsKey("build"))
        {
            // What a foreign repository publishes need not be what its tests run: they say themselves what they lack.
            commands.Add(client.Script(site, "build", "build") with { Network = SandboxNetwork.Full, Optional = site.Options.Lint == LintRule.Report });
        }

        if (scripts.ContainsKey("lint") && site.Options.Lint != LintRule.Off)
        {
            commands.Add(client.Script(site, "lint", "lint") with { Own = true, Mend = NpmMend.Of(site, scripts) });
        }

        var tests = Tests(scripts);
        commands.AddRange(tests.Select(script => Test(site, client, script, scripts)));
        if (Workspaces(package).Count > 0 && !tests.SelectMany(name => NodeScript.Calls(name, scripts)).Any(call => Searches(call) || IsEverywhere(call.Text)))
        {
            commands.Add(client.Everywhere(site));
        }
        else if (tests.Count == 0 && site.Files("*.test.*js", 3).Any())
        {
            commands.Add(NodeTest(site));
        }

        return new TestPlan(commands, [site.Pattern(Path.Combine(site.Folder, "node_modules")), "node_modules/", site.Pattern(Path.Combine(site.Folder, NodeClient.Folder)), .. client.Modern ? new[] { "/.pnp.*", "/.yarn/" } : []]);
    }

    private static PlannedCommand Test(Site site, NodeClient client, string script, Dictionary<string, string> scripts)
    {
        var calls = NodeScript.Calls(script, scripts);
        var whole = NodeReports.Ask(site, client, script, calls, scripts) with { Only = failures => NpmOnly.Of(site, script, scripts[script], failures) };
        var runners = calls.Where(call => call.Runner is not null).ToList();
        return runners.Count == 0 || calls.Count == 1 ? whole : whole with
        {
            StopsEarly = runners.Count > 1,
            Otherwise = [.. calls.Select(call => call is { Runner: null, Style: false } ? TypeCheck.Planned(site, client, call.Text) : client.Shell(site, call.Runner is null ? "lint" : "test", call.Text) with { Own = true })],
        };
    }

    private static (JsonObject? Package, Dictionary<string, string> Scripts) Read(Site site)
    {
        JsonObject? package;
        try
        {
            package = ForeignJson.Read(site.Text("package.json")) as JsonObject;
        }
        catch (JsonException)
        {
            package = null;
        }

        return (package, (package?["scripts"] as JsonObject)?.Where(one => one.Value?.GetValueKind() == JsonValueKind.String)
            .ToDictionary(one => one.Key, one => one.Value!.GetValue<string>()) ?? []);
    }

    /// <summary>The script "test", or what is there in its place. What npm init writes is no test.</summary>
    private static List<string> Tests(Dictionary<string, string> scripts) =>
        scripts.TryGetValue("test", out var test) && !test.Contains("no test specified", StringComparison.Ordinal) ? ["test"]
        : [.. scripts.Keys.Where(name => name is "test:unit" or "test:integration" or "tests" or "test:ci")];

    private static List<string> Workspaces(JsonObject? package) =>
        [.. ((package?["workspaces"] as JsonArray) ?? (package?["workspaces"] as JsonObject)?["packages"] as JsonArray ?? []).Select(one => $"{one}")];

    /// <summary>Whether a runner is left to look for tests itself: a path that is no flag's value narrows it.</summary>
    private static bool Searches(NodeCall call)
    {
        var words = call.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.FindLastIndex(words, word => call.Runner is { } runner && (word == runner.Split(' ')[^1] || word.EndsWith("/" + runner, StringComparison.Ordinal)));
        return call.Runner is not null && Searching.Contains(call.Runner)
            && !words.Skip(at + 1).Where((word, i) => !word.StartsWith('-') && word is not ("run" or "--") && (i == 0 || !words[at + i].StartsWith('-') || words[at + i].Contains('=', StringComparison.Ordinal))).Any();
    }

    private static bool IsEverywhere(string text) => new[] { "turbo", "lerna", "nx ", "-r ", "--recursive", "workspace", "foreach", "--filter", "wsrun", "rush " }.Any(word => text.Contains(word, StringComparison.Ordinal));

    private static bool Needs(Site site, JsonObject? package) => site.Has("pnpm-workspace.yaml")
        || new[] { "dependencies", "devDependencies", "optionalDependencies", "workspaces" }.Any(name => package?[name] is JsonObject { Count: > 0 } or JsonArray { Count: > 0 });

    private static PlannedCommand NodeTest(Site site) =>
        new("test", "node", site.Folder, "node", "--test") { Part = $"{site.Folder} npm", Install = "Node.js 20 or later (nodejs)", Only = failures => NpmOnly.Node(site, ["node", "--test"], failures) };
}
