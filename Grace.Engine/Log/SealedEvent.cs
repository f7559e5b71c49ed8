using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>
/// An event with everything its hash covers, as the exact text that PostgreSQL stores, so that the chain can be checked
/// without a database. The same rule in SQL is grace.prove.
/// </summary>
public sealed record SealedEvent(
    long Position, Guid Id, string StreamId, long Version, string Type, string Data, string? Bdata, long AtMicroseconds, string? TenantId,
    string? DotnetType, string? CorrelationId, string? CausationId, string? Headers, string? UserName, bool IsArchived, string PrevHash, string Hash)
{
    public const string Columns = """
        seq_id, id, stream_id, version, e.type, data::text, encode(bdata, 'hex'), (extract(epoch from timestamp) * 1000000)::bigint, tenant_id,
        mt_dotnet_type, correlation_id, causation_id, null, user_name, is_archived, encode(prev_hash, 'hex'), encode(hash, 'hex')
        """;

    /// <summary>An event without its proof is left out here, and told as removed.</summary>
    public const string Source = "grace.mt_events e join grace.log_proofs p using (seq_id)";

    public static SealedEvent Read(NpgsqlDataReader row)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        return new(
            row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetString(5), Text(6), row.GetInt64(7), Text(8),
            Text(9), Text(10), Text(11), Text(12), Text(13), !row.IsDBNull(14) && row.GetBoolean(14), row.GetString(15), row.GetString(16));
    }

    /// <summary>What the hash must be: 64 hex digits.</summary>
    public string ComputeHash()
    {
        var text = new StringBuilder();
        foreach (var field in (string?[])
                 [
                     Number(Position), Id.ToString(), StreamId, Number(Version), Type, Data, Bdata, Number(AtMicroseconds), TenantId, DotnetType,
                     CorrelationId, CausationId, Headers, UserName, IsArchived ? "true" : "false",
                 ])
            text.Append(field is null ? "-" : $"{Encoding.UTF8.GetByteCount(field)}:{field}");
        return Convert.ToHexStringLower(SHA256.HashData([.. Convert.FromHexString(PrevHash), .. Encoding.UTF8.GetBytes(text.ToString())]));
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
