using System.Text.Json;
using Grace.Engine.Hosting;
using Npgsql;

namespace Grace.Engine.Log;

/// <param name="Faults">Empty when the log is whole; otherwise in the order of the log, at most <see cref="LogVerifier.MostFaults"/>.</param>
public sealed record LogReport(bool Whole, long Events, long Streams, long Roots, long Contents, IReadOnlyList<LogFault> Faults);

/// <summary>
/// Proves the log whole, or names what was changed, removed or inserted behind its back. Everything is computed here and
/// nothing by the database, which is what is being checked.
/// </summary>
public sealed class LogVerifier(NpgsqlDataSource database, SigningKey key, DataFolder data)
{
    public const int MostFaults = 100;
    const int ProgressEvery = 500;

    /// <param name="streamId">Only this stream; null for all, with roots and contents.</param>
    /// <param name="progress">Hears now and then of how many events are checked, of how many.</param>
    public async Task<LogReport> VerifyAsync(string? streamId = null, CancellationToken cancel = default, Action<long, long>? progress = null)
    {
        List<LogFault> faults = [];
        // Before the snapshot: a root that is sealed meanwhile stands in the file, and not in what is seen of the database.
        var sealedUpTo = await LastSealed(cancel);
        // One snapshot for all that is compared.
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var recorded = await Streams(connection, streamId, cancel);
        var (heads, events) = await Chains(connection, streamId, recorded, faults, progress, cancel);
        foreach (var (stream, (version, row)) in recorded)
        {
            var (head, _) = heads.GetValueOrDefault(stream);
            if (head < version)
                faults.Add(new("removed", stream, head + 1, null, $"The stream was recorded up to version {version}, but ends at {head}."));
            else if (row is { } known && known != version)
                faults.Add(new("broken", stream, version, null, $"The read side knows version {known} of the stream, the log has {version}."));
        }
        var roots = await Roots(connection, streamId, heads, sealedUpTo, faults, cancel);
        var contents = await Contents(connection, streamId, faults, cancel);
        var ordered = faults.OrderBy(f => f.Position ?? long.MaxValue).ThenBy(f => f.StreamId, StringComparer.Ordinal).ThenBy(f => f.Version).Take(MostFaults).ToList();
        return new(ordered.Count == 0, events, heads.Count, roots, contents, ordered);
    }

    static async Task<Dictionary<string, (long Version, long? Row)>> Streams(NpgsqlConnection connection, string? streamId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select s.id, s.version, p.version from grace.mt_streams s left join grace.pipelines p on p.id = s.id where $1::varchar is null or s.id = $1
            """, connection) { Parameters = { Text(streamId) } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        Dictionary<string, (long, long?)> streams = [];
        while (await reader.ReadAsync(cancel))
            streams[reader.GetString(0)] = (reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2));
        return streams;
    }

    static async Task<(Dictionary<string, (long Version, Dictionary<long, string> Hashes)> Heads, long Events)> Chains(
        NpgsqlConnection connection, string? streamId, Dictionary<string, (long Version, long? Row)> recorded, List<LogFault> faults,
        Action<long, long>? progress, CancellationToken cancel)
    {
        var all = recorded.Values.Sum(s => s.Version);
        await using var command = new NpgsqlCommand(
            $"select {SealedEvent.Columns} from {SealedEvent.Source} where $1::varchar is null or stream_id = $1 order by stream_id, version", connection)
        {
            Parameters = { Text(streamId) }, CommandTimeout = 0,
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        Dictionary<string, (long, Dictionary<long, string>)> heads = [];
        ChainCheck? chain = null;
        string? current = null;
        long events = 0;
        while (await reader.ReadAsync(cancel))
        {
            var e = SealedEvent.Read(reader);
            if (++events % ProgressEvery == 0)
                progress?.Invoke(events, Math.Max(all, events));
            if (e.StreamId != current)
            {
                chain = new(e.StreamId);
                heads[current = e.StreamId] = (0, []);
            }
            var found = chain!.Take(e).ToList();
            if (e.Version > recorded.GetValueOrDefault(e.StreamId).Version)
                found = [new("inserted", e.StreamId, e.Version, e.Position, $"Version {e.Version} ({e.Type}) was never recorded: the stream ends at {recorded.GetValueOrDefault(e.StreamId).Version}.")];
            if (faults.Count < MostFaults)
                faults.AddRange(found);
            var hashes = heads[e.StreamId].Item2;
            hashes[e.Version] = e.Hash;
            heads[e.StreamId] = (e.Version, hashes);
        }
        return (heads, events);
    }

    async Task<long> Roots(
        NpgsqlConnection connection, string? streamId, Dictionary<string, (long Version, Dictionary<long, string> Hashes)> heads, long sealedUpTo,
        List<LogFault> faults, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"select {LogRoot.Columns} from grace.log_roots order by number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var (count, previous) = (0L, new byte[32]);
        while (await reader.ReadAsync(cancel))
        {
            var root = LogRoot.Read(reader);
            if (root.Number != ++count || !root.Previous.SequenceEqual(previous) || !LogRoot.Compute(root.Number, root.Events, root.Heads, root.Previous).SequenceEqual(root.Root))
                faults.Add(new("broken", "(roots)", root.Number, null, $"Root {root.Number} does not continue the chain of roots."));
            else if (root.KeyId == key.Id && !SigningKey.Verify(key.PublicKey, root.Root, root.Signature))
                faults.Add(new("changed", "(roots)", root.Number, null, $"Root {root.Number} is not signed by this installation's key."));
            (count, previous) = (root.Number, root.Root);
            foreach (var (stream, (version, hash)) in root.ReadHeads())
                if ((streamId is null || stream == streamId) && faults.Count < MostFaults)
                {
                    var known = heads.TryGetValue(stream, out var head) ? head.Hashes.GetValueOrDefault(version) : null;
                    if (known is null)
                        faults.Add(new("removed", stream, version, null, $"Version {version} was sealed in root {root.Number}, but is not there."));
                    else if (known != hash)
                        faults.Add(new("changed", stream, version, null, $"Version {version} has another hash than when it was sealed in root {root.Number}."));
                }
        }
        if (sealedUpTo > count)
            faults.Add(new("removed", "(roots)", count + 1, null, $"The data folder knows root {sealedUpTo}; the database has only {count}."));
        return count;
    }

    async Task<long> LastSealed(CancellationToken cancel)
    {
        if (!File.Exists(Seal.LastRootFile(data)))
            return 0;
        using var kept = JsonDocument.Parse(await File.ReadAllTextAsync(Seal.LastRootFile(data), cancel));
        return kept.RootElement.GetProperty("number").GetInt64();
    }

    static async Task<long> Contents(NpgsqlConnection connection, string? streamId, List<LogFault> faults, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select e.stream_id, e.version, e.seq_id, e.data->>'content_hash', 'sha256:' || encode(sha256(c.bytes), 'hex')
            from grace.mt_events e left join grace.contents c on c.hash = e.data->>'content_hash'
            where $1::varchar is null and e.type in ('agent.artifact.created', 'playbook.published', 'playbook.candidate_proposed')
              or e.stream_id = $1 and e.type in ('agent.artifact.created', 'artifact.created', 'playbook.published', 'playbook.candidate_proposed')
            """, connection) { Parameters = { Text(streamId) }, CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        long count = 0;
        while (await reader.ReadAsync(cancel))
        {
            count++;
            var kept = reader.IsDBNull(4) ? null : reader.GetString(4);
            if (kept != reader.GetString(3) && faults.Count < MostFaults)
                faults.Add(new(kept is null ? "removed" : "changed", reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), $"The content {reader.GetString(3)} that this event names {(kept is null ? "is not there" : "was changed")}."));
        }
        return count;
    }

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Varchar };
}
