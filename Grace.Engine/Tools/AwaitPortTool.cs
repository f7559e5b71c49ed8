using System.Globalization;
using System.Net.NetworkInformation;
using System.Text.Json.Nodes;

namespace Grace.Engine.Tools;

/// <summary>Waits until ports of this machine are free.</summary>
public sealed class AwaitPortTool(TimeProvider clock) : ITool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "await_port";

    public string Description => "Waits up to 30 seconds until the given TCP ports of this machine are free. It ends no process; a port that stays taken is a failure that names it.";

    public JsonObject InputSchema => JsonNode.Parse("""
        { "type": "object", "properties": { "ports": { "type": "array", "items": { "type": "string" } } }, "additionalProperties": false }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(1);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        int[] ports = [.. (input.Texts("ports") ?? []).Select(port => int.Parse(port, CultureInfo.InvariantCulture)).Where(port => port is > 0 and < 65536)];
        var began = clock.GetTimestamp();
        while (Taken(ports) is { Length: > 0 } taken)
        {
            if (clock.GetElapsedTime(began) > Patience)
            {
                return ToolResult.Failed($"Port {string.Join(", ", taken)} is still taken by another process of this machine; end that process, or have the work use another port.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancel).ConfigureAwait(false);
        }

        return ToolResult.Done(new JsonObject { ["free"] = new JsonArray([.. ports.Select(port => (JsonNode)port)]) });
    }

    private static int[] Taken(int[] ports) =>
        [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(point => point.Port).Where(ports.Contains).Distinct()];
}
