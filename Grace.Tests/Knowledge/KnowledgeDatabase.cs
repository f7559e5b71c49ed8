using Grace.Engine.Knowledge;
using Grace.Engine.Postgres;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Knowledge;

/// <summary>A database of its own for a test class, migrated and used as in production; each test uses words of its own.</summary>
public sealed class KnowledgeDatabase : IAsyncLifetime
{
    private Database database = null!;

    /// <summary>As the owner of the tables, past the application's role.</summary>
    public NpgsqlDataSource Owner { get; private set; } = null!;

    public KnowledgeBase Knowledge { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var connection = await TestPostgres.NewDatabaseAsync();
        Owner = NpgsqlDataSource.Create(connection);
        database = await Database.OpenAsync(connection);
        Knowledge = new KnowledgeBase(database.Source, TimeProvider.System);
    }

    public async Task RunAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        await Owner.DisposeAsync();
    }
}
