using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Grace.Web.Bench;

/// <summary>
/// The least that a durable engine can write for a five-phase pipeline: each phase one batch of three statements (an event,
/// a content of 1 KB, an update of a row) and one commit, and nothing else.
/// </summary>
sealed class BareRows(NpgsqlDataSource database)
{
    const int Phases = 5;
    const string Tables = """
        drop schema if exists bare cascade;
        create schema bare;
        create table bare.pipelines (id varchar primary key, status varchar not null, version bigint not null);
        create table bare.events (seq_id bigint generated always as identity primary key, pipeline_id varchar not null, version bigint not null, data jsonb not null);
        create table bare.contents (hash varchar primary key, bytes bytea not null);
        grant usage on schema bare to public; grant all on all tables in schema bare to public; grant all on all sequences in schema bare to public;
        """;

    public static async Task CreateTablesAsync(string ownerConnection)
    {
        await using var owner = NpgsqlDataSource.Create(ownerConnection);
        await using var command = owner.CreateCommand(Tables);
        await command.ExecuteNonQueryAsync();
    }

    public async Task WriteOneAsync(CancellationToken cancel)
    {
        var id = $"pipeline_{Guid.NewGuid():N}";
        for (var phase = 1; phase <= Phases; phase++)
        {
            var bytes = Encoding.UTF8.GetBytes($"{id}{phase}{new string('x', 1000)}");
            await using var connection = await database.OpenConnectionAsync(cancel);
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new("insert into bare.events (pipeline_id, version, data) values ($1, $2, '{\"phase\": \"research\"}')") { Parameters = { new() { Value = id }, new() { Value = (long)phase } } },
                    new("insert into bare.contents (hash, bytes) values ($1, $2)") { Parameters = { new() { Value = Convert.ToHexStringLower(SHA256.HashData(bytes)) }, new() { Value = bytes } } },
                    new("insert into bare.pipelines (id, status, version) values ($1, 'running', $2) on conflict (id) do update set version = excluded.version")
                    {
                        Parameters = { new() { Value = id }, new() { Value = (long)phase } },
                    },
                },
            };
            await batch.ExecuteNonQueryAsync(cancel);
        }
    }
}
