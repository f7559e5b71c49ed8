using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>
/// Packages for development that the registry does not have: one is enough for a client to install none. They are taken out of the
/// manifest for as long as the rest is installed; what imports one of them fails by itself.
/// </summary>
internal static partial class NpmAbsent
{
    /// <summary>Clients tell of one at a time.</summary>
    private const int Most = 6;

    /// <param name="after">What follows the install, asked for when it has failed.</param>
    public static PlannedCommand May(Site site, PlannedCommand install, JsonObject? package, Func<IReadOnlyList<PlannedCommand>> after) =>
        May(site, install, install, [.. (package?["devDependencies"] as JsonObject ?? []).Select(one => one.Key)], after, []);

    private static PlannedCommand May(Site site, PlannedCommand attempt, PlannedCommand install, IReadOnlyList<string> spare, Func<IReadOnlyList<PlannedCommand>> after, IReadOnlyList<string> known) =>
        attempt.Otherwise is [var other] ? attempt with { Otherwise = [May(site, other, install, spare, after, known)] } : attempt with
        {
            Without = output =>
            {
                var absent = Of(output, spare).Except(known).ToList();
                List<string> all = [.. known, .. absent];
                return absent.Count == 0 || all.Count > Most ? null : new LeftOut(all,
                [
                    new PlannedCommand("build", "npm", site.Folder, ["npm", "pkg", "delete", .. absent.Select(name => $"devDependencies[{name}]")])
                        { Environment = new Dictionary<string, string> { ["npm_config_workspaces"] = "false" } },
                    May(site, install, install, spare, after, all), .. after(),
                ]);
            },
        };

    private static IEnumerable<string> Of(string output, IReadOnlyList<string> spare)
    {
        var told = string.Join('\n', PlainText.Lines(output).Where(line => Away().IsMatch(line))).Replace("%2f", "/", StringComparison.OrdinalIgnoreCase);
        return spare.Where(name => Regex.IsMatch(told, $@"(?:/|'|""|\s){Regex.Escape(name)}(?:/-/|@|""|[:\s]|$)", RegexOptions.Multiline));
    }

    [GeneratedRegex(@"\b404\b|\bETARGET\b|No matching version found|Couldn't find (?:package|any versions)|Not found", RegexOptions.IgnoreCase)]
    private static partial Regex Away();
}
