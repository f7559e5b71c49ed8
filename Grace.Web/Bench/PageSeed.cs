using Grace.Engine.Postgres;
using Npgsql;

namespace Grace.Web.Bench;

/// <summary>Databases for the pages: of pipelines that ended, some under way, with three events each, made up.</summary>
static class PageSeed
{
    public const string First = "pipeline_page_1";

    const string Sql = """
        insert into grace.slots (number) values (1), (2) on conflict do nothing;
        create temp table seed as select n, 'pipeline_page_' || n as id, now() - ({0} - n) * interval '20 seconds' as at,
          case when n % 500 = 7 then 'paused' when n % 12 = 5 then 'failed' else 'completed' end as status from generate_series(1, {0}) n;
        insert into grace.pipelines (id, version, task, status, current_phase, phases, phase_statuses, requested_by, created_at, updated_at, ready_at, started_at, ended_at)
        select id, 3, 'Build service number ' || n || ': Note(text: text)', status, case when status = 'completed' then null else 'implement' end,
          array['research','design','implement','test','deploy'],
          case when status = 'completed' then array['completed','completed','completed','completed','completed'] else array['completed','completed','failed','pending','pending'] end,
          (array['ada','grace','linus'])[1 + n % 3], at, at, at, at, case when status <> 'paused' then at + interval '14 seconds' end from seed;
        insert into grace.mt_streams (id, version, timestamp, created) select id, 3, at, at from seed;
        insert into grace.mt_events (seq_id, id, stream_id, version, data, type, timestamp, user_name)
        select nextval('grace.mt_events_sequence'), gen_random_uuid(), id, v,
          case v when 1 then jsonb_build_object('task', 'Build service number ' || n || ': Note(text: text)', 'context', '{}'::jsonb, 'phases', '["research","design","implement","test","deploy"]'::jsonb, 'requested_by', 'ada')
            when 2 then '{}'::jsonb else case when status = 'failed' then '{"phase": "implement", "error": "it broke"}'::jsonb else '{"artifacts": 5, "duration_seconds": 14}'::jsonb end end,
          case v when 1 then 'agent.pipeline.submitted' when 2 then 'agent.pipeline.started' else case when status = 'failed' then 'agent.pipeline.failed' else 'agent.pipeline.completed' end end,
          at, 'ada'
        from seed, generate_series(1, 3) v order by n, v;
        select grace.recount_ends();
        analyze;
        """;

    /// <summary>A database of its own beside the given one, as <paramref name="name"/>.</summary>
    public static async Task<string> CreateAsync(string ownerConnection, string name, int pipelines)
    {
        await using (var server = NpgsqlDataSource.Create(ownerConnection))
        await using (var create = server.CreateCommand($"create database {name}"))
            await create.ExecuteNonQueryAsync();
        var connection = new NpgsqlConnectionStringBuilder(ownerConnection) { Database = name, Pooling = false }.ConnectionString;
        await using (await Database.OpenAsync(connection))
        {
        }
        await using var owner = new NpgsqlConnection(connection);
        await owner.OpenAsync();
        await using var seed = new NpgsqlCommand(Sql.Replace("{0}", $"{pipelines}", StringComparison.Ordinal), owner) { CommandTimeout = 600 };
        await seed.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(ownerConnection) { Database = name }.ConnectionString;
    }

    public static async Task DropAsync(string ownerConnection, string name)
    {
        await using var server = NpgsqlDataSource.Create(ownerConnection);
        await using var drop = server.CreateCommand($"drop database if exists {name} with (force)");
        await drop.ExecuteNonQueryAsync();
    }
}
