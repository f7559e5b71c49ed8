using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grace.Engine.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>A signed root over all streams: their heads as they changed since the root before.</summary>
public sealed record LogRoot(long Number, long Events, string Heads, byte[] Previous, byte[] Root, byte[] Signature, string KeyId)
{
    public const string Columns = "number, events, heads, previous, root, signature, key_id";

    public static LogRoot Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5), row.GetString(6));

    public static byte[] Compute(long number, long events, string heads, byte[] previous) => SHA256.HashData(
        [.. previous, .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}:{events}:{heads}"))]);

    public Dictionary<string, (long Version, string Hash)> ReadHeads() =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement[]>>(Heads)!.ToDictionary(h => h.Key, h => (h.Value[0].GetInt64(), h.Value[1].GetString()!));
}

/// <summary>
/// Signs a root every few seconds while the log grows, and keeps the last one in the data folder too: so a cut tail is
/// found, and a cut of the roots themselves. Self-attested as long as nobody keeps a root elsewhere.
/// </summary>
public sealed class Seal(NpgsqlDataSource database, LogTail tail, SigningKey key, DataFolder data, TimeProvider clock, ILogger<Seal> logger) : BackgroundService
{
    const long SealLock = 0x67726165;
    static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public static string LastRootFile(DataFolder data) => Path.Combine(data.Keys, "last-root.json");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, SealForever);

    async Task SealForever(CancellationToken stop)
    {
        await tail.Ready.WaitAsync(stop);
        var place = LogPlace.Start;
        while (true)
        {
            try
            {
                place = tail.Head;
                await SealNowAsync(stop);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("The log could not be sealed: {Error}. It is tried again.", e.Message);
            }
            await Task.Delay(Every, clock, stop);
            await foreach (var _ in tail.FollowAsync(place, stop))
                break;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await SealNowAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            logger.LogWarning("The log could not be sealed at the end: {Error}. The next start seals it.", e.Message);
        }
    }

    /// <summary>Signs what came since the last root; does nothing when there is nothing.</summary>
    public async Task SealNowAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var alone = new NpgsqlCommand($"select pg_advisory_xact_lock({SealLock})", connection))
            await alone.ExecuteNonQueryAsync(cancel);
        var (number, after, previous) = await Last(connection, cancel);
        var (heads, events, upto) = await Changed(connection, after, cancel);
        if (events == 0)
            return;
        var text = JsonSerializer.Serialize(heads);
        var root = LogRoot.Compute(number, events, text, previous);
        await using var insert = new NpgsqlCommand("""
            insert into grace.log_roots (number, at, events, after_tx, upto_tx, heads, previous, root, signature, key_id)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """, connection)
        {
            Parameters =
            {
                new() { Value = number }, new() { Value = clock.GetUtcNow() }, new() { Value = events }, Xid(after), Xid(upto), new() { Value = text },
                new() { Value = previous }, new() { Value = root }, new() { Value = key.Sign(root) }, new() { Value = key.Id },
            },
        };
        await insert.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        var kept = LastRootFile(data);
        await File.WriteAllTextAsync(kept + ".new", JsonSerializer.Serialize(new { number, root = Convert.ToHexStringLower(root) }), cancel);
        File.Move(kept + ".new", kept, overwrite: true);
    }

    static async Task<(long Number, ulong After, byte[] Previous)> Last(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select number, upto_tx, root from grace.log_roots order by number desc limit 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? (reader.GetInt64(0) + 1, reader.GetFieldValue<ulong>(1), reader.GetFieldValue<byte[]>(2))
            : (1, 0, new byte[32]);
    }

    static async Task<(Dictionary<string, object[]> Heads, long Events, ulong Upto)> Changed(NpgsqlConnection connection, ulong after, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            with bound as (select pg_snapshot_xmin(pg_current_snapshot()) as upto)
            select distinct on (e.stream_id) e.stream_id, e.version, encode(p.hash, 'hex'), count(*) over (), bound.upto
            from grace.log_proofs p join grace.mt_events e using (seq_id), bound where p.tx >= $1 and p.tx < bound.upto order by e.stream_id, e.version desc
            """, connection) { Parameters = { Xid(after) } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        Dictionary<string, object[]> heads = [];
        long events = 0;
        ulong upto = 0;
        while (await reader.ReadAsync(cancel))
        {
            heads[reader.GetString(0)] = [reader.GetInt64(1), reader.GetString(2)];
            (events, upto) = (reader.GetInt64(3), reader.GetFieldValue<ulong>(4));
        }
        return (heads, events, upto);
    }

    static NpgsqlParameter Xid(ulong value) => new() { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Xid8 };
}
