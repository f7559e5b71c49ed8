using System.Text.Json.Nodes;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Asks git about the workspace. Nothing that writes: committing has its own tool, and history is not rewritten.</summary>
public sealed class GitTool : ITool
{
    const int MostPrinted = 64 * 1024;
    static readonly string[] Commands = ["status", "log", "diff", "show", "blame", "ls-files", "rev-parse", "shortlog"];

    public string Name => "git";

    public string Description => $"Runs one of git's asking commands in the workspace ({string.Join(", ", Commands)}) and answers what it prints.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "required": ["command"],
          "properties": {
            "command": { "enum": ["status", "log", "diff", "show", "blame", "ls-files", "rev-parse", "shortlog"] },
            "arguments": { "type": "array", "items": { "type": "string" } }
          },
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(1);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Text("command") is not { } command || !Commands.Contains(command))
            return ToolResult.Failed($"command is '{input.Text("command")}'; allowed are {string.Join(", ", Commands)}.");
        var arguments = input.Texts("arguments") ?? [];
        // These make git write a file, run a program, or look outside.
        if (arguments.FirstOrDefault(a => a.StartsWith("--output", StringComparison.Ordinal) || a is "--ext-diff" or "--textconv" or "--no-index" || a.StartsWith("--open-files", StringComparison.Ordinal)) is { } barred)
            return ToolResult.Failed($"'{barred}' is not allowed here.");
        if (!GitWorkspace.Exists(context.Workspace))
            return ToolResult.Failed("There is no workspace yet; open_repository makes one.");
        var result = await Git.TryAsync(context.Workspace, TimeLimit, null, null, cancel, ["--no-pager", command, .. command is "diff" or "show" or "log" ? ["--no-ext-diff", "--no-textconv"] : Array.Empty<string>(), .. arguments]);
        var output = new JsonObject
        {
            ["exit_code"] = result.ExitCode, ["output"] = result.Output.Length <= MostPrinted ? result.Output : result.Output[..MostPrinted], ["cut"] = result.Output.Length > MostPrinted,
        };
        return result.Succeeded ? ToolResult.Done(output) : ToolResult.Failed($"git {command} failed: {result.Reason}", output);
    }
}
