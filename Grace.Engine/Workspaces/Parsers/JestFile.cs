using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Text;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>The results file of jest, which vitest writes in the same form.</summary>
internal static class JestFile
{
    public static TestTally? Read(string json, string root)
    {
        try
        {
            return ForeignJson.Read(json) is JsonObject { } report && report["testResults"] is JsonArray files
                ? TestTally.Of([.. files.OfType<JsonObject>().SelectMany(file => Cases(file, root))]) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<TestCase> Cases(JsonObject file, string root)
    {
        var path = Text(file, "name") is var name && name.StartsWith(root + "/", StringComparison.Ordinal) ? name[(root.Length + 1)..] : name;
        var tests = (file["assertionResults"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        // A file that could not be loaded is told as failed, and holds no test.
        if (tests.Count == 0 && Text(file, "status") == "failed")
        {
            yield return new TestCase(path, path, TestOutcome.Failed, FirstLine(Text(file, "message"))) { Broken = true };
        }

        foreach (var test in tests)
        {
            var titles = (test["ancestorTitles"] as JsonArray ?? []).Select(title => $"{title}").Where(title => title.Length > 0).Append(Text(test, "title"));
            var messages = (test["failureMessages"] as JsonArray ?? []).Select(message => $"{message}").FirstOrDefault();
            yield return new TestCase(string.Join(" › ", titles), path, Text(test, "status") switch
            {
                "passed" => TestOutcome.Passed,
                "failed" => TestOutcome.Failed,
                _ => TestOutcome.Skipped,
            }, messages is null ? null : FirstLine(messages))
            {
                Seconds = test["duration"] is JsonValue took && took.TryGetValue<double>(out var milliseconds) && double.IsFinite(milliseconds) && milliseconds >= 0 ? milliseconds / 1000 : null,
            };
        }
    }

    private static string FirstLine(string message) => string.Join('\n', PlainText.Lines(message).TakeWhile(line => !line.TrimStart().StartsWith("at ", StringComparison.Ordinal)).Select(line => line.Trim()).Where(line => line.Length > 0).Take(6));

    private static string Text(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
