using System.Buffers.Text;
using System.Security.Cryptography;
using Dapper;
using Grace.Engine.Access;
using Grace.Engine.Pipelines;
using Npgsql;

namespace Grace.Web.Access;

/// <summary>A link that lets one person choose a password, once.</summary>
/// <param name="IsReset">For somebody who is known already and forgot the password.</param>
public sealed record Invitation(string Id, string Name, Role Role, bool IsReset, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt);

/// <summary>Invitations: made for a name and a role, used once, kept as a hash alone.</summary>
sealed class Invitations(IServiceScopeFactory scopes, NpgsqlDataSource database, TimeProvider clock)
{
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(3);
    const string Open = "used_at is null and revoked_at is null and expires_at > @now";
    const string Columns = """
        id as "Id", name as "Name", role as "Role", person is not null as "IsReset", created_at as "CreatedAt", created_by as "CreatedBy", expires_at as "ExpiresAt"
        """;

    public async Task<IReadOnlyList<Invitation>> ListAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from grace_access.invitations where {Open} order by expires_at", new { now = Now }, cancellationToken: cancel))).Select(r => r.Invitation())];
    }

    /// <summary>The invitation with this secret, as long as it can be used.</summary>
    public async Task<Invitation?> FindAsync(string? secret, CancellationToken cancel)
    {
        if (secret is not { Length: 43 })
            return null;
        await using var connection = await database.OpenConnectionAsync(cancel);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from grace_access.invitations where hash = @hash and {Open}", new { hash = ApiKey.Hash(secret), now = Now }, cancellationToken: cancel)))?.Invitation();
    }

    /// <returns>The secret of the link: the only time that anybody sees it.</returns>
    /// <exception cref="SubmissionRefused">No such name is possible.</exception>
    /// <exception cref="AccountRefused">Somebody has the name.</exception>
    public async Task<(Invitation Invitation, string Secret)> InviteAsync(string? name, Role role, string by, CancellationToken cancel = default)
    {
        if (PersonRules.Flaw(name) is { } flaw)
            throw new SubmissionRefused([new("name", flaw)]);
        await using var change = await AccessChange.BeginAsync(scopes, cancel);
        if (await change.Users.FindByNameAsync(name!) is not null)
            throw new AccountRefused($"Somebody named '{name}' has an account already.");
        return await MakeAsync(change, name!, role, null, by, cancel);
    }

    /// <summary>A link to choose a new password with.</summary>
    /// <exception cref="NoSuchAccount">Nobody has this name.</exception>
    public async Task<(Invitation Invitation, string Secret)> ResetAsync(string name, string by, CancellationToken cancel = default)
    {
        await using var change = await AccessChange.BeginAsync(scopes, cancel);
        var person = await change.Users.FindByNameAsync(name) ?? throw new NoSuchAccount($"There is nobody named '{name}'.");
        return await MakeAsync(change, person.UserName!, Rights.Parse(person.Role) ?? Role.Viewer, person.Id, by, cancel);
    }

    async Task<(Invitation, string)> MakeAsync(AccessChange change, string name, Role role, Guid? person, string by, CancellationToken cancel)
    {
        var (now, secret) = (clock.GetUtcNow(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        var made = new Invitation($"invitation_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}", name, role, person is not null, now, by, now + Lasts);
        // The newest link is the one that counts.
        await change.Connection.ExecuteAsync(new CommandDefinition(
            $"update grace_access.invitations set revoked_at = @now where lower(name) = lower(@name) and {Open}", new { name, now = now.UtcDateTime }, change.Transaction, cancellationToken: cancel));
        await change.Connection.ExecuteAsync(new CommandDefinition("""
            insert into grace_access.invitations (id, hash, name, role, person, created_at, created_by, expires_at) values (@Id, @hash, @Name, @role, @person, @now, @CreatedBy, @expires)
            """, new { made.Id, hash = ApiKey.Hash(secret), made.Name, role = role.Name(), person, now = now.UtcDateTime, made.CreatedBy, expires = made.ExpiresAt.UtcDateTime }, change.Transaction, cancellationToken: cancel));
        await change.RecordAsync(new AccessEvent.PersonInvited(made.Id, name, role, made.IsReset ? true : null, made.ExpiresAt), by, now, cancel);
        await change.CommitAsync(cancel);
        return (made, secret);
    }

    /// <exception cref="NoSuchAccount">It is not open.</exception>
    public async Task RevokeAsync(string id, string by, CancellationToken cancel = default)
    {
        await using var change = await AccessChange.BeginAsync(scopes, cancel);
        var name = await change.Connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            $"update grace_access.invitations set revoked_at = @now where id = @id and {Open} returning name", new { id, now = Now }, change.Transaction, cancellationToken: cancel))
            ?? throw new NoSuchAccount($"There is no open invitation '{id}'.");
        await change.RecordAsync(new AccessEvent.InvitationRevoked(id, name), by, clock.GetUtcNow(), cancel);
        await change.CommitAsync(cancel);
    }

    /// <summary>Makes the person, or gives one who is known a new password; the link is used up then, and not before.</summary>
    /// <exception cref="AccountRefused">The link was used, taken back, or is too old.</exception>
    /// <exception cref="SubmissionRefused">The password is too weak.</exception>
    public async Task<Person> AcceptAsync(string secret, string password, CancellationToken cancel)
    {
        await using var change = await AccessChange.BeginAsync(scopes, cancel);
        var now = clock.GetUtcNow();
        var used = await change.Connection.QuerySingleOrDefaultAsync<(string Name, string Role, Guid? Person)?>(new CommandDefinition(
            $"update grace_access.invitations set used_at = @now where hash = @hash and {Open} returning name, role, person",
            new { hash = ApiKey.Hash(secret), now = now.UtcDateTime }, change.Transaction, cancellationToken: cancel))
            ?? throw new AccountRefused("This link was used already, was taken back, or is too old; ask for a new one.");
        var role = Rights.Parse(used.Role) ?? Role.Viewer;
        if (used.Person is { } id)
        {
            var known = await change.Users.FindByIdAsync(id.ToString()) ?? throw new NoSuchAccount($"There is nobody named '{used.Name}'.");
            if (known.DisabledAt is not null)
                throw new AccountRefused("This account is disabled; ask an administrator.");
            await change.SetPasswordAsync(known, password);
            await change.RecordAsync(new AccessEvent.PasswordChanged(used.Name), used.Name, now, cancel);
            await change.CommitAsync(cancel);
            return known;
        }
        var person = await change.AddAsync(used.Name, role, password, now);
        await change.RecordAsync(new AccessEvent.PersonJoined(used.Name, role, "invitation"), used.Name, now, cancel);
        await change.CommitAsync(cancel);
        return person;
    }

    DateTime Now => clock.GetUtcNow().UtcDateTime;

    sealed class Row
    {
        public string Id { get; set; } = "";
        public string Name { get; set; } = "";
        public string Role { get; set; } = "";
        public bool IsReset { get; set; }
        public DateTime CreatedAt { get; set; }
        public string CreatedBy { get; set; } = "";
        public DateTime ExpiresAt { get; set; }

        public Invitation Invitation() => new(Id, Name, Rights.Parse(Role) ?? Engine.Access.Role.Viewer, IsReset, Utc(CreatedAt), CreatedBy, Utc(ExpiresAt));

        static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));
    }
}
