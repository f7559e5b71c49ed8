namespace Grace.Engine.Postgres;

/// <summary>
/// Whom the server runs as. PostgreSQL refuses to run as root, so root hands it to an unprivileged user: the owner of
/// existing data, or `postgres`, or `nobody`.
/// </summary>
/// <param name="Owner">"uid:gid" in numbers; null when the server runs as the caller.</param>
/// <param name="Prefix">What goes before each of its commands.</param>
internal sealed record Account(string? Owner, IReadOnlyList<string> Prefix)
{
    public static async Task<Account> ChooseAsync(ClusterFolder cluster, PostgresBinaries binaries, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return new Account(null, []);
        }

        var owner = await OwnerAsync(cluster, cancel);
        foreach (var prefix in Prefixes(owner))
        {
            var reach = await Command.RunAsync(
                [.. prefix, "sh", "-c", "test -x \"$1\" && test -x \"$2\"", "sh", binaries.Program("postgres"), cluster.Root], cancel);
            if (reach.Ok)
            {
                return new Account(owner, prefix);
            }
        }

        throw new PostgresUnavailableException(
            $"Grace runs as root and PostgreSQL must not, but the user it would run as ({owner}) cannot be switched to or cannot reach "
            + $"{binaries.Folder} and {cluster.Root}. Start Grace as an ordinary user, or choose a data folder that others may pass through "
            + "(not one below /root), or install setpriv (util-linux).");
    }

    public Task<Command.Result> RunAsync(IEnumerable<string> argv, CancellationToken cancel) => Command.RunAsync([.. Prefix, .. argv], cancel);

    public async Task GiveAsync(string path, CancellationToken cancel)
    {
        if (Owner is not null && await Command.RunAsync(["chown", "-R", Owner, path], cancel) is { Ok: false } failed)
        {
            throw new PostgresUnavailableException($"{path} cannot be given to the user PostgreSQL runs as: {failed.Output}");
        }
    }

    /// <summary>
    /// A data folder below a closed one (/root) is out of an ordinary user's reach. Opening /root would change what is
    /// not ours, so there the server keeps one capability of root, to look through folders, and none else; the weaker
    /// one first (containers often withhold it). no_setuid_fixup makes access(2), which initdb asks, count it too.
    /// </summary>
    private static IEnumerable<string[]> Prefixes(string owner)
    {
        string[] drop = ["setpriv", $"--reuid={owner.Split(':')[0]}", $"--regid={owner.Split(':')[1]}", "--clear-groups"];
        yield return drop;
        foreach (var capability in new[] { "dac_read_search", "dac_override" })
        {
            var only = $"-all,+{capability}";
            yield return [.. drop, "--securebits=+no_setuid_fixup", $"--bounding-set={only}", $"--inh-caps={only}", $"--ambient-caps={only}"];
        }
    }

    private static async Task<string> OwnerAsync(ClusterFolder cluster, CancellationToken cancel)
    {
        if (Directory.Exists(cluster.Data)
            && await Command.RunAsync(["stat", "-c", "%u:%g", cluster.Data], cancel) is { Ok: true } stat && !stat.Output.StartsWith("0:", StringComparison.Ordinal))
        {
            return stat.Output;
        }

        foreach (var name in new[] { "postgres", "nobody" })
        {
            var (user, group) = (await Command.RunAsync(["id", "-u", name], cancel), await Command.RunAsync(["id", "-g", name], cancel));
            if (user.Ok && group.Ok)
            {
                return $"{user.Output}:{group.Output}";
            }
        }

        throw new PostgresUnavailableException("Grace runs as root and PostgreSQL must not, but there is neither a user `postgres` nor `nobody`. Start Grace as an ordinary user.");
    }
}
