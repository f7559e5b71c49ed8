using System.Text.Json.Nodes;
using System.Text.Json;
using Grace.Engine.Text;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>What <c>go test -json</c> prints: an event on each line, and the compiler's words between them.</summary>
internal static class GoOutput
{
    public static TestTally? Read(string output)
    {
        var cases = new List<TestCase>();
        var words = new Dictionary<(string, string), List<string>>();
        var understood = false;
        foreach (var line in PlainText.Lines(output))
        {
            if (line.StartsWith("FAIL\t", StringComparison.Ordinal) && line.Contains("failed]", StringComparison.Ordinal))
            {
                // Older toolchains tell only in words that a package did not build. Its tests did not run.
                cases.Add(new TestCase(line["FAIL\t".Length..], line.Split('\t', ' ')[1], TestOutcome.Failed, "The package did not build."));
            }
            else if (Event(line) is { } entry)
            {
                understood = true;
                Take(entry, cases, words);
            }
        }

        if (!understood && cases.Count == 0)
        {
            return null;
        }

        // A test that holds others is not counted beside them.
        var parents = cases.SelectMany(one => Ancestors(one.Id).Select(id => (one.Suite, id))).ToHashSet();
        return TestTally.Of([.. cases.Where(one => !parents.Contains((one.Suite, one.Id)))]);
    }

    private static void Take(JsonObject entry, List<TestCase> cases, Dictionary<(string, string), List<string>> words)
    {
        var package = Text(entry, "Package");
        var test = Text(entry, "Test");
        switch (Text(entry, "Action"))
        {
            case "output" when test.Length > 0:
                if (!words.TryGetValue((package, test), out var said))
                {
                    words[(package, test)] = said = [];
                }

                said.Add(Text(entry, "Output").Trim());
                break;
            case "pass" or "fail" or "skip" when test.Length > 0:
                var outcome = Text(entry, "Action") switch { "pass" => TestOutcome.Passed, "fail" => TestOutcome.Failed, _ => TestOutcome.Skipped };
                var message = words.GetValueOrDefault((package, test))?.Where(word => !word.StartsWith("===", StringComparison.Ordinal) && !word.StartsWith("---", StringComparison.Ordinal));
                cases.Add(new TestCase(test, package, outcome, outcome == TestOutcome.Passed || message is null ? null : string.Join('\n', message)));
                break;
            case "fail" when entry["FailedBuild"] is not null:
                cases.Add(new TestCase(package, package, TestOutcome.Failed, "The package did not build."));
                break;
            default:
                break;
        }
    }

    private static JsonObject? Event(string line)
    {
        try
        {
            return line.StartsWith("{\"", StringComparison.Ordinal) && ForeignJson.Read(line) is JsonObject entry && entry.ContainsKey("Action") ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static IEnumerable<string> Ancestors(string id)
    {
        for (var cut = id.LastIndexOf('/'); cut > 0; cut = id.LastIndexOf('/', cut - 1))
        {
            yield return id[..cut];
        }
    }
}
