using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Hangfire.PostgreSql;
using Npgsql;

namespace Grace.Engine.Postgres;

/// <summary>
/// Grace's database: brings the schema up to date as the role of the connection string, then works as <c>grace_app</c>,
/// which owns nothing and cannot change the log.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>Of Hangfire's tables.</summary>
    public const string JobSchema = "hangfire";

    const string AppRole = "grace_app";
    const long MigrationLock = 0x67726163;

    Database(NpgsqlDataSource source, NpgsqlDataSource jobs, NpgsqlDataSource jobLocks, string connectionString, bool leastPrivilege) =>
        (Source, Jobs, JobLocks, ConnectionString, LeastPrivilege) = (source, jobs, jobLocks, connectionString, leastPrivilege);

    /// <summary>Connections of the application's role.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>
    /// The same for Hangfire's tables, without waiting for the disk at each commit. Only a server that goes down loses what is
    /// younger than a second, and nothing of that counts: the log decides what there is to do, and slots want or have their
    /// jobs. A commit that does wait takes all that came before it along, so that what people do to jobs lasts: it is recorded after.
    /// </summary>
    public NpgsqlDataSource Jobs { get; }

    /// <summary>Connections that hold the locks of jobs, and nothing else: who has a lock and needs another connection always gets one.</summary>
    public NpgsqlDataSource JobLocks { get; }

    public string ConnectionString { get; }

    /// <summary>False when the given role may not create roles: then only the triggers protect the log, and the boot line says so.</summary>
    public bool LeastPrivilege { get; }

    /// <exception cref="NpgsqlException">The server does not answer or refuses.</exception>
    /// <exception cref="EarlierLayoutException">An earlier version wrote it.</exception>
    public static async Task<Database> OpenAsync(string connectionString, CancellationToken cancel = default)
    {
        var owner = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "grace-setup" };
        await using var connection = new NpgsqlConnection(owner.ConnectionString);
        await connection.OpenAsync(cancel);
        await Run($"select pg_advisory_lock({MigrationLock})");
        if (await IsEarlierAsync(connection, cancel))
            throw new EarlierLayoutException(connection.Database);
        await Run(Resources.Read("Postgres/Sql/prepare.sql"));
        var leastPrivilege = await CreateAppRole(connection, cancel);
        PostgreSqlObjectsInstaller.Install(connection, JobSchema);
        await using (var migrating = NpgsqlDataSource.Create(owner))
            await LogStore.MigrateAsync(migrating);
        if (leastPrivilege)
            await Run(Resources.Read("Postgres/Sql/privileges.sql"));

        // Few connections, each of them warm: the server plans a statement anew for every one that runs it.
        NpgsqlConnectionStringBuilder As(string name, int most, string options) => new(connectionString)
        {
            ApplicationName = name, MaxPoolSize = most, MaxAutoPrepare = 64, AutoPrepareMinUsages = 2, NoResetOnClose = true,
            Options = $"{new NpgsqlConnectionStringBuilder(connectionString).Options} {(leastPrivilege ? $"-c role={AppRole}" : "")} {options}".Trim(),
        };
        var app = As("grace", 30, "");
        // What Hangfire asks goes by key: a plan made once serves every value.
        var jobs = As("grace-jobs", 12, "-c synchronous_commit=off -c plan_cache_mode=force_generic_plan");
        return new(
            NpgsqlDataSource.Create(app), NpgsqlDataSource.Create(jobs), NpgsqlDataSource.Create(As("grace-locks", 6, "")), app.ConnectionString, leastPrivilege);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    /// <summary>Before Marten kept the log, the hashes stood in the events' own table.</summary>
    static async Task<bool> IsEarlierAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select exists (select from information_schema.columns where table_schema = 'grace' and table_name = 'mt_events' and column_name = 'prev_hash')", connection);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    static async Task<bool> CreateAppRole(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            await using var create = new NpgsqlCommand($"""
                do $$ begin
                  if not exists (select from pg_roles where rolname = '{AppRole}') then create role {AppRole} nologin; end if;
                exception when duplicate_object or unique_violation then null; end $$;
                do $$ begin
                  if not pg_has_role(current_user, '{AppRole}', 'member') then execute format('grant {AppRole} to %I', current_user); end if;
                end $$;
                -- Marten passes over a hole in the sequence only where no transaction lives that could still fill it, and has to see them all.
                do $$ begin
                  if not pg_has_role('{AppRole}', 'pg_read_all_stats', 'usage') then grant pg_read_all_stats to {AppRole}; end if;
                exception when insufficient_privilege or unique_violation then null; end $$
                """, connection);
            await create.ExecuteNonQueryAsync(cancel);
            return true;
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await JobLocks.DisposeAsync();
        await Jobs.DisposeAsync();
        await Source.DisposeAsync();
    }
}
