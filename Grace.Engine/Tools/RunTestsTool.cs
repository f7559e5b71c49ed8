using System.Text.Json.Nodes;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Runs the workspace's build, lint and tests. The report comes in any case; success is what it proves.</summary>
public sealed class RunTestsTool(RepositoryTests tests) : ITool
{
    public string Name => "run_tests";

    public string Description =>
        "Builds the repository in the workspace, checks its style and runs its tests, in a sandbox. Reports commands, exit codes, counts, failures and the hash of the tree they ran on.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "lint": { "enum": ["auto", "required", "report", "off"], "default": "auto",
              "description": "auto: the repository's own lint script decides; required: every finding fails the run; report: none does; off: no check" },
            "warnings_as_errors": { "type": "boolean", "description": "For C#: a warning fails the build. By default where lint is required." },
            "flaky": { "type": "array", "items": { "type": "string" }, "description": "Tests that are known to be flaky; they are reported so, and still have to pass" },
            "packages": { "type": "object", "description": "Packages to fetch that no manifest names, by ecosystem (npm, pip)", "additionalProperties": { "type": "array", "items": { "type": "string" } } },
            "time_limit_seconds": { "type": "number", "minimum": 1, "maximum": 3600, "default": 600, "description": "For each command" }
          },
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(30);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        var word = input.Text("lint") ?? "auto";
        if (!Enum.TryParse<LintRule>(word, ignoreCase: true, out var lint) || !Enum.IsDefined(lint) || char.IsDigit(word[0]))
        {
            return ToolResult.Failed($"lint is '{word}'; allowed are auto, required, report and off.");
        }

        var options = new TestOptions
        {
            Lint = lint,
            Packages = (input["packages"] as JsonObject ?? []).ToDictionary(p => p.Key, p => (IReadOnlyList<string>)[.. (p.Value as JsonArray ?? []).Select(name => $"{name}")]),
            WarningsAsErrors = input.Flag("warnings_as_errors") ?? lint == LintRule.Required,
            TimeLimit = TimeSpan.FromSeconds(Math.Clamp(input.Number("time_limit_seconds") ?? 600, 1, 3600)),
        };
        try
        {
            var report = await tests.RunAsync(context.Workspace, options, context.Progress, cancel).ConfigureAwait(false) with { Flaky = input.Texts("flaky") ?? [] };
            return report.Success
                ? ToolResult.Done(report.ToJson(), context.Workspace)
                : ToolResult.Failed(report.Reason!, report.ToJson(), context.Workspace);
        }
        catch (GitFailedException unusable)
        {
            return ToolResult.Failed(unusable.Message);
        }
    }
}
