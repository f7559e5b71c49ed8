using Grace.Engine.Postgres;
using Npgsql;

namespace Grace.Tests.Support;

/// <summary>One embedded server for the whole test run, a database of its own for each test that asks.</summary>
public static class TestPostgres
{
    private static readonly Lazy<Task<Running>> Server = new(StartAsync);

    // Made once: the schema costs more than most tests.
    private static readonly Lazy<Task<string>> Prepared = new(PrepareAsync);
    private static int made;

    private sealed record Running(TestFolder Folder, EmbeddedPostgres Postgres);

    /// <summary>The binaries every server of the run uses, so that they are looked for (or fetched) once.</summary>
    public static async Task<PostgresBinaries> BinariesAsync()
    {
        var postgres = (await Server.Value).Postgres;
        return new PostgresBinaries(postgres.BinariesFrom, postgres.Version);
    }

    /// <summary>The connection string of a fresh database with Grace's schema and nothing in it.</summary>
    public static async Task<string> NewDatabaseAsync() => await NewDatabaseAsync(await Prepared.Value);

    /// <summary>The connection string of a fresh database without any table.</summary>
    public static Task<string> EmptyDatabaseAsync() => CreateAsync("template0");

    /// <summary>
    /// The connection string of a copy, made in a few milliseconds. The template is the connection string of a database
    /// from here; connections to it are closed, since PostgreSQL copies only what nobody uses.
    /// </summary>
    public static async Task<string> NewDatabaseAsync(string template)
    {
        var name = new NpgsqlConnectionStringBuilder(template).Database!;
        NpgsqlConnection.ClearPool(new NpgsqlConnection(template));
        return await CreateAsync(name);
    }

    /// <summary>A statement as the superuser, past every trigger: what somebody behind Grace's back would do.</summary>
    public static async Task TamperAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {sql}", connection);
        await command.ExecuteNonQueryAsync();
    }

    internal static async ValueTask StopAsync()
    {
        if (Server.IsValueCreated)
        {
            var (folder, postgres) = await Server.Value;
            NpgsqlConnection.ClearAllPools();
            await postgres.DisposeAsync();
            folder.Dispose();
        }
    }

    private static async Task<string> PrepareAsync()
    {
        var template = await EmptyDatabaseAsync();
        await using var database = await Database.OpenAsync(template);
        return template;
    }

    private static async Task<string> CreateAsync(string template)
    {
        var server = (await Server.Value).Postgres;
        var name = $"test_{Interlocked.Increment(ref made)}";
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE \"{template}\"", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, MaxPoolSize = 20 }.ConnectionString;
    }

    private static async Task<Running> StartAsync()
    {
        TestFolder.ClearDeadRuns();
        var folder = new TestFolder();
        // A test database need not outlive a power cut; the tests about that start servers of their own. Nor does it live long
        // enough to be vacuumed, while with hundreds of databases a vacuum would look into one after the other without end.
        var postgres = await EmbeddedPostgres.StartAsync(folder.Path, null, null, ["fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=400"], CancellationToken.None);
        return new Running(folder, postgres);
    }
}
