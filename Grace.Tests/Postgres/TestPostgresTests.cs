using Dapper;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Postgres;

public class TestPostgresTests
{
    [Fact]
    public async Task A_database_can_be_copied_from_a_template_and_the_copies_are_apart()
    {
        var template = await TestPostgres.EmptyDatabaseAsync();
        await using (var db = new NpgsqlConnection(template))
        {
            await db.ExecuteAsync("CREATE TABLE numbers AS SELECT 1 AS n");
        }

        await using var one = new NpgsqlConnection(await TestPostgres.NewDatabaseAsync(template));
        await using var other = new NpgsqlConnection(await TestPostgres.NewDatabaseAsync(template));
        await one.ExecuteAsync("INSERT INTO numbers VALUES (2)");

        (await other.ExecuteScalarAsync<int>("SELECT count(*) FROM numbers")).ShouldBe(1);
    }
}
