using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Grace.Engine.Deployments;
using Grace.Engine.Log;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Builds a release of exactly one git tree, from a clean export of it.</summary>
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
            Directory.Delete(source, true);
        await (await GitWorkspace.OpenAsync(context.Workspace, cancel)).ExportTreeAsync(tree, source, cancel);
        if (Services(source) is not [var project])
            return ToolResult.Failed($"Tree {tree} has {Services(source).Count} web projects; exactly one can be deployed.");

        var service = Path.GetFileNameWithoutExtension(project).ToLowerInvariant();
        var (number, folder) = environment.NextRelease(target, service);
        Directory.CreateDirectory(folder);
        var built = await sandbox.RunAsync(new SandboxCommand
        {
            Argv = ["dotnet", "publish", project, "-c", "Release", "-o", folder, "--nologo", "-v", "q"],
            WorkingDirectory = source,
            WritableFolders = [source, folder],
            Network = SandboxNetwork.Full,
            TimeLimit = TimeLimit,
            Name = "publish",
        }, cancel);
        if (!built.Succeeded)
            return ToolResult.Failed($"dotnet publish exited with {built.ExitCode?.ToString() ?? "no code"}: {built.Ends(2000)}");
        Directory.Delete(source, true);
        var release = new Release(target, service, number, tree, folder, Path.GetFileNameWithoutExtension(project) + ".dll");
        return ToolResult.Done(JsonSerializer.SerializeToNode(release, Wire.Json), Path.GetRelativePath(data.Root, folder));
    }

    static List<string> Services(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)
            .Where(f => XDocument.Load(f).Root?.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web")];
}
