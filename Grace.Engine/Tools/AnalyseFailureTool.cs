using System.Text.Json.Nodes;
using Grace.Engine.Failures;

namespace Grace.Engine.Tools;

/// <summary>Names what is known about a failure: the issues that its text shows, each with the playbook that mends it.</summary>
public sealed class AnalyseFailureTool(KnownIssues known, Lessons lessons) : ITool
{
    public string Name => "analyse_failure";

    public string Description =>
        "Reduces a phase's failure to its message without paths, numbers, ids, times and hashes, and looks its text up among the known issues. Answers the issues that match, each with the playbook that mends it and what to wait before the retry.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "failed_phase": { "type": "string" },
            "error": { "type": "string", "minLength": 1 },
            "report": { "type": "object", "description": "The test report of the attempt, where there is one." }
          },
          "required": ["failed_phase", "error"]
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Text("error") is not { } error || input.Text("failed_phase") is not { } phase)
            return ToolResult.Failed("analyse_failure needs failed_phase and error.");
        context.Progress("→ Analyzing failures");
        var report = input["report"] as JsonObject;
        try
        {
            var text = FailureText.Of(error, report);
            var matches = KnownIssueMatch.Of(known.All(), phase, text);
            var (cluster, learnt) = await lessons.ForAsync(text, FailureText.Tests(report), cancel);
            List<JsonObject> issues = [.. matches.Select(Known), .. learnt.Where(l => matches.All(m => m.Issue.Fix != l.Fix)).Take(1).Select(Learnt)];
            if (issues.Count > 0)
                context.Progress($"→ Applying fixes: {string.Join(", ", issues.Select(i => i["fix"]).Distinct())}");
            return ToolResult.Done(new JsonObject
            {
                ["message"] = FailureMessage.Normalise(error),
                ["seen"] = cluster is null ? null : new JsonObject { ["cluster"] = cluster.Id, ["title"] = cluster.Signature.Title, ["count"] = cluster.Count, ["pipelines"] = cluster.Pipelines.Count() },
                ["issues"] = new JsonArray([.. issues]),
            });
        }
        catch (Exception unusable) when (unusable is FormatException or System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return ToolResult.Failed($"The known issues cannot be used: {unusable.Message}");
        }
    }

    static JsonObject Known(IssueMatch match) => new()
    {
        ["id"] = match.Issue.Id, ["title"] = match.Issue.Title, ["fix"] = match.Issue.Fix, ["backoff_seconds"] = match.Issue.Backoff.TotalSeconds, ["caught"] = match.Caught,
    };

    static JsonObject Learnt(Lesson lesson) => new()
    {
        ["id"] = lesson.MissionId, ["title"] = lesson.Says, ["fix"] = lesson.Fix, ["backoff_seconds"] = 0.0, ["caught"] = new JsonObject(), ["mission"] = lesson.MissionId,
    };
}
