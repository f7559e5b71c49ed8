using System.Text.Json.Nodes;

namespace Grace.Engine.Failures;

/// <summary>All that a failed attempt said: its error, what its failed commands printed, what its failed tests reported.</summary>
public static class FailureText
{
    /// <param name="report">The test report of the attempt, where there is one.</param>
    public static string Of(string error, JsonObject? report)
    {
        List<string> parts = [error];
        foreach (var command in Objects(report?["commands"]).Where(c => c["exit_code"]?.GetValueKind() != System.Text.Json.JsonValueKind.Number || c["exit_code"]!.GetValue<int>() != 0))
            parts.Add($"{command["command"]}\n{command["output_tail"]}");
        foreach (var failure in Objects(report?["failures"]))
            parts.Add($"{failure["message"]}");
        return string.Join('\n', parts);
    }

    static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}
