using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Deployments;
using Grace.Engine.Log;

namespace Grace.Engine.Tools;

/// <summary>Puts a release in place of the one before, checks its health, and goes back when it fails.</summary>
public sealed class StartReleaseTool(LocalEnvironment environment) : ITool
{
    public string Name => "start_release";

    public string Description => "Starts a published release, checks its health, and goes back to the release before if that fails.";

    public JsonObject InputSchema => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("release"),
        ["properties"] = new JsonObject
        {
            ["release"] = new JsonObject { ["type"] = "object", ["description"] = "What publish_release gave." },
            ["design"] = new JsonObject { ["type"] = "object", ["description"] = "Names the data model; releases of one model share their data." },
        },
    };

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(2);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var release = input["release"].Deserialize<Release>(Wire.Json)!;
        try
        {
            var (running, before) = await environment.StartAsync(release, Store(input["design"]), cancel);
            context.Progress("→ Health check: passed");
            return ToolResult.Done(new JsonObject
            {
                ["status"] = "running",
                ["environment"] = release.Environment,
                ["service"] = release.Service,
                ["release"] = release.Number,
                ["previous_release"] = before,
                ["tree"] = release.Tree,
                ["address"] = running.Address,
                ["health_path"] = release.Plan.Health,
                ["health"] = "passed",
                ["pid"] = running.Process.Pid,
                ["confinement"] = running.Process.Confinement,
                ["folder"] = release.Folder,
                ["entry"] = release.Entry,
                ["data_folder"] = running.DataFolder,
                ["log_file"] = running.Process.LogFile,
                ["started_at"] = running.StartedAt.ToString("O"),
                ["markdown"] = $"""
                    # {release.Service}, release {release.Number}

                    | what | where |
                    |---|---|
                    | environment | {release.Environment} |
                    | address | <{running.Address}> |
                    | health | <{running.HealthAddress}>: passed |
                    | tree | `{release.Tree}` |
                    | process | {running.Process.Pid} ({running.Process.Confinement}) |
                    | release before | {before?.ToString() ?? "none"} |
                    """,
            }, running.Address);
        }
        catch (ReleaseUnhealthy unhealthy)
        {
            context.Progress("→ Health check: failed");
            context.Progress(unhealthy.Restored is { } back ? $"→ Rolled back to release {back.Release.Number}" : "→ There is no release to roll back to");
            return ToolResult.Failed(unhealthy.Message, new JsonObject { ["status"] = unhealthy.Restored is null ? "down" : "rolled_back", ["restored"] = unhealthy.Restored?.Release.Number });
        }
    }

    static string Store(JsonNode? design) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(design?["database_schema"]?.ToJsonString() ?? "")))[..12];
}
