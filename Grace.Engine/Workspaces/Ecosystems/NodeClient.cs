using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>
/// Who installs a package's dependencies and runs its scripts: npm, or what its manifest or lock file names. What is not on this
/// machine is fetched from npm's registry, in the version that the repository names, into a folder of the workspace.
/// </summary>
internal sealed partial record NodeClient(string Name, string? Package, IReadOnlyList<string> Argv, bool Modern)
{
    /// <summary>Beside the repository's own files, and no part of its tree.</summary>
    public const string Folder = ".grace-tools";

    private static readonly string[] Managers = ["npm", "pnpm", "yarn", "bun"];

    public static NodeClient Of(Site site, JsonObject? package)
    {
        var named = package?["packageManager"] is JsonValue value && value.TryGetValue<string>(out var text) ? Version().Match(text) : Match.Empty;
        var name = named.Success && Managers.Contains(named.Groups["name"].Value) ? named.Groups["name"].Value
            : site.Has("pnpm-lock.yaml", "pnpm-workspace.yaml") ? "pnpm" : site.Has("package-lock.json", "npm-shrinkwrap.json") ? "npm" : site.Has("yarn.lock", ".yarnrc.yml") ? "yarn" : site.Has("bun.lock", "bun.lockb") ? "bun" : "npm";
        var version = named.Success && named.Groups["name"].Value == name ? named.Groups["version"].Value : null;
        if (name == "npm")
        {
            return new NodeClient("npm", null, ["npm"], false);
        }

        if (name == "yarn" && YarnPath().Match(site.Text(".yarnrc.yml")) is { Success: true } own && site.Has(own.Groups[1].Value))
        {
            return new NodeClient("yarn", null, ["node", Path.Combine(site.Folder, own.Groups[1].Value)], true);
        }

        var modern = name == "yarn" && (version is not null ? !version.StartsWith("1.", StringComparison.Ordinal) : site.Has(".yarnrc.yml") || site.Text("yarn.lock").Contains("__metadata:", StringComparison.Ordinal));
        if (version is null && !modern && site.Sandbox.Has(name))
        {
            return new NodeClient(name, null, [name], false);
        }

        version ??= name switch
        {
            "yarn" => modern ? "4" : "1",
            "bun" => "1",
            // By the form of its lock file.
            _ => LockVersion().Match(site.Text("pnpm-lock.yaml")).Groups[1].Value switch { "5" => "7", "6" => "8", _ => "10" },
        };
        return new NodeClient(name, $"{(modern ? "@yarnpkg/cli-dist" : name)}@{version}", [Path.Combine(Home(site, name), "node_modules", ".bin", name)], modern);
    }

    /// <summary>Fetches the manager itself; null where it is here.</summary>
    public PlannedCommand? Fetch(Site site) => Package is null ? null
        : new PlannedCommand("build", "npm", site.Folder, "npm", "install", "--no-save", "--no-package-lock", "--prefix", Home(site, Name), Package)
            { Network = SandboxNetwork.Full, Install = "Node.js with npm", Private = ["--prefix", Home(site, Name)], Environment = new Dictionary<string, string> { ["npm_config_workspaces"] = "false" } };

    /// <summary>What is written to the lock file is no part of the tree that is tested: either nothing is, or it is put back.</summary>
    public PlannedCommand Install(Site site) => Name switch
    {
        "pnpm" => Run(site, "build", "install", "--frozen-lockfile") with { Network = SandboxNetwork.Full, Otherwise = [Run(site, "build", "install", "--no-frozen-lockfile") with { Network = SandboxNetwork.Full, Otherwise = [Run(site, "build", "install", "--no-lockfile") with { Network = SandboxNetwork.Full }] }] },
        "yarn" => Run(site, "build", "install", Modern ? "--immutable" : "--frozen-lockfile") with { Network = SandboxNetwork.Full, Otherwise = [Run(site, "build", Modern ? ["install", "--no-immutable"] : ["install", "--pure-lockfile"]) with { Network = SandboxNetwork.Full }] },
        "bun" => Run(site, "build", "install", "--frozen-lockfile") with { Network = SandboxNetwork.Full, Otherwise = [Run(site, "build", "install", "--no-save") with { Network = SandboxNetwork.Full }] },
        // Without a lock file none is written, and one that is there is not rewritten. A lock file that another npm wrote may not satisfy this one to the letter,
        // and one that names a version that is gone satisfies none: then the versions that the manifest allows.
        _ when site.Has("package-lock.json", "npm-shrinkwrap.json") => Npm(site, "ci") with { Otherwise = [Npm(site, "install", "--no-save") with { Otherwise = [Npm(site, "install", "--no-save", "--legacy-peer-deps") with { Otherwise = [Npm(site, "install", "--no-package-lock")] }] }] },
        _ => Npm(site, "install", "--no-package-lock") with { Otherwise = [Npm(site, "install", "--no-package-lock", "--legacy-peer-deps")] },
    };

    public PlannedCommand Script(Site site, string name, string script, params IReadOnlyList<string> more) =>
        Run(site, name, script == "test" && Name != "bun" ? ["test", .. more] : ["run", script, .. more]);

    /// <summary>The test scripts of every package of a workspace that has one.</summary>
    public PlannedCommand Everywhere(Site site) => Name switch
    {
        "pnpm" => Run(site, "test", "-r", "--if-present", "test"),
        "yarn" => Modern ? Run(site, "test", "workspaces", "foreach", "-A", "run", "test") : Run(site, "test", "workspaces", "run", "test"),
        "bun" => Run(site, "test", "run", "--filter", "*", "test"),
        _ => Run(site, "test", "test", "--workspaces", "--if-present"),
    };

    /// <summary>A line of a script as a shell in the package reads it.</summary>
    public PlannedCommand Shell(Site site, string name, string line) =>
        Planned(site, name, ["npm", "exec", "--offline", "--workspaces=false", "-c", line]) with { Private = ["exec", "--offline", "--workspaces=false", "-c"], Shown = line };

    public PlannedCommand Run(Site site, string name, params IReadOnlyList<string> words) =>
        Planned(site, name, [.. Argv, .. words]) with { Shown = $"{Name} {string.Join(' ', words)}" };

    private static string Home(Site site, string name) => Path.Combine(site.Folder, Folder, name);

    private PlannedCommand Npm(Site site, params string[] words) => Run(site, "build", words) with { Network = SandboxNetwork.Full };

    private PlannedCommand Planned(Site site, string name, IReadOnlyList<string> argv) => new(name, "npm", site.Folder, argv)
    {
        Install = "Node.js with npm",
        Environment = Name == "npm" ? new Dictionary<string, string>() : new()
        {
            // Scripts call it by its name.
            ["PATH"] = Package is null ? site.Sandbox.SearchPath : $"{Path.GetDirectoryName(Argv[0])}:{site.Sandbox.SearchPath}",
            ["npm_config_manage_package_manager_versions"] = "false",
            ["npm_config_store_dir"] = Path.Combine(site.Sandbox.CacheFolder, "npm", "pnpm-store"),
            ["YARN_CACHE_FOLDER"] = Path.Combine(site.Sandbox.CacheFolder, "npm", "yarn"),
            ["YARN_ENABLE_TELEMETRY"] = "0",
            ["YARN_ENABLE_GLOBAL_CACHE"] = "false",
            ["COREPACK_ENABLE_STRICT"] = "0",
        },
    };

    [GeneratedRegex(@"^(?<name>[a-z]+)@(?<version>\d[\w.-]*)")]
    private static partial Regex Version();

    [GeneratedRegex(@"^yarnPath:\s*[""']?(\S+?)[""']?\s*$", RegexOptions.Multiline)]
    private static partial Regex YarnPath();

    [GeneratedRegex(@"^lockfileVersion:\s*'?(\d+)", RegexOptions.Multiline)]
    private static partial Regex LockVersion();
}
