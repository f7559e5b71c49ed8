using Grace.Engine.Feed;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Postgres;
using Grace.Tests.Support;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace Grace.Tests.Log;

/// <summary>The log is Marten's: to Marten's own check, and to a program that knows nothing of Grace but the wire names.</summary>
public class MartenTests
{
    [Fact]
    public async Task Martens_own_check_finds_the_database_as_it_would_make_it()
    {
        var connection = await TestPostgres.NewDatabaseAsync();
        await using var owner = NpgsqlDataSource.Create(connection);
        using var store = DocumentStore.For(options =>
        {
            LogStore.Configure(options, owner);
            LogStore.Know(options, EventNames.WireNames);
        });
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task A_second_start_changes_nothing_and_what_is_missing_is_made_again()
    {
        var connection = await TestPostgres.NewDatabaseAsync();
        await TestPostgres.TamperAsync(connection, "drop table grace.visits; comment on table grace.pipelines is null");
        await using (await Database.OpenAsync(connection))
        await using (await Database.OpenAsync(connection))
        {
        }
        await using var owner = NpgsqlDataSource.Create(connection);
        await using var count = owner.CreateCommand("select count(*) from grace.visits");
        (await count.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task A_small_Marten_program_reads_a_pipeline_by_its_wire_names()
    {
        await using var grace = await TestGrace.StartAsync();
        var id = await grace.SubmitAsync(Phase.Research);
        await grace.UntilAsync(id, PipelineStatus.Completed);

        using var store = DocumentStore.For(options =>
        {
            options.Connection(grace.ConnectionString);
            options.Events.DatabaseSchemaName = "grace";
            options.Events.StreamIdentity = StreamIdentity.AsString;
            options.Events.MetadataConfig.UserNameEnabled = true;
            options.UseSystemTextJsonForSerialization(casing: Weasel.Core.Casing.SnakeCase);
            options.Events.MapEventType<Submitted>("agent.pipeline.submitted");
            options.Events.MapEventType<Done>("agent.phase.completed");
            options.AutoCreateSchemaObjects = JasperFx.AutoCreate.None;
        });
        await using var session = store.QuerySession();
        var submitted = await session.Events.QueryAllRawEvents().SingleAsync(e => e.StreamKey == id && e.EventTypeName == "agent.pipeline.submitted");
        (((Submitted)submitted.Data).Task, submitted.UserName, submitted.Version).ShouldBe(("Build it", "ada", 1));
        var done = await session.Events.QueryAllRawEvents().SingleAsync(e => e.StreamKey == id && e.EventTypeName == "agent.phase.completed");
        ((Done)done.Data).Phase.ShouldBe("research");
    }

    [Fact]
    public async Task A_version_beyond_the_last_is_the_pipeline_as_it_stands()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var id = await grace.SubmitAsync(Phase.Research);
        foreach (var version in new[] { 2, 9999, long.MaxValue })
            (await grace.Orchestrator.LoadAsync(id, version)).Version.ShouldBe(1);
        (await grace.Orchestrator.LoadAsync("pipeline_of_nobody", 9999)).Exists.ShouldBeFalse();
    }

    [Fact]
    public async Task A_database_of_the_earlier_layout_is_refused_in_one_line_and_left_alone()
    {
        var connection = await TestPostgres.EmptyDatabaseAsync();
        await TestPostgres.TamperAsync(connection, "create schema grace; create table grace.mt_events (seq_id bigint, prev_hash bytea, hash bytea)");
        var refused = await Should.ThrowAsync<EarlierLayoutException>(() => Database.OpenAsync(connection));
        refused.Message.ShouldContain("--data");
        refused.Message.ShouldNotContain("\n");
        await using var owner = NpgsqlDataSource.Create(connection);
        await using var tables = owner.CreateCommand("select count(*) from information_schema.tables where table_schema like 'grace%'");
        (await tables.ExecuteScalarAsync()).ShouldBe(1L);
    }

    sealed record Submitted(string Task);

    sealed record Done(string Phase);
}
