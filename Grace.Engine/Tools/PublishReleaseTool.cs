using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Grace.Engine.Deployments;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>
/// Builds a release of exactly one git tree, from a clean export of it: as its <c>grace-service.json</c> says, or, without
/// one, as .NET publishes its only web project.
/// </summary>
public sealed class PublishReleaseTool(DataFolder data, Sandbox sandbox, LocalEnvironment environment, DeployOptions deploy) : ITool
{
    public string Name => "publish_release";

    public string Description => "Publishes a release build of a git tree of the workspace, exported afresh, for an environment.";

    public JsonObject InputSchema => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("tree", "environment"),
        ["properties"] = new JsonObject { ["tree"] = new JsonObject { ["type"] = "string" }, ["environment"] = new JsonObject { ["enum"] = new JsonArray([.. deploy.Names.Select(n => (JsonNode)n)]) } },
    };

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(10);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var (tree, target) = (input["tree"]!.GetValue<string>(), input["environment"]!.GetValue<string>());
        if (!deploy.Names.Contains(target))
            return ToolResult.Failed($"There is no environment '{target}'; there is: {string.Join(", ", deploy.Names)}.");
        context.Progress($"→ Environment: {target}");
        var source = Path.Combine(Path.GetDirectoryName(context.Workspace)!, $"release-{context.Attempt}");
        if (Directory.Exists(source))
            FolderRemoval.Remove(source);
        await (await GitWorkspace.OpenAsync(context.Workspace, cancel)).ExportTreeAsync(tree, source, cancel);
        ServiceFile? own;
        try
        {
            own = ServiceFile.In(source) ?? Dotnet(source);
        }
        catch (WrongServiceFile wrong)
        {
            return ToolResult.Failed($"Tree {tree} cannot be deployed. {wrong.Message}");
        }
        if (own is null)
            return ToolResult.Failed($"Tree {tree} has {Services(source).Count} web projects; exactly one can be deployed, or else a {ServiceFile.Name} at its root that says how.");

        var (number, folder) = environment.NextRelease(target, own.Service);
        if (await WhyNotBuiltAsync(own, source, folder, cancel) is { } why)
            return ToolResult.Failed(why);
        var release = new Release(target, own.Service, number, tree, folder, string.Join(' ', own.Start), own.Plan);
        return ToolResult.Done(JsonSerializer.SerializeToNode(release, Wire.Json), Path.GetRelativePath(data.Root, folder));
    }

    /// <summary>Fills the release's folder and clears the source away; null when that is done.</summary>
    async Task<string?> WhyNotBuiltAsync(ServiceFile own, string source, string folder, CancellationToken cancel)
    {
        if (own.Build is not { } build)
        {
            Directory.Move(source, folder);
            return null;
        }
        Directory.CreateDirectory(folder);
        var argv = build.Select(word => StartPlan.Fill(word, ("{release}", folder))).ToList();
        var built = await sandbox.RunAsync(new SandboxCommand
        {
            Argv = argv,
            WorkingDirectory = source,
            WritableFolders = [source, folder],
            Network = SandboxNetwork.Full,
            TimeLimit = TimeLimit,
            Name = "publish",
        }, cancel);
        if (!built.Succeeded)
            return $"{string.Join(' ', argv.Take(2))} exited with {built.ExitCode?.ToString() ?? "no code"}: {built.Ends(2000)}";
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            return $"{string.Join(' ', argv.Take(2))} wrote nothing into the release's folder.";
        FolderRemoval.Remove(source);
        return null;
    }

    /// <summary>A tree that says nothing about itself, but holds exactly one web project of .NET.</summary>
    static ServiceFile? Dotnet(string source)
    {
        if (Services(source) is not [var project])
            return null;
        var name = Path.GetFileNameWithoutExtension(project);
        var start = StartPlan.Dotnet($"{name}.dll");
        return new(name.ToLowerInvariant(), ["dotnet", "publish", project, "-c", "Release", "-o", "{release}", "--nologo", "-v", "q"], start.Command, start.Environment, start.Health);
    }

    static List<string> Services(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)
            .Where(f => XDocument.Load(f).Root?.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web")];
}
