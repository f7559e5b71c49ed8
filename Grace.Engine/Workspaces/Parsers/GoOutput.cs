using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>
/// What <c>go test -json</c> prints: an event on each line, and the compiler's words between them; or <c>go test -v</c> in words.
/// How deep a test lies shows in the indentation of its last line alone: a name may hold slashes of its own.
/// </summary>
internal static partial class GoOutput
{
    private sealed record Ended(string Id, string Package, TestOutcome Outcome, int Depth, string? Message);

    private const string Unbuilt = "The package did not build.";

    public static TestTally? Read(string output)
    {
        var ended = new List<Ended>();
        var words = new Dictionary<(string, string), List<string>>();
        var depths = new Dictionary<(string, string), int>();
        var (understood, first) = (false, 0);
        foreach (var line in PlainText.Lines(output))
        {
            if (line.StartsWith("FAIL\t", StringComparison.Ordinal) && line.Contains("failed]", StringComparison.Ordinal))
            {
                // Older toolchains tell only in words that a package did not build. Its tests did not run.
                ended.Add(new Ended(line["FAIL\t".Length..], line.Split('\t', ' ')[1], TestOutcome.Failed, 0, Unbuilt));
            }
            else if (Event(line) is { } entry)
            {
                understood = true;
                Take(entry, ended, words, depths);
            }
            else if (Told().Match(line) is { Success: true } told)
            {
                ended.Add(new Ended(told.Groups["id"].Value, "", Outcome(told.Groups["how"].Value.ToLowerInvariant()), told.Groups["indent"].Length / 4, null));
            }
            else if (Package().Match(line) is { Success: true } package)
            {
                // In words a package is named after its tests.
                for (; first < ended.Count; first++)
                {
                    ended[first] = ended[first].Package.Length > 0 ? ended[first] : ended[first] with { Package = package.Groups[1].Value };
                }
            }
        }

        if (!understood && ended.Count == 0)
        {
            return null;
        }

        // A test that holds others is not counted beside them, unless it failed and none of them did.
        var below = ended.SelectMany(one => Ancestors(one.Id).Select(id => (Of: (one.Package, id), one))).ToLookup(pair => pair.Of, pair => pair.one);
        return TestTally.Of([.. ended.Where(one => Counts(one, below[(one.Package, one.Id)])).Select(one => new TestCase(one.Id, one.Package, one.Outcome, one.Message) { Broken = one.Message == Unbuilt })]);
    }

    private static bool Counts(Ended test, IEnumerable<Ended> below)
    {
        var within = below.Where(other => other.Depth > test.Depth).ToList();
        return within.Count == 0 || (test.Outcome == TestOutcome.Failed && within.All(child => child.Outcome != TestOutcome.Failed));
    }

    private static IEnumerable<string> Ancestors(string id)
    {
        for (var cut = id.LastIndexOf('/'); cut > 0; cut = id.LastIndexOf('/', cut - 1))
        {
            yield return id[..cut];
        }
    }

    private static void Take(JsonObject entry, List<Ended> ended, Dictionary<(string, string), List<string>> words, Dictionary<(string, string), int> depths)
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

                if (Told().Match(Text(entry, "Output").TrimEnd()) is { Success: true } told)
                {
                    depths[(package, told.Groups["id"].Value)] = told.Groups["indent"].Length / 4;
                }

                said.Add(Text(entry, "Output").Trim());
                break;
            case "pass" or "fail" or "skip" when test.Length > 0:
                var outcome = Outcome(Text(entry, "Action"));
                var message = words.GetValueOrDefault((package, test))?.Where(word => !word.StartsWith("===", StringComparison.Ordinal) && !word.StartsWith("---", StringComparison.Ordinal));
                ended.Add(new Ended(
                    test, package, outcome, depths.GetValueOrDefault((package, test), test.Count(c => c == '/')), outcome == TestOutcome.Passed || message is null ? null : string.Join('\n', message)));
                break;
            case "fail" when entry["FailedBuild"] is not null:
                ended.Add(new Ended(package, package, TestOutcome.Failed, 0, Unbuilt));
                break;
            default:
                break;
        }
    }

    private static TestOutcome Outcome(string how) => how switch { "pass" => TestOutcome.Passed, "fail" => TestOutcome.Failed, _ => TestOutcome.Skipped };

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

    [GeneratedRegex(@"^(?<indent> *)--- (?<how>PASS|FAIL|SKIP): (?<id>.+) \([\d.]+s\)$")]
    private static partial Regex Told();

    [GeneratedRegex(@"^(?:ok  |FAIL|\?   )\t(\S+)")]
    private static partial Regex Package();
}
