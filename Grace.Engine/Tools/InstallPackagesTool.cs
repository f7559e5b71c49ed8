using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Fetches packages that tests need and that the repository names somewhere (<see cref="NamedPackages"/>), for its tests alone: no manifest is changed.</summary>
public sealed partial class InstallPackagesTool(Sandbox sandbox) : ITool
{
    /// <summary>Where the name in the code is not the name of the package.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["tsc"] = "typescript", ["ng"] = "@angular/cli", ["vue-tsc"] = "vue-tsc", ["yaml"] = "PyYAML", ["cv2"] = "opencv-python", ["PIL"] = "pillow",
        ["bs4"] = "beautifulsoup4", ["dateutil"] = "python-dateutil", ["sklearn"] = "scikit-learn", ["dotenv"] = "python-dotenv",
    };

    public string Name => "install_packages";

    public string Description => "Fetches npm or pip packages that tests need and that a manifest or lock file of the repository names, confined to the workspace and its caches. Answers the packages, for the next test run to fetch them too.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "npm": { "type": "array", "items": { "type": "string" } },
            "pip": { "type": "array", "items": { "type": "string" } }
          },
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(5);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var asked = new[] { "npm", "pip" }.SelectMany(ecosystem => (input.Texts(ecosystem) ?? []).Distinct().Select(module => (Ecosystem: ecosystem, Module: module, Package: Names.GetValueOrDefault(module, module)))).ToList();
        if (asked.Count == 0)
        {
            return ToolResult.Failed("The failure names no package that could be fetched.");
        }

        foreach (var (ecosystem, module, package) in asked)
        {
            if (!Allowed().IsMatch(package))
            {
                return ToolResult.Failed($"'{package}' is no name of a package.");
            }

            // The test runner is Grace's choice, and no name out of a message.
            if (package != "pytest" && await NamedPackages.WhyNotAsync(context.Workspace, ecosystem, module, package, cancel).ConfigureAwait(false) is { } why)
            {
                return ToolResult.Failed($"Nothing is fetched: {why}.");
            }
        }

        IReadOnlyList<string> Of(string ecosystem) => [.. asked.Where(one => one.Ecosystem == ecosystem).Select(one => one.Package)];
        var (npm, pip) = (Of("npm"), Of("pip"));

        var packages = new JsonObject();
        foreach (var (ecosystem, names, argv) in new (string, IReadOnlyList<string>, string[])[]
        {
            ("npm", npm, ["npm", "view", .. npm.Take(1), "version"]),
            ("pip", pip, ["python3", "-m", "pip", "download", "--no-deps", "--dest", Path.Combine(sandbox.CacheFolder, "pip-download"), .. pip]),
        })
        {
            if (names.Count == 0)
            {
                continue;
            }

            context.Progress($"→ Fetching {ecosystem} packages: {string.Join(", ", names)}");
            Directory.CreateDirectory(Path.Combine(sandbox.CacheFolder, "pip-download"));
            var result = await sandbox.RunAsync(new SandboxCommand
            {
                Argv = argv, WorkingDirectory = context.Workspace, WritableFolders = [Path.Combine(sandbox.CacheFolder, "pip-download")],
                Network = SandboxNetwork.Full, TimeLimit = TimeSpan.FromMinutes(2), Name = $"{ecosystem} packages",
            }, cancel).ConfigureAwait(false);
            if (!result.Succeeded)
            {
                return ToolResult.Failed($"{ecosystem} has no {string.Join(", ", names)} to give: {Said(result)}");
            }

            packages[ecosystem] = new JsonArray([.. names.Select(name => (JsonNode)name)]);
        }

        return ToolResult.Done(new JsonObject { ["packages"] = packages });
    }

    /// <summary>The errors, where a client tells them apart from how often it tried.</summary>
    private static string Said(CommandResult result) =>
        string.Join(' ', result.Output.Split('\n').Where(line => line.StartsWith("ERROR:", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct()) is { Length: > 0 } errors ? errors : result.Ends(200, 600);

    [GeneratedRegex(@"^(?:@[a-z0-9-][\w.-]*/)?[A-Za-z0-9][\w.-]{0,100}$")]
    private static partial Regex Allowed();
}
