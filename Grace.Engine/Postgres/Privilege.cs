namespace Grace.Engine.Postgres;

/// <summary>initdb and postgres refuse to run as root: started as root, they run as another user.</summary>
static class Privilege
{
    static readonly Lazy<string> User = new(() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody");

    static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>The command that drops privileges, or null where there are none to drop.</summary>
    public static (string? File, string[] Arguments) Drop(string folder)
    {
        if (!IsRoot)
            return (null, []);
        // A data folder inside a private home can't be reached by that user; this one capability lets it pass through.
        string[] reach = Reachable(folder) ? [] : ["--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"];
        return ("setpriv", ["--reuid", User.Value, "--clear-groups", .. reach, "--"]);
    }

    public static async Task GiveAsync(string folder, CancellationToken cancel)
    {
        if (IsRoot)
            await Command.RunAsync("chown", ["-R", User.Value, folder], null, cancel);
    }

    static bool Reachable(string folder)
    {
        if (OperatingSystem.IsWindows())
            return true;
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (!at.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        return true;
    }
}
