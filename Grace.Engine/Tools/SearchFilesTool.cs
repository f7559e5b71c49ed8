using System.Text.Json.Nodes;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Finds lines in the workspace's files by a regular expression.</summary>
public sealed class SearchFilesTool : ITool
{
    const int MostLines = 200;
    const int LongestLine = 400;

    public string Name => "search_files";

    public string Description => "Finds lines in the workspace's files (those that git does not ignore) by an extended regular expression. Finding nothing is an answer, not a failure.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "required": ["pattern"],
          "properties": {
            "pattern": { "type": "string", "minLength": 1, "maxLength": 1000 },
            "files": { "type": "array", "items": { "type": "string" }, "description": "Paths or globs such as src/*.py; all by default" },
            "ignore_case": { "type": "boolean" }
          },
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(1);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Text("pattern") is not { } pattern)
            return ToolResult.Failed("pattern is missing: an extended regular expression.");
        if (!GitWorkspace.Exists(context.Workspace))
            return ToolResult.Failed("There is no workspace yet; open_repository makes one.");
        List<string> words = ["grep", "-n", "-I", "-E", "--untracked", "--full-name", "-z"];
        if (input.Flag("ignore_case") == true)
            words.Add("-i");
        var found = await Git.TryAsync(context.Workspace, TimeLimit, null, null, cancel, [.. words, "-e", pattern, "--", .. input.Texts("files") ?? []]);
        if (found.ExitCode is not (0 or 1))
            return ToolResult.Failed($"The search failed: {found.Reason}");
        // PATH<0>LINE<0>TEXT
        var lines = found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\0', 3)).Where(parts => parts.Length == 3).ToList();
        return ToolResult.Done(new JsonObject
        {
            ["total"] = lines.Count,
            ["lines"] = new JsonArray([.. lines.Take(MostLines).Select(parts => (JsonNode)new JsonObject
            {
                ["path"] = parts[0], ["line"] = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), ["text"] = parts[2].Length <= LongestLine ? parts[2] : parts[2][..LongestLine] + "…",
            })]),
        });
    }
}
