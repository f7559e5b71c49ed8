using System.Text.Json;
using Grace.Engine.Log;
using Npgsql;

namespace Grace.Engine.Access;

/// <summary>Who got access and who lost it, in a stream of its own. No event holds a secret, nor anything a secret follows from.</summary>
public static class AccessEvents
{
    public const string Stream = "access";
    const long Turn = 0x61636373;

    static readonly Dictionary<string, string> All = new()
    {
        ["access.key_created"] = "medium",
        ["access.key_revoked"] = "medium",
        ["access.person_invited"] = "medium",
        ["access.person_joined"] = "medium",
        ["access.invitation_revoked"] = "low",
        ["access.role_changed"] = "medium",
        ["access.person_disabled"] = "medium",
        ["access.person_enabled"] = "medium",
        ["access.password_changed"] = "low",
    };

    public static IEnumerable<(string Name, string Severity)> Severities => All.Select(e => (e.Key, e.Value));

    public static bool Knows(string eventType) => All.ContainsKey(eventType);

    /// <summary>
    /// Appends, last of all, in the transaction that makes the change; one change at a time, so that the stream's version is
    /// sure. Tell the signal of it after the commit: it ends sessions on every node.
    /// </summary>
    public static async Task<Appended> AppendAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string type, object data, string by, DateTimeOffset at, CancellationToken cancel)
    {
        if (!Knows(type))
            throw new ArgumentException($"'{type}' is no event of the stream '{Stream}'.", nameof(type));
        await TakeTurnAsync(connection, transaction, cancel);
        var version = (await EventLog.VersionsAsync(connection, [Stream], cancel)).GetValueOrDefault(Stream);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { EventLog.Append(Stream, Stream, version, [new(type, JsonSerializer.Serialize(data, Wire.Json))], at, new(by)) },
        };
        return await Appended.RunAsync(batch, cancel);
    }

    /// <summary>Changes of access happen one after another, on all nodes; until the end of the transaction.</summary>
    public static async Task TakeTurnAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var turn = new NpgsqlCommand($"select pg_advisory_xact_lock({Turn})", connection, transaction);
        await turn.ExecuteNonQueryAsync(cancel);
    }
}
