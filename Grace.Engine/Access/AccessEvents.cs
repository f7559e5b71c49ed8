using Grace.Engine.Log;
using Npgsql;

namespace Grace.Engine.Access;

/// <summary>Who got access and who lost it, in a stream of its own. No event holds a secret, nor anything a secret follows from.</summary>
public abstract record AccessEvent
{
    private AccessEvent() { }

    public sealed record KeyCreated(string Id, string Name, Role Role, string Prefix, DateTimeOffset? ExpiresAt) : AccessEvent;

    public sealed record KeyRevoked(string Id, string Name, Role Role) : AccessEvent;

    /// <param name="Again">True where somebody who is known is to choose a new password.</param>
    public sealed record PersonInvited(string Invitation, string Person, Role Role, bool? Again, DateTimeOffset ExpiresAt) : AccessEvent;

    public sealed record PersonJoined(string Person, Role Role, string Through) : AccessEvent;

    public sealed record InvitationRevoked(string Invitation, string Person) : AccessEvent;

    public sealed record RoleChanged(string Person, string From, Role To) : AccessEvent;

    public sealed record PersonDisabled(string Person, string Role) : AccessEvent;

    public sealed record PersonEnabled(string Person, string Role) : AccessEvent;

    public sealed record PasswordChanged(string Person) : AccessEvent;
}

/// <summary>Wire name and severity of every event of access, and the way they are appended.</summary>
public static class AccessEvents
{
    public const string Stream = "access";
    const long Turn = 0x61636373;

    static readonly (Type Type, string Name, string Severity)[] All =
    [
        (typeof(AccessEvent.KeyCreated), "access.key_created", "medium"),
        (typeof(AccessEvent.KeyRevoked), "access.key_revoked", "medium"),
        (typeof(AccessEvent.PersonInvited), "access.person_invited", "medium"),
        (typeof(AccessEvent.PersonJoined), "access.person_joined", "medium"),
        (typeof(AccessEvent.InvitationRevoked), "access.invitation_revoked", "low"),
        (typeof(AccessEvent.RoleChanged), "access.role_changed", "medium"),
        (typeof(AccessEvent.PersonDisabled), "access.person_disabled", "medium"),
        (typeof(AccessEvent.PersonEnabled), "access.person_enabled", "medium"),
        (typeof(AccessEvent.PasswordChanged), "access.password_changed", "low"),
    ];

    public static IEnumerable<WireName> WireNames => All.Select(e => new WireName(e.Type, e.Name));

    public static IEnumerable<(string Name, string Severity)> Severities => All.Select(e => (e.Name, e.Severity));

    public static bool Knows(string eventType) => All.Any(e => e.Name == eventType);

    /// <summary>
    /// Appends, last of all, in the transaction that makes the change; one change at a time, so that the stream's version is
    /// sure. Tell the signal of it after the commit: it ends sessions on every node.
    /// </summary>
    public static async Task<Appended> AppendAsync(LogWriter writer, NpgsqlTransaction transaction, AccessEvent change, string by, DateTimeOffset at, CancellationToken cancel)
    {
        await TakeTurnAsync(transaction, cancel);
        var version = (await EventLog.VersionsAsync(transaction.Connection!, [Stream], cancel)).GetValueOrDefault(Stream);
        await using var write = writer.Begin(new(by), at, transaction);
        write.Append(Stream, version, [change]);
        return await write.CommitAsync(cancel);
    }

    /// <summary>Changes of access happen one after another, on all nodes; until the end of the transaction.</summary>
    public static async Task TakeTurnAsync(NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var turn = new NpgsqlCommand($"select pg_advisory_xact_lock({Turn})", transaction.Connection, transaction);
        await turn.ExecuteNonQueryAsync(cancel);
    }
}
