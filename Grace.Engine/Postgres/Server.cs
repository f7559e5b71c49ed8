using System.Diagnostics;
using Npgsql;

namespace Grace.Engine.Postgres;

/// <summary>One cluster's server: is it there, start it, stop it. Every call but <see cref="ConnectAsync"/> needs the folder's lock.</summary>
internal sealed class Server(ClusterFolder cluster, PostgresBinaries binaries, Account account, IReadOnlyList<string> settings, Action<string> say)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>How long orphans of a killed server may take to notice; they do so at once unless a query keeps them.</summary>
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(10);

    private ClusterFolder.Identity identity = cluster.ReadIdentity();

    /// <summary>Joins the running server, or makes and starts one; returns when it accepts commands.</summary>
    /// <param name="shared">Others hold connection strings with the present port, so it cannot move.</param>
    public async Task EnsureAsync(bool shared, CancellationToken cancel)
    {
        identity = cluster.ReadIdentity();
        if (cluster.DataMajor() is null)
        {
            if (shared)
            {
                throw new PostgresUnavailableException($"The database in {cluster.Data} was removed while Grace was using it. Stop Grace, then restore it.");
            }

            say($"Creating the database in {cluster.Data} with PostgreSQL {binaries.Version}.");
            await ClusterMaker.MakeAsync(cluster, binaries, account, identity.Password, cancel);
        }

        while (true)
        {
            if (ServerProcesses.Postmaster(cluster) is null)
            {
                await ClearLeftoversAsync(cancel);
                await StartAsync(shared, cancel);
            }
            else if (await AnswersAsync(cancel))
            {
                break;
            }
            else
            {
                // It is recovering after a crash, or was told to stop.
                await Task.Delay(Pause, cancel);
            }
        }

        await CreateDatabaseAsync(cancel);
    }

    /// <summary>The fast way first: clients are cut off, everything committed is kept, and the next start needs no recovery.</summary>
    public async Task StopAsync()
    {
        foreach (var mode in new[] { "fast", "immediate" })
        {
            if (ServerProcesses.Postmaster(cluster) is null)
            {
                return;
            }

            await account.RunAsync([binaries.Program("pg_ctl"), "stop", "-D", cluster.Data, "-m", mode, "-w", "-t", "60", "-s"], CancellationToken.None);
        }
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = identity.Port,
        Username = ClusterMaker.Superuser,
        Password = identity.Password,
        Database = database,
        // Loopback: no certificate to check, and asking the server for one costs a round trip per connection.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>A connection outside the pool, so that none is left behind to a server that may be stopped next.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Application Name=grace-watch");
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = await ConnectAsync(cancel);
            await using var command = new NpgsqlCommand("SELECT current_setting('cluster_name')", connection);
            return (string?)await command.ExecuteScalarAsync(cancel) == cluster.Name;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword && ServerProcesses.Postmaster(cluster) is not null)
        {
            throw new PostgresUnavailableException($"The password in {cluster.Root}/postgres.json is not that of the database beside it.");
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>
    /// Only where /proc shows that nothing works on the data any more may the old pid file go: it also keeps a new
    /// server from starting next to surviving parts of a killed one, which would destroy the data.
    /// </summary>
    private async Task ClearLeftoversAsync(CancellationToken cancel)
    {
        if (!ServerProcesses.AreVisible)
        {
            return;
        }

        var since = Stopwatch.StartNew();
        while (ServerProcesses.All(cluster) is { Count: > 0 } orphans)
        {
            if (since.Elapsed > OrphanPatience)
            {
                foreach (var orphan in orphans)
                {
                    using var process = Process.GetProcessById(orphan);
                    process.Kill();
                }
            }

            await Task.Delay(Pause, cancel);
        }

        File.Delete(cluster.PidFile);
    }

    private async Task StartAsync(bool shared, CancellationToken cancel)
    {
        if (!Ports.IsFree(identity.Port))
        {
            if (shared)
            {
                throw new PostgresUnavailableException($"Port {identity.Port} of the database in {cluster.Data} is taken by another program, and running Grace processes count on it.");
            }

            identity = identity with { Port = Ports.Free() };
            cluster.Write(identity);
        }

        ServerLog.Rotate(cluster);
        say($"Starting PostgreSQL {binaries.Version} on 127.0.0.1:{identity.Port}.");
        // pg_ctl puts the server into a session of its own, so Ctrl-C in the terminal does not reach it, and waits
        // until it accepts connections; crash recovery may take long, hence the hour.
        var result = await account.RunAsync(
            [
                binaries.Program("pg_ctl"), "start", "-D", cluster.Data, "-l", cluster.Log, "-w", "-t", "3600", "-s",
                "-o", string.Join(' ', ServerSettings.For(cluster, identity.Port).Concat(settings).Select(s => "-c " + s)),
            ],
            cancel);
        if (!result.Ok)
        {
            throw new PostgresUnavailableException($"PostgreSQL {binaries.Version} did not start: {result.Output}\n{ServerLog.Tail(cluster)}");
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancel)
    {
        await using var connection = await ConnectAsync(cancel);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = 'grace'", connection);
        if (await exists.ExecuteScalarAsync(cancel) is null)
        {
            await using var create = new NpgsqlCommand("CREATE DATABASE grace", connection);
            await create.ExecuteNonQueryAsync(cancel);
        }
    }
}
