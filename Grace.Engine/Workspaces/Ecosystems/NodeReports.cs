using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Text;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Asks a runner for its own report in a file, where a script comes to that one runner and passes on what is added to it.</summary>
internal static class NodeReports
{
    public static PlannedCommand Ask(Site site, NodeClient client, string script, IReadOnlyList<NodeCall> calls, Dictionary<string, string> scripts)
    {
        var plain = client.Script(site, "test", script);
        // Behind a pipe or another script the words would reach somebody else.
        if (calls is not [{ Runner: { } runner }] || calls[0].Text != scripts[script].Trim() || calls[0].Text.IndexOfAny(['|', '>', '$', '`']) >= 0 || client.Name is "bun")
        {
            return plain;
        }

        var results = Path.Combine(site.Results, $"node-{Guid.NewGuid():n}");
        string[]? asks = runner switch
        {
            "jest" => ["--json", $"--outputFile={results}.json"],
            "vitest" => ["--reporter=default", "--reporter=json", $"--outputFile.json={results}.json"],
            "ava" when !calls[0].Text.Contains("--tap", StringComparison.Ordinal) => ["--tap"],
            _ => null,
        };
        string[] separator = client.Name == "yarn" ? [] : ["--"];
        return asks is null ? plain : client.Script(site, "test", script, [.. separator, .. asks]) with
        {
            Shown = plain.Shown,
            Read = (output, _) => (File.Exists($"{results}.json") ? JestFile.Read(ForeignFile.Text($"{results}.json", Site.LongestResults), site.Root) : null) ?? AnyOutput.Read(output),
            CountsInFile = runner != "ava",
        };
    }
}
