using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge.Repositories;

internal static partial class RemoteAddress
{
    /// <summary>An address may carry a token as user or password; that never goes into a report.</summary>
    public static string WithoutCredentials(string remote) => UserInfo().Replace(CleanText.Line(remote, 500), "$1");

    /// <summary>owner/name of an address on github.com, else null.</summary>
    public static string? GitHubName(string? remote) =>
        remote is not null && GitHub().Match(remote) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^([a-z][a-z0-9+.-]*://)[^/]*@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"^(?:(?:https?|ssh|git)://(?:[^/@]*@)?github\.com(?::\d+)?/|[^/@:]+@github\.com:)([\w.-]+/[\w.-]+?)(?:\.git)?/?$", RegexOptions.IgnoreCase)]
    private static partial Regex GitHub();
}
