using System.Text.Json.Nodes;

namespace Grace.Engine.Tools;

/// <summary>Waits until the disk of the workspace has room again.</summary>
public sealed class AwaitDiskTool(TimeProvider clock) : ITool
{
    private const long Needed = 200L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public string Name => "await_disk";

    public string Description => "Waits up to a minute until the disk of the workspace has 200 MB free. It deletes nothing; a disk that stays full is a failure that says so.";

    public JsonObject InputSchema => JsonNode.Parse("""{ "type": "object", "properties": {}, "additionalProperties": false }""")!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(2);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        var folder = context.Workspace;
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        while (new DriveInfo(folder).AvailableFreeSpace is var free && free < Needed)
        {
            if (clock.GetElapsedTime(began) > Patience)
            {
                return ToolResult.Failed($"The disk of {folder} has {free >> 20} MB free; make room ({Needed >> 20} MB at least) and resume.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), clock, cancel).ConfigureAwait(false);
        }

        return ToolResult.Done(null);
    }
}
