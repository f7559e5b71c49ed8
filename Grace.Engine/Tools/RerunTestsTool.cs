using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Tools;

/// <summary>Finds out whether failed tests are flaky: each must pass at least once when it runs again alone, on the same tree.</summary>
public sealed class RerunTestsTool(RepositoryMends mends) : ITool
{
    /// <summary>A report names at most this many failures; with more of them, nobody can say that all were run again.</summary>
    private const int Most = 50;

    public string Name => "rerun_tests";

    public string Description => "Runs the failed tests of a report again, alone, up to three times on the same tree. Succeeds when each of them passes at least once: then they are flaky. Nothing is skipped and no result is changed.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "properties": { "report": { "type": "object", "description": "What run_tests answered." } },
          "required": ["report"],
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(30);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        TestReport? report;
        try
        {
            report = input["report"].Deserialize<TestReport>(TestReport.Json);
        }
        catch (JsonException broken)
        {
            return ToolResult.Failed($"report is not what run_tests answers: {broken.Message}");
        }

        if (report is not { Failures.Count: > 0 })
        {
            return ToolResult.Failed("The report names no failed test that could run again.");
        }

        if (report.Counts.Failed > report.Failures.Count || report.Failures.Count >= Most)
        {
            return ToolResult.Failed($"{report.Counts.Failed} tests failed, of which the report names {report.Failures.Count}: too many to be called flaky.");
        }

        try
        {
            var reruns = await mends.RerunAsync(context.Workspace, report.Failures, context.Progress, cancel).ConfigureAwait(false);
            return reruns is null ? ToolResult.Failed("The repository's test command cannot run single tests.") : Judge(reruns, context);
        }
        catch (GitFailedException unusable)
        {
            return ToolResult.Failed(unusable.Message);
        }
    }

    private static ToolResult Judge(IReadOnlyList<Rerun> reruns, ToolContext context)
    {
        var output = new JsonObject
        {
            ["reruns"] = new JsonArray([.. reruns.Select(one => (JsonNode)new JsonObject { ["test"] = one.Test, ["runs"] = one.Runs, ["passed"] = one.Passed })]),
            ["flaky"] = new JsonArray([.. reruns.Where(one => one.Passed > 0).Select(one => (JsonNode)one.Test)]),
        };
        var broken = reruns.Where(one => one.Passed == 0).Select(one => one.Test).ToList();
        if (broken.Count == 0)
        {
            context.Progress($"→ Flaky: {string.Join(", ", reruns.Select(one => one.Test))}");
            return ToolResult.Done(output);
        }

        return ToolResult.Failed($"{broken.Count} of {reruns.Count} failed tests fail every time when they run alone ({string.Join(", ", broken.Take(5))}): they are not flaky, and no fix is known for them.", output);
    }
}
