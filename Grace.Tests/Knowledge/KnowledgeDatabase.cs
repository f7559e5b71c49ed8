using Grace.Engine.Knowledge;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Knowledge;

/// <summary>A database of its own for a test class; each test uses words of its own, or empties it.</summary>
public sealed class KnowledgeDatabase : IAsyncLifetime
{
    public NpgsqlDataSource Database { get; private set; } = null!;

    public KnowledgeBase Knowledge { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = NpgsqlDataSource.Create(await TestPostgres.NewDatabaseAsync());
        Knowledge = new KnowledgeBase(Database, TimeProvider.System);
        // Twice, because a migration may run it again.
        await RunAsync(KnowledgeBase.Schema);
        await RunAsync(KnowledgeBase.Schema);
    }

    public async Task RunAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task DisposeAsync() => await Database.DisposeAsync();
}
