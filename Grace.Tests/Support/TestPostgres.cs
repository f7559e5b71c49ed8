using Grace.Engine.Postgres;
using Npgsql;

namespace Grace.Tests.Support;

/// <summary>One real server for the whole run, one fresh database for each test.</summary>
static class TestPostgres
{
    static readonly Lazy<Task<EmbeddedPostgres>> Server = new(async () =>
    {
        var folder = Directory.CreateTempSubdirectory("grace-tests-").FullName;
        var server = await EmbeddedPostgres.StartAsync(folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(20));
            Directory.Delete(folder, true);
        };
        return server;
    });

    /// <summary>The connection string of a new database, as the superuser that owns it.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = await Server.Value;
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>A statement as the superuser, past every trigger: what somebody behind Grace's back would do.</summary>
    public static async Task TamperAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {sql}", connection);
        await command.ExecuteNonQueryAsync();
    }
}
