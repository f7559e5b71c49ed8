using System.Text.Json.Nodes;
using Grace.Engine.Learning;
using Grace.Engine.Recovery;

namespace Grace.Engine.Tools;

/// <summary>Names what is known about a failure: the issues that its text shows, each with the playbook that mends it.</summary>
public sealed class AnalyseFailureTool(KnownIssues known) : ITool
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

    public Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (input.Text("error") is not { } error || input.Text("failed_phase") is not { } phase)
            return Task.FromResult(ToolResult.Failed("analyse_failure needs failed_phase and error."));
        context.Progress("→ Analyzing failures");
        var report = input["report"] as JsonObject;
        try
        {
            var matches = KnownIssueMatch.Of(known.All(), phase, FailureText.Of(error, report));
            if (matches.Count > 0)
                context.Progress($"→ Applying fixes: {string.Join(", ", matches.Select(m => m.Issue.Fix).Distinct())}");
            return Task.FromResult(ToolResult.Done(new JsonObject
            {
                ["message"] = FailureMessage.Normalise(error),
                ["issues"] = new JsonArray([.. matches.Select(m => (JsonNode)new JsonObject
                {
                    ["id"] = m.Issue.Id,
                    ["title"] = m.Issue.Title,
                    ["fix"] = m.Issue.Fix,
                    ["backoff_seconds"] = m.Issue.Backoff.TotalSeconds,
                    ["caught"] = m.Caught,
                })]),
            }));
        }
        catch (Exception unusable) when (unusable is FormatException or System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return Task.FromResult(ToolResult.Failed($"The known issues cannot be used: {unusable.Message}"));
        }
    }
}
