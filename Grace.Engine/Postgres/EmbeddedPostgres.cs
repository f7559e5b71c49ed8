using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Grace.Engine.Postgres;

/// <summary>
/// A real PostgreSQL in the data folder. Processes on one data folder share one server: the first starts it, later ones
/// join, the last one to leave stops it. What a killed process leaves behind, the next one adopts.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    const string Settings = """

        # Grace: a laptop's server, for this machine alone.
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 200
        shared_buffers = 128MB
        max_wal_size = 1GB
        log_min_messages = warning
        """;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly string folder;
    readonly PostgresBinaries binaries;
    readonly string password;
    readonly FileStream user;
    readonly CancellationTokenSource leaving = new();
    Task watch = Task.CompletedTask;
    int port;

    EmbeddedPostgres(string folder, PostgresBinaries binaries, string password, FileStream user) =>
        (this.folder, this.binaries, this.password, this.user) = (folder, binaries, password, user);

    /// <summary>Of the cluster's superuser, to the database <c>grace</c>.</summary>
    public string ConnectionString => Connection("grace");

    string Cluster => Path.Combine(folder, "data");

    /// <exception cref="PostgresUnavailable">No binaries can be had, or the server does not start; says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(string dataFolder, Action<string>? say = null, CancellationToken cancel = default)
    {
        var folder = Path.Combine(Path.GetFullPath(dataFolder), "postgres");
        Directory.CreateDirectory(Path.Combine(folder, "users"));
        var binaries = await PostgresBinaries.FindAsync(folder, say ?? (_ => { }), cancel);
        using var alone = await LockAsync(folder, cancel);
        var name = Path.Combine(folder, "users", $"{System.Environment.ProcessId}-{Guid.NewGuid():N}");
        var user = new FileStream(name, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        var server = new EmbeddedPostgres(folder, binaries, Password(folder), user);
        try
        {
            await server.UpAsync(null, cancel);
        }
        catch
        {
            user.Dispose();
            throw;
        }
        server.watch = server.WatchAsync();
        return server;
    }

    async Task UpAsync(int? samePort, CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(Cluster, "PG_VERSION")))
            await InitialiseAsync(cancel);
        else if (!await VersionFits(cancel))
            throw new PostgresUnavailable($"The data in {Cluster} is of PostgreSQL {File.ReadAllText(Path.Combine(Cluster, "PG_VERSION")).Trim()}, "
                + $"but {binaries.Bin} is of another major version. Install that version, or move the data away.");
        if (!await RunningAsync(cancel))
        {
            port = samePort ?? FreePort();
            try
            {
                await Run("pg_ctl", cancel, "start", "-w", "-t", "60", "-D", Cluster, "-l", Path.Combine(Cluster, "server.log"), "-o", $"-p {port}");
            }
            catch (CommandFailed failed)
            {
                throw new PostgresUnavailable($"PostgreSQL did not start ({failed.Message}); its log is {Path.Combine(Cluster, "server.log")}.");
            }
        }
        port = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Cluster, "postmaster.pid"), cancel))[3], System.Globalization.CultureInfo.InvariantCulture);
        await CreateDatabaseAsync(cancel);
    }

    async Task InitialiseAsync(CancellationToken cancel)
    {
        // Built aside and renamed, so that a kill in the middle leaves nothing that looks like a cluster.
        var (building, secret) = (Cluster + ".new", Path.Combine(folder, "initial-password"));
        if (Directory.Exists(building))
            Directory.Delete(building, true);
        Directory.CreateDirectory(building);
        await File.WriteAllTextAsync(secret, password, cancel);
        await Privilege.GiveAsync(building, cancel);
        await Privilege.GiveAsync(secret, cancel);
        await Run("initdb", cancel, "-D", building, "-U", "grace", "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "--locale", "C", "--data-checksums");
        File.Delete(secret);
        await File.AppendAllTextAsync(Path.Combine(building, "postgresql.conf"), Settings, cancel);
        Directory.Move(building, Cluster);
    }

    async Task<bool> VersionFits(CancellationToken cancel)
    {
        var version = await Command.RunAsync(Path.Combine(binaries.Bin, "postgres"), ["--version"], Environment(), cancel);
        return version.Contains($" {(await File.ReadAllTextAsync(Path.Combine(Cluster, "PG_VERSION"), cancel)).Trim()}.", StringComparison.Ordinal);
    }

    async Task<bool> RunningAsync(CancellationToken cancel)
    {
        try
        {
            await Run("pg_ctl", cancel, "status", "-D", Cluster);
            return true;
        }
        catch (CommandFailed)
        {
            return false;
        }
    }

    async Task CreateDatabaseAsync(CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false");
                await connection.OpenAsync(cancel);
                await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = 'grace'", connection);
                if (await exists.ExecuteScalarAsync(cancel) is null)
                    await new NpgsqlCommand("create database grace", connection).ExecuteNonQueryAsync(cancel);
                return;
            }
            catch (NpgsqlException notYet) when (Stopwatch.GetElapsedTime(began) < Patience && notYet is not PostgresException { SqlState: "28P01" })
            {
                // Another process's server may still be recovering.
                await Task.Delay(100, cancel);
            }
        }
    }

    /// <summary>Brings the server back on the same port when it dies under us.</summary>
    async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), leaving.Token);
                if (await RunningAsync(leaving.Token))
                    continue;
                using var alone = await LockAsync(folder, leaving.Token);
                await UpAsync(port, leaving.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or PostgresUnavailable or IOException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await leaving.CancelAsync();
        await watch;
        using var alone = await LockAsync(folder, CancellationToken.None);
        await user.DisposeAsync();
        if (!Directory.GetFiles(Path.Combine(folder, "users")).Any(InUse) && await RunningAsync(CancellationToken.None))
            await Run("pg_ctl", CancellationToken.None, "stop", "-m", "fast", "-w", "-D", Cluster);
        leaving.Dispose();
    }

    /// <summary>A file whose process was killed is not locked any more.</summary>
    static bool InUse(string file)
    {
        try
        {
            using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                File.Delete(file);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    static async Task<FileStream> LockAsync(string folder, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(50, cancel);
            }
        }
    }

    Task<string> Run(string program, CancellationToken cancel, params string[] arguments)
    {
        var (file, before) = Privilege.Drop(folder);
        return Command.RunAsync(file ?? Path.Combine(binaries.Bin, program),
            file is null ? arguments : [.. before, Path.Combine(binaries.Bin, program), .. arguments], Environment(), cancel);
    }

    Dictionary<string, string> Environment() => binaries.Lib is null ? [] : new() { ["LD_LIBRARY_PATH"] = binaries.Lib };

    string Connection(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = port, Username = "grace", Password = password, Database = database,
    }.ConnectionString;

    static string Password(string folder)
    {
        var file = Path.Combine(folder, "password");
        if (!File.Exists(file))
            SecretFile.Write(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        return File.ReadAllText(file);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
