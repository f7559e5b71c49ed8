using System.Text.Json.Nodes;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Runs one command in the workspace, confined to it.</summary>
public sealed class RunCommandTool(Sandbox sandbox) : ITool
{
    public string Name => "run_command";

    public string Description =>
        "Runs one program in the workspace, in a sandbox: it can write only there, and has no network unless asked for. Answers exit code and output. No shell: give program and arguments as a list.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "argv": { "type": "array", "items": { "type": "string" }, "minItems": 1, "description": "Program and arguments" },
            "network": { "enum": ["none", "loopback", "full"], "default": "none" },
            "time_limit_seconds": { "type": "number", "minimum": 1, "maximum": 1800, "default": 300 }
          },
          "required": ["argv"],
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(31);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Texts("argv") is not { Count: > 0 } argv || argv[0].Length == 0)
        {
            return ToolResult.Failed("argv must be a list of texts: the program and its arguments.");
        }

        SandboxNetwork? network = (input.Text("network") ?? "none") switch
        {
            "none" => SandboxNetwork.None,
            "loopback" => SandboxNetwork.Loopback,
            "full" => SandboxNetwork.Full,
            _ => null,
        };
        if (network is null)
        {
            return ToolResult.Failed($"network is '{input.Text("network")}'; allowed are none, loopback and full.");
        }

        // A repository of its own first: where .git is there, a command cannot make one that runs programs in Grace's name.
        await GitWorkspace.CreateEmptyAsync(context.Workspace, cancel).ConfigureAwait(false);
        var result = await sandbox.RunAsync(new SandboxCommand
        {
            Argv = argv,
            WorkingDirectory = context.Workspace,
            WritableFolders = [context.Workspace],
            Network = network.Value,
            TimeLimit = TimeSpan.FromSeconds(Math.Clamp(input.Number("time_limit_seconds") ?? 300, 1, 1800)),
            OutputLimit = 32 * 1024,
            OnLine = context.Progress,
            Name = argv[0],
        }, cancel).ConfigureAwait(false);
        var output = new JsonObject
        {
            ["exit_code"] = result.ExitCode,
            ["timed_out"] = result.TimedOut,
            ["output"] = result.Output,
            ["bytes_cut"] = result.Truncated,
            ["duration_seconds"] = Math.Round(result.Duration.TotalSeconds, 2),
            ["confinement"] = result.Confinement,
        };
        return result.Succeeded ? ToolResult.Done(output, context.Workspace)
            : ToolResult.Failed(result.TimedOut ? $"{argv[0]} was stopped after {result.Duration.TotalSeconds:0} s." : $"{argv[0]} exited with {result.ExitCode}.", output, context.Workspace);
    }
}
