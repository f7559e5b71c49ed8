using System.Text.Json.Nodes;

namespace Grace.Engine.Failures;

/// <summary>
/// What failed in an attempt, in its own words: its error, what its failed tests reported, and what its failed commands printed
/// that report no tests and decide. What else a test run printed came from tests that passed, and says nothing of the failure.
/// </summary>
public static class FailureText
{
    /// <param name="report">The test report of the attempt, where there is one.</param>
    public static string Of(string error, JsonObject? report)
    {
        List<string> parts = [error];
        var failures = Objects(report?["failures"]).ToList();
        foreach (var command in Objects(report?["commands"]).Where(c => Failed(c) && c["decides"]?.GetValueKind() != System.Text.Json.JsonValueKind.False).Where(c => failures.Count == 0 || c["name"]?.ToString() != "test"))
            parts.Add($"{command["command"]}\n{command["output_tail"]}");
        parts.AddRange(failures.Select(failure => $"{failure["message"]}"));
        return string.Join('\n', parts);
    }

    /// <summary>The line of it that says what failed, in the words of whoever said it.</summary>
    public static string Said(string message) => TellingLines.Of(message).Text;

    /// <summary>The failed tests, as the report names them.</summary>
    public static IReadOnlyList<string> Tests(JsonObject? report) => [.. Objects(report?["failures"]).Select(f => f["id"]?.ToString()).OfType<string>()];

    static bool Failed(JsonObject command) => command["exit_code"]?.GetValueKind() != System.Text.Json.JsonValueKind.Number || command["exit_code"]!.GetValue<int>() != 0;

    static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}
