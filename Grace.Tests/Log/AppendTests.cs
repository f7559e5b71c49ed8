using Grace.Engine.Log;
using Grace.Engine.Postgres;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Log;

public class AppendTests
{
    static readonly Origin Ada = new("ada", "correlation", "causation");

    [Fact]
    public async Task What_was_appended_reads_back_in_order_with_who_and_when()
    {
        await using var database = await Database.OpenAsync(await TestPostgres.NewDatabaseAsync());
        await Append(database.Source, "s", 0, "one", "two");
        var events = await new EventLog(database.Source).ReadStreamAsync("s");
        events.Select(e => (e.Version, e.Type, e.By)).ShouldBe([(1, "one", "ada"), (2, "two", "ada")]);
        events[0].At.ShouldBe(Given.Noon);
    }

    [Fact]
    public async Task Another_version_than_expected_appends_nothing()
    {
        await using var database = await Database.OpenAsync(await TestPostgres.NewDatabaseAsync());
        await Append(database.Source, "s", 0, "one");
        foreach (var expected in new[] { 0, 2 })
            (await Should.ThrowAsync<PostgresException>(() => Append(database.Source, "s", expected, "late"))).SqlState.ShouldBe("MT003");
        (await new EventLog(database.Source).ReadStreamAsync("s")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_writers_at_one_version_exactly_one_wins()
    {
        await using var database = await Database.OpenAsync(await TestPostgres.NewDatabaseAsync());
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await Append(database.Source, "s", 0, $"writer {i}");
                return 1;
            }
            catch (PostgresException moved) when (moved.SqlState is "MT003" or PostgresErrorCodes.UniqueViolation)
            {
                return 0;
            }
        }));
        outcomes.Sum().ShouldBe(1);
    }

    [Theory]
    [InlineData("update grace.mt_events set type = 'x'")]
    [InlineData("delete from grace.mt_events")]
    [InlineData("truncate grace.mt_events")]
    [InlineData("update grace.log_proofs set hash = ''")]
    [InlineData("insert into grace.log_proofs (seq_id, type, prev_hash, hash) values (99, 'x', '', '')")]
    [InlineData("delete from grace.contents")]
    [InlineData("alter table grace.mt_events disable trigger all")]
    public async Task The_application_may_add_to_the_log_and_nothing_else(string sql)
    {
        await using var database = await Database.OpenAsync(await TestPostgres.NewDatabaseAsync());
        database.LeastPrivilege.ShouldBeTrue();
        await Append(database.Source, "s", 0, "one");
        await using var command = database.Source.CreateCommand(sql);
        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("update grace.mt_events set type = 'x'")]
    [InlineData("delete from grace.mt_events")]
    [InlineData("update grace.mt_streams set version = version - 1")]
    [InlineData("delete from grace.mt_streams")]
    [InlineData("delete from grace.log_proofs")]
    public async Task Even_the_owner_is_refused_by_trigger(string sql)
    {
        var connection = await TestPostgres.NewDatabaseAsync();
        await using var database = await Database.OpenAsync(connection);
        await Append(database.Source, "s", 0, "one", "two");
        await using var owner = NpgsqlDataSource.Create(connection);
        await using var command = owner.CreateCommand(sql);
        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState.ShouldBe("GR002");
    }

    [Fact]
    public async Task An_event_that_follows_no_other_of_its_stream_is_refused()
    {
        await using var database = await Database.OpenAsync(await TestPostgres.NewDatabaseAsync());
        await Append(database.Source, "s", 0, "one");
        await using var command = database.Source.CreateCommand("insert into grace.mt_events (seq_id, id, stream_id, version, data, type) values (99, gen_random_uuid(), 's', 9, '{}', 'x')");
        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState.ShouldBe("GR001");
    }

    [Fact]
    public async Task A_reader_in_commit_order_misses_nothing_behind_a_slow_writer()
    {
        await using var database = await Database.OpenAsync(await TestPostgres.NewDatabaseAsync());
        var log = new EventLog(database.Source);
        await using var slow = await database.Source.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await using (var batch = new NpgsqlBatch(slow, transaction) { BatchCommands = { RawEvents.Append("slow", 0, [("slow", "{}")], Given.Noon, Ada) } })
            await batch.ExecuteNonQueryAsync();
        await Append(database.Source, "fast", 0, "fast");

        // The fast event has the higher position and is committed, but must wait for the one before it.
        (await log.ReadAllAsync(LogPlace.Start, 10)).ShouldBeEmpty();
        await transaction.CommitAsync();
        List<Recorded> seen = [];
        // Transactions of other tests, on the same server, hold readers back as well.
        while (seen.Count < 2)
            seen = await log.ReadAllAsync(LogPlace.Start, 10);
        seen.Select(e => e.Type).ShouldBe(["slow", "fast"]);
    }

    [Fact]
    public async Task A_reader_beside_many_writers_sees_every_event_once_and_in_order()
    {
        await using var database = await Database.OpenAsync(await TestPostgres.NewDatabaseAsync());
        var log = new EventLog(database.Source);
        const int streams = 12, each = 20;
        var writing = Task.WhenAll(Enumerable.Range(0, streams).Select(s => Task.Run(async () =>
        {
            for (var version = 0; version < each; version++)
                await Append(database.Source, $"s{s}", version, "e");
        })));
        List<Recorded> seen = [];
        var place = LogPlace.Start;
        while (seen.Count < streams * each)
            foreach (var e in await log.ReadAllAsync(place, 7))
            {
                seen.Add(e);
                place = new(e.Transaction, e.Position);
            }
        await writing;
        seen.Select(e => e.Position).Distinct().Count().ShouldBe(streams * each);
        foreach (var stream in seen.GroupBy(e => e.StreamId))
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, each).Select(v => (long)v));
    }

    static Task Append(NpgsqlDataSource source, string stream, long expected, params string[] types) =>
        RawEvents.AppendAsync(source, stream, expected, [.. types.Select(t => (t, """{"b": 1.50, "a": "ü€😀 \"x\""}"""))], Given.Noon, Ada);
}
