using System.Text;
using Grace.Engine.Log;
using Npgsql;

namespace Grace.Web.Bench;

/// <summary>
/// The yardstick: the rows of one five-phase pipeline written by plain Npgsql, one batch (one round trip, one commit) for
/// the submission and for each phase, into tables of the same shape.
/// </summary>
sealed class PlainRows(NpgsqlDataSource database)
{
    const string Tables = """
        drop schema if exists bench cascade;
        create schema bench;
        create table bench.pipelines (like grace.pipelines including defaults including indexes);
        create table bench.streams (like grace.mt_streams including all);
        create table bench.events (seq_id bigint generated always as identity primary key, id uuid not null, stream_id varchar not null,
          version bigint not null, data jsonb not null, type varchar(500) not null, timestamp timestamptz not null default now(),
          user_name varchar, causation_id varchar, tx xid8 not null default pg_current_xact_id(), prev_hash bytea, hash bytea, unique (stream_id, version));
        create index on bench.events (tx, seq_id);
        create index on bench.events (type, tx, seq_id);
        create table bench.contents (like grace.contents including all);
        """;

    /// <summary>How many events the engine writes at each boundary of a five-phase pipeline: submit, start, five phases.</summary>
    static readonly int[] EventsPerBatch = [1, 2, 4, 4, 4, 4, 4];

    static readonly string Data = $$"""{"pipeline_id": "x", "phase": "research", "filler": "{{new string('y', 250)}}"}""";

    public static async Task CreateTablesAsync(string ownerConnection)
    {
        await using var owner = NpgsqlDataSource.Create(ownerConnection);
        await using var command = owner.CreateCommand(Tables + "grant usage on schema bench to public; grant all on all tables in schema bench to public; grant all on all sequences in schema bench to public;");
        await command.ExecuteNonQueryAsync();
    }

    public async Task WriteOneAsync(CancellationToken cancel)
    {
        var id = $"pipeline_{Guid.NewGuid():N}";
        long version = 0;
        for (var step = 0; step < EventsPerBatch.Length; step++)
        {
            await using var connection = await database.OpenConnectionAsync(cancel);
            await using var batch = new NpgsqlBatch(connection);
            if (step == 0)
            {
                Add(batch, "insert into bench.pipelines (id, number, version, task, status, phases, phase_statuses, requested_by, created_at, updated_at, ready_at) values ($1, (random() * 1e15)::bigint, 1, 'noop', 'queued', '{}', '{}', 'bench', now(), now(), now())", id);
                Add(batch, "insert into bench.streams (id, version) values ($1, 1)", id);
            }
            else
            {
                Add(batch, "update bench.pipelines set version = $2, status = 'running', updated_at = now() where id = $1", id, version);
                Add(batch, "update bench.streams set version = $2 where id = $1", id, version);
            }
            if (step > 1)
            {
                var content = Content.Of(Encoding.UTF8.GetBytes($"{id}{step}{new string('x', 1000)}"));
                Add(batch, "insert into bench.contents (hash, size, bytes) values ($1, $2, $3)", content.Hash, content.Bytes.LongLength, content.Bytes);
                // and the artifact's own stream
                Add(batch, "insert into bench.streams (id, version) values ($1, 1)", $"{id}{step}");
                Add(batch, "insert into bench.events (id, stream_id, version, data, type) values ($1, $2, 1, $3::text::jsonb, 'artifact.created')", Guid.NewGuid(), $"{id}{step}", Data);
            }
            for (var e = 0; e < EventsPerBatch[step]; e++)
                Add(batch, "insert into bench.events (id, stream_id, version, data, type) values ($1, $2, $3, $4::text::jsonb, 'agent.phase.completed')",
                    Guid.NewGuid(), id, ++version, Data);
            await batch.ExecuteNonQueryAsync(cancel);
        }
    }

    static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        batch.BatchCommands.Add(command);
    }
}
