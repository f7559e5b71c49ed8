namespace Grace.Engine.Workspaces;

/// <summary>
/// The data folder's git-credentials, in git's own form (a line https://USER:TOKEN@HOST for each host). Read by git alone and
/// only when it fetches: neither the log nor what agents run sees it.
/// </summary>
internal static class GitCredentials
{
    public const string FileName = "git-credentials";

    /// <summary>What git is told in its environment; nothing where there is no such file.</summary>
    /// <param name="data">The data folder, or null.</param>
    public static Dictionary<string, string> Environment(string? data)
    {
        if (data is null || Path.Combine(data, FileName) is var file && !File.Exists(file))
            return [];
        // Asked only to get: git's store would also erase what a host refused once.
        var quoted = file.Replace("'", "'\\''", StringComparison.Ordinal);
        return new()
        {
            ["GIT_CONFIG_COUNT"] = "1",
            ["GIT_CONFIG_KEY_0"] = "credential.helper",
            ["GIT_CONFIG_VALUE_0"] = $"!f() {{ test \"$1\" = get && exec git credential-store --file='{quoted}' get; }}; f",
        };
    }
}
