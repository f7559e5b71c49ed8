using Grace.Engine.Log;
using Npgsql;
using NpgsqlTypes;

namespace Grace.Tests.Support;

/// <summary>Events of any type, appended by Marten's own function: what a test needs that no command of Grace would write.</summary>
static class RawEvents
{
    public static NpgsqlBatchCommand Append(string stream, long expected, IReadOnlyList<(string Type, string Data)> events, DateTimeOffset at, Origin origin) =>
        new("select grace.mt_quick_append_events($1, null, '*DEFAULT*', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        {
            Parameters =
            {
                new() { Value = stream, NpgsqlDbType = NpgsqlDbType.Varchar },
                new() { Value = events.Select(_ => Guid.CreateVersion7(at)).ToArray() },
                Texts(events.Select(e => e.Type)),
                Texts(events.Select(_ => "test")),
                new() { Value = events.Select(e => e.Data).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                new() { Value = events.Select(_ => (byte[]?)null).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                Texts(events.Select(_ => origin.Causation)),
                Texts(events.Select(_ => origin.Correlation)),
                Texts(events.Select(_ => origin.By)),
                new() { Value = events.Select(_ => at.ToUniversalTime()).ToArray() },
                new() { Value = expected },
            },
        };

    static NpgsqlParameter Texts(IEnumerable<string?> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };

    /// <summary>Appends in a transaction of its own; on a wrong version Marten's function raises MT003.</summary>
    public static async Task AppendAsync(NpgsqlDataSource source, string stream, long expected, IReadOnlyList<(string Type, string Data)> events, DateTimeOffset at, Origin origin)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(Append(stream, expected, events, at, origin));
        await batch.ExecuteNonQueryAsync();
    }
}
