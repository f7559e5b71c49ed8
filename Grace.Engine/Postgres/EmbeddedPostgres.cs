namespace Grace.Engine.Postgres;

/// <summary>
/// PostgreSQL without an installation step: one server per data folder, shared by every Grace process that uses the
/// folder. The first one starts it, later ones join it, the last one to leave stops it. A killed Grace leaves it
/// running for the next one; a killed server is started again, with its crash recovery, while this object lives.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private readonly ClusterFolder cluster;
    private readonly Server server;
    private readonly FileStream user;
    private readonly Action<string> say;
    private readonly CancellationTokenSource leaving = new();
    private readonly Task watching;
    private int disposed;

    private EmbeddedPostgres(ClusterFolder cluster, Server server, FileStream user, PostgresBinaries binaries, Action<string> say)
    {
        (this.cluster, this.server, this.user, this.say) = (cluster, server, user, say);
        ConnectionString = server.ConnectionString("grace");
        Version = binaries.Version;
        BinariesFrom = binaries.Folder;
        watching = Task.Run(() => WatchAsync(leaving.Token));
    }

    /// <summary>Database <c>grace</c>, as the superuser of the embedded cluster. The port outlives restarts of the server.</summary>
    public string ConnectionString { get; }

    /// <summary>As in "15.13".</summary>
    public string Version { get; }

    /// <summary>The folder of initdb, postgres and pg_ctl.</summary>
    public string BinariesFrom { get; }

    /// <summary>Returns when the server accepts commands, however long crash recovery takes.</summary>
    /// <param name="dataFolder">Everything goes below its folder <c>postgres</c>.</param>
    /// <param name="say">Takes one line at a time about what takes a while.</param>
    /// <exception cref="PostgresUnavailableException">It cannot run here; the message says what to do.</exception>
    public static Task<EmbeddedPostgres> StartAsync(string dataFolder, Action<string>? say, CancellationToken cancel) =>
        StartAsync(dataFolder, say, null, [], cancel);

    /// <param name="binaries">Null: look for them.</param>
    /// <param name="settings">As in "fsync=off"; they count only for the process that starts the server.</param>
    internal static async Task<EmbeddedPostgres> StartAsync(
        string dataFolder, Action<string>? say, PostgresBinaries? binaries, IReadOnlyList<string> settings, CancellationToken cancel)
    {
        say ??= _ => { };
        try
        {
            var cluster = new ClusterFolder(dataFolder);
            await using var held = await FolderLocks.TakeAsync(cluster, say, cancel);
            binaries ??= await PostgresBinaries.FindAsync(cluster, say, cancel);
            RefuseOtherVersion(cluster, binaries);
            var account = await Account.ChooseAsync(cluster, binaries, cancel);
            var server = new Server(cluster, binaries, account, settings, say);
            await server.EnsureAsync(shared: FolderLocks.LiveUsers(cluster) > 0, cancel);
            return new EmbeddedPostgres(cluster, server, FolderLocks.EnterUser(cluster), binaries, say);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PostgresUnavailableException($"{e.Message} The data folder {Path.GetFullPath(dataFolder)} belongs to another user: start Grace as that user, or choose another folder.");
        }
    }

    /// <summary>Starts the server again if it is gone. The watcher calls it by itself; callers that cannot wait may too.</summary>
    public async Task EnsureRunningAsync(CancellationToken cancel)
    {
        await using var held = await FolderLocks.TakeAsync(cluster, say, cancel);
        await server.EnsureAsync(shared: true, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        await leaving.CancelAsync();
        await watching;
        leaving.Dispose();
        await using var held = await FolderLocks.TakeAsync(cluster, say, CancellationToken.None);
        FolderLocks.LeaveUser(user);
        if (FolderLocks.LiveUsers(cluster) == 0)
        {
            await server.StopAsync();
        }
    }

    private static void RefuseOtherVersion(ClusterFolder cluster, PostgresBinaries binaries)
    {
        if (cluster.DataMajor() is { } major && major != binaries.Major)
        {
            throw new PostgresUnavailableException($"The database in {cluster.Data} was made by PostgreSQL {major}; {binaries.Folder} has {binaries.Version}, which cannot open it.");
        }
    }

    /// <summary>An idle connection is the signal: the system closes it the moment the server dies.</summary>
    private async Task WatchAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await using var connection = await server.ConnectAsync(cancel);
                while (true)
                {
                    await connection.WaitAsync(cancel);
                }
            }
            catch (Exception)
            {
                await RestartAsync(cancel);
            }
        }
    }

    private async Task RestartAsync(CancellationToken cancel)
    {
        try
        {
            await EnsureRunningAsync(cancel);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            say($"The database is gone and does not start: {e.Message}");
            await Task.Delay(TimeSpan.FromSeconds(2), cancel).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
