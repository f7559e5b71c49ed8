using System.Text.Json.Nodes;
using Grace.Engine.Failures;
using Grace.Engine.Log;

namespace Grace.Engine.Learning;

/// <summary>
/// Which events are failures to learn from. One failure makes several events in one transaction (the playbook, the tests and
/// the phase fail); it is sighted once, by the most telling of them. Pure.
/// </summary>
public static class Sightings
{
    const int LongestMessage = 8000;

    /// <summary>What carries other playbooks: its failure says only that they failed or that there was none.</summary>
    const string Carrier = "phase_failure_recovery";

    public static readonly IReadOnlyList<string> Kinds =
        ["playbook.failed", "agent.tests.failed", "agent.phase.failed", "agent.recovery.failed", "agent.pipeline.rejected"];

    /// <param name="siblings">The events of the same transaction, this one among them.</param>
    /// <returns>Null when it is no failure of its own.</returns>
    public static FailureSighting? Of(Recorded e, IReadOnlyList<Recorded> siblings)
    {
        var playbookFailed = siblings.Any(s => s.Type == "playbook.failed");
        var data = JsonNode.Parse(e.Data)!.AsObject();
        string? Text(string key) => data[key]?.ToString();
        FailureSighting Sighting(string kind, string message) => new(
            kind, e.StreamId, Text("phase"), Text("playbook_id"), data["playbook_version"]?.GetValue<int>(), data["metadata"]?["failed_step"]?["tool"]?.ToString(),
            message.Length <= LongestMessage ? message : message[..LongestMessage], e.At,
            (int?)Pipelines.ContextRules.Number(data["metadata"]?["failed_step"]?["exit_code"]), Tests(siblings));
        return e.Type switch
        {
            "playbook.failed" when Text("playbook_id") != Carrier => Sighting(
                siblings.Any(s => s.Type == "agent.tests.failed") ? "agent.tests.failed" : e.Type,
                // What the tool printed tells failures apart; the error is how Grace put it.
                data["metadata"]?["failed_step"]?["output"]?.ToString() ?? Text("error") ?? ""),
            "agent.tests.failed" when !playbookFailed => Sighting(e.Type, $"{Text("failed_count")} of {Text("total_count")} tests failed: {string.Join(", ", (data["tests"] as JsonArray ?? []).Take(5))}"),
            "agent.phase.failed" when !playbookFailed => Sighting(e.Type, Text("error") ?? ""),
            "agent.recovery.failed" when !playbookFailed && siblings.All(s => s.Type != "agent.phase.failed") && data["details"] is JsonObject { Count: > 0 } => Sighting(e.Type, Text("reason") ?? ""),
            "agent.pipeline.rejected" => Sighting(e.Type, Text("reason") ?? ""),
            _ => null,
        };
    }

    /// <summary>What the runner's own report says failed, in whichever of the events it stands.</summary>
    static IReadOnlyList<string>? Tests(IReadOnlyList<Recorded> siblings) =>
        siblings.Where(s => s.Type == "agent.tests.failed").Select(s => JsonNode.Parse(s.Data)?["tests"] as JsonArray).FirstOrDefault() is { Count: > 0 } tests ? [.. tests.Select(t => t?.ToString() ?? "")] : null;
}
