using System.Security.Cryptography;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>Bytes and their address: "sha256:" and 64 hex digits.</summary>
public sealed record Content(string Hash, byte[] Bytes)
{
    public static Content Of(byte[] bytes) => new($"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", bytes);
}

/// <summary>The content-addressed store: each payload once, by its SHA-256, outside the events that name it.</summary>
public sealed class ContentShelf(NpgsqlDataSource database)
{
    /// <summary>To go into the transaction that records the artifact.</summary>
    public static NpgsqlBatchCommand Put(Content content) =>
        new("insert into grace.contents (hash, size, bytes) values ($1, $2, $3) on conflict (hash) do nothing")
        {
            Parameters = { new() { Value = content.Hash }, new() { Value = content.Bytes.LongLength }, new() { Value = content.Bytes } },
        };

    /// <exception cref="KeyNotFoundException">Nothing is kept under this hash.</exception>
    /// <exception cref="InvalidDataException">What is kept does not have this hash: it was changed behind Grace's back.</exception>
    public async Task<byte[]> ReadAsync(string hash, CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand("select bytes from grace.contents where hash = $1");
        command.Parameters.Add(new() { Value = hash });
        var bytes = (byte[]?)await command.ExecuteScalarAsync(cancel) ?? throw new KeyNotFoundException($"No content {hash}.");
        return Content.Of(bytes).Hash == hash
            ? bytes
            : throw new InvalidDataException($"The content kept as {hash} has another hash; it was changed outside Grace.");
    }

    /// <summary>Several payloads at once, by hash.</summary>
    public async Task<Dictionary<string, byte[]>> ReadManyAsync(IReadOnlyCollection<string> hashes, CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand("select hash, bytes from grace.contents where hash = any($1)");
        command.Parameters.Add(new() { Value = hashes.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        Dictionary<string, byte[]> found = [];
        while (await reader.ReadAsync(cancel))
        {
            var content = Content.Of(reader.GetFieldValue<byte[]>(1));
            found[reader.GetString(0)] = content.Hash == reader.GetString(0)
                ? content.Bytes
                : throw new InvalidDataException($"The content kept as {reader.GetString(0)} has another hash; it was changed outside Grace.");
        }
        return found;
    }
}
