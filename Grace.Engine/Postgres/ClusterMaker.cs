namespace Grace.Engine.Postgres;

/// <summary>Makes the database files, once per data folder.</summary>
internal static class ClusterMaker
{
    public const string Superuser = "grace";

    public static async Task MakeAsync(ClusterFolder cluster, PostgresBinaries binaries, Account account, string password, CancellationToken cancel)
    {
        // Made beside and then renamed: a start that dies halfway leaves nothing that looks like a database.
        ClusterFolder.Delete(cluster.Making);
        var data = Path.Combine(cluster.Making, "cluster");
        Directory.CreateDirectory(data);
        var passwordFile = Path.Combine(cluster.Making, "password");
        ClusterFolder.WriteSecret(passwordFile, password);
        await account.GiveAsync(cluster.Making, cancel);

        var result = await account.RunAsync(
            [
                binaries.Program("initdb"), "-D", data, "-U", Superuser, "--pwfile", passwordFile,
                "--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", .. Locale(binaries.Major),
            ],
            cancel);
        if (!result.Ok)
        {
            throw new PostgresUnavailableException($"initdb ({binaries.Folder}) could not make a database in {cluster.Root}: {result.Output}");
        }

        Directory.Move(data, cluster.Data);
        ClusterFolder.Delete(cluster.Making);
    }

    /// <summary>
    /// Sorted by code point and with Unicode upper and lower case, the same on every machine: a system's own locale
    /// changes with its C library, and indexes built under the old one would be wrong.
    /// </summary>
    private static string[] Locale(int major) => major >= 17
        ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        : OperatingSystem.IsLinux() ? ["--locale=C", "--lc-ctype=C.UTF-8"] : ["--locale=C"];
}
