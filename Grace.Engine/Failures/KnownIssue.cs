using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>A failure that is known, and the playbook that mends it.</summary>
/// <param name="Phases">Where it happens; empty for everywhere.</param>
/// <param name="Match">Over the failure's text; what its named groups caught is handed to the fix.</param>
/// <param name="Unless">Issues that explain this one when they match too.</param>
/// <param name="Backoff">What the first retry waits; each later one waits twice as long.</param>
public sealed record KnownIssue(
    string Id, string Title, IReadOnlyList<string> Phases, Regex Match, IReadOnlyList<string> Unless, string Fix, TimeSpan Backoff);

/// <param name="Caught">By group name, every value once.</param>
public sealed record IssueMatch(KnownIssue Issue, JsonObject Caught);

/// <summary>Which known issues a failure shows. Pure.</summary>
public static class KnownIssueMatch
{
    const int MostCaught = 10;

    public static IReadOnlyList<IssueMatch> Of(IEnumerable<KnownIssue> known, string phase, string text)
    {
        var matches = known.Where(issue => issue.Phases.Count == 0 || issue.Phases.Contains(phase))
            .Select(issue => (Issue: issue, Found: issue.Match.Matches(text)))
            .Where(m => m.Found.Count > 0)
            .Select(m => new IssueMatch(m.Issue, Caught(m.Issue.Match, m.Found))).ToList();
        return [.. matches.Where(m => !m.Issue.Unless.Any(id => matches.Any(other => other.Issue.Id == id)))];
    }

    static JsonObject Caught(Regex match, MatchCollection found) => new(
        match.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0])).Select(name => KeyValuePair.Create(name,
            (JsonNode?)new JsonArray([.. found.Select(m => m.Groups[name]).Where(g => g.Success).Select(g => g.Value).Distinct().Take(MostCaught).Select(v => (JsonNode)v)]))));
}
