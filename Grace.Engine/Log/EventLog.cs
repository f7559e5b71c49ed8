using Npgsql;
using NpgsqlTypes;

namespace Grace.Engine.Log;

/// <summary>An event as it stands in the log.</summary>
/// <param name="Position">Unique over all streams; pass it back to go on after it. Not in commit order: only the log orders.</param>
/// <param name="Version">1, 2, 3 … within the stream, without holes.</param>
/// <param name="Data">The JSON text exactly as PostgreSQL stores it.</param>
/// <param name="By">Who caused it: a verified identity, or "system".</param>
public sealed record Recorded(
    long Position, string StreamId, long Version, string Type, string Data, DateTimeOffset At, string? By, byte[] Hash, ulong Transaction)
{
    public LogPlace Place => new(Transaction, Position);
}

/// <summary>Who causes events, and in answer to what.</summary>
public sealed record Origin(string By, string? Correlation = null, string? Causation = null);

/// <summary>Somebody else appended first. Read again, decide again.</summary>
public sealed class StreamMoved(string streamId, long expected)
    : Exception($"Stream {streamId} is no longer at version {expected}.");

/// <summary>The append-only log: streams of events, each chained by hash. It knows nothing of what the events mean.</summary>
public sealed class EventLog(NpgsqlDataSource database)
{
    internal const string Columns = "e.seq_id, e.stream_id, e.version, e.type, e.data::text, e.timestamp, e.user_name, p.hash, p.tx";
    const string Events = "grace.mt_events e join grace.log_proofs p using (seq_id)";

    /// <summary>Where streams stand; those that do not exist are left out. Nothing is asked when nothing is given.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> VersionsAsync(NpgsqlConnection connection, string[] streamIds, CancellationToken cancel)
    {
        Dictionary<string, long> versions = [];
        if (streamIds.Length == 0)
            return versions;
        await using var command = new NpgsqlCommand("select id, version from grace.mt_streams where id = any($1)", connection)
        {
            Parameters = { new() { Value = streamIds, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            versions[reader.GetString(0)] = reader.GetInt64(1);
        return versions;
    }

    public async Task<IReadOnlyDictionary<string, long>> VersionsAsync(string[] streamIds, CancellationToken cancel)
    {
        if (streamIds.Length == 0)
            return new Dictionary<string, long>();
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await VersionsAsync(connection, streamIds, cancel);
    }

    /// <summary>One stream from a version on, oldest first.</summary>
    public Task<List<Recorded>> ReadStreamAsync(string streamId, long afterVersion = 0, int limit = int.MaxValue, CancellationToken cancel = default) =>
        ReadAsync($"select {Columns} from {Events} where e.stream_id = $1 and e.version > $2 order by e.version limit $3",
            cancel, new() { Value = streamId, NpgsqlDbType = NpgsqlDbType.Varchar }, new() { Value = afterVersion }, new() { Value = (long)limit });

    /// <summary>One stream from a version back, newest first.</summary>
    public Task<List<Recorded>> ReadStreamBackAsync(string streamId, long upToVersion, int limit, CancellationToken cancel = default) =>
        ReadAsync($"select {Columns} from {Events} where e.stream_id = $1 and e.version <= $2 order by e.version desc limit $3",
            cancel, new() { Value = streamId, NpgsqlDbType = NpgsqlDbType.Varchar }, new() { Value = upToVersion }, new() { Value = (long)limit });

    /// <summary>
    /// All streams in commit order, from a place on. Sequence order is not commit order, so only events below the oldest
    /// transaction still running are returned: nothing can appear behind the reader's back.
    /// </summary>
    public Task<List<Recorded>> ReadAllAsync(LogPlace after, int limit, CancellationToken cancel = default) =>
        ReadAsync($"""
            select {Columns} from {Events}
            where (p.tx, p.seq_id) > ($1, $2) and p.tx < pg_snapshot_xmin(pg_current_snapshot())
            order by p.tx, p.seq_id limit $3
            """,
            cancel, new() { Value = after.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 }, new() { Value = after.Position }, new() { Value = (long)limit });

    /// <summary>The newest events up to a place, newest first.</summary>
    public Task<List<Recorded>> ReadNewestAsync(LogPlace upTo, int limit, CancellationToken cancel = default) =>
        ReadNewestAsync(upTo, limit, LogFilter.Everything, cancel);

    /// <summary>Those of the newest events up to a place that a filter's types and stream let through; its text is not looked at.</summary>
    public Task<List<Recorded>> ReadNewestAsync(LogPlace upTo, int limit, LogFilter filter, CancellationToken cancel = default)
    {
        List<NpgsqlParameter> given = [new() { Value = upTo.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 }, new() { Value = upTo.Position }, new() { Value = (long)limit }];
        string When(bool asked, string condition, object? value)
        {
            if (!asked)
                return "";
            given.Add(new() { Value = value });
            return $" and {condition}${given.Count}{(value is string ? "" : ")")}";
        }

        var conditions = When(filter.Types is not null, "p.type = any(", filter.Types?.ToArray())
            + When(filter.NotTypes is not null, "p.type <> all(", filter.NotTypes?.ToArray())
            + When(filter.StreamId is not null, "e.stream_id = ", filter.StreamId);
        return ReadAsync($"select {Columns} from {Events} where (p.tx, p.seq_id) <= ($1, $2){conditions} order by p.tx desc, p.seq_id desc limit $3", cancel, [.. given]);
    }

    /// <summary>Everything of these types up to now, in commit order; for types that are rare.</summary>
    public Task<List<Recorded>> ReadTypesAsync(IReadOnlyList<string> types, CancellationToken cancel = default) =>
        ReadAsync($"select {Columns} from {Events} where p.type = any($1) order by p.tx, p.seq_id", cancel, new NpgsqlParameter { Value = types.ToArray() });

    /// <summary>The types that occur, by name; hops from type to type on the index.</summary>
    public async Task<List<string>> TypesAsync(CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand("""
            with recursive types as (
              (select type from grace.log_proofs order by type limit 1)
              union all
              select (select e.type from grace.log_proofs e where e.type > t.type order by e.type limit 1) from types t where t.type is not null)
            select type from types where type is not null
            """);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<string> types = [];
        while (await reader.ReadAsync(cancel))
            types.Add(reader.GetString(0));
        return types;
    }

    /// <summary>The place right after the event at this position, or after the newest one before it.</summary>
    public async Task<LogPlace> PlaceOfAsync(long position, CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand("select tx, seq_id from grace.log_proofs where seq_id <= $1 order by seq_id desc limit 1");
        command.Parameters.Add(new() { Value = position });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)) : LogPlace.Start;
    }

    /// <summary>The highest position there is; 0 when the log is empty.</summary>
    public async Task<long> NewestPositionAsync(CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand("select seq_id from grace.log_proofs order by seq_id desc limit 1");
        return (long?)await command.ExecuteScalarAsync(cancel) ?? 0;
    }

    /// <summary>The event at a position; null when there is none.</summary>
    public async Task<Recorded?> FindAsync(long position, CancellationToken cancel = default) =>
        (await ReadAsync($"select {Columns} from {Events} where e.seq_id = $1", cancel, new NpgsqlParameter { Value = position })).SingleOrDefault();

    /// <summary>The events at these positions, in their order.</summary>
    public Task<List<Recorded>> ReadAsync(long[] positions, CancellationToken cancel = default) =>
        ReadAsync($"select {Columns} from {Events} where e.seq_id = any($1) order by e.seq_id", cancel, new NpgsqlParameter { Value = positions });

    /// <summary>Where a stream stands; null when there is none.</summary>
    public async Task<long?> VersionAsync(string streamId, CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand("select version from grace.mt_streams where id = $1");
        command.Parameters.Add(new() { Value = streamId, NpgsqlDbType = NpgsqlDbType.Varchar });
        return (long?)await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>The newest place that is safe to read up to.</summary>
    public async Task<LogPlace> EndAsync(CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand(
            "select tx, seq_id from grace.log_proofs where tx < pg_snapshot_xmin(pg_current_snapshot()) order by tx desc, seq_id desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)) : LogPlace.Start;
    }

    async Task<List<Recorded>> ReadAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<Recorded> events = [];
        while (await reader.ReadAsync(cancel))
            events.Add(Read(reader));
        return events;
    }

    /// <summary>Reads the columns seq_id, stream_id, version, type, data::text, timestamp, user_name, hash, tx.</summary>
    public static Recorded Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4),
        reader.GetFieldValue<DateTimeOffset>(5), reader.IsDBNull(6) ? null : reader.GetString(6),
        reader.GetFieldValue<byte[]>(7), reader.GetFieldValue<ulong>(8));
}

/// <summary>A place in the log's commit order.</summary>
public readonly record struct LogPlace(ulong Transaction, long Position)
{
    public static readonly LogPlace Start = new(0, 0);

    public bool IsBefore(LogPlace other) => (Transaction, Position).CompareTo((other.Transaction, other.Position)) < 0;
}
