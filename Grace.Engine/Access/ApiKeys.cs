using System.Security.Cryptography;
using Dapper;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Npgsql;

namespace Grace.Engine.Access;

/// <summary>No such key, or it is revoked already.</summary>
public sealed class NoSuchKey(string id) : Exception($"There is no API key '{id}' in force.");

/// <summary>A name that somebody has already.</summary>
public sealed class NameTaken(string message) : Exception(message);

/// <summary>API keys: made, found by their secret, revoked. What is revoked is refused at once, on every node: each look is at the database.</summary>
public sealed class ApiKeys(NpgsqlDataSource database, LogWriter writer, LogSignal signal, TimeProvider clock)
{
    const string Columns = """
        id as "Id", name as "Name", role as "Role", prefix as "Prefix", created_at as "CreatedAt", created_by as "CreatedBy", expires_at as "ExpiresAt",
        last_used_at as "LastUsedAt", revoked_at as "RevokedAt"
        """;
    static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(10);

    /// <summary>Those in force or expired, by name; revoked ones are in the log.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"select {Columns} from grace_access.keys where revoked_at is null order by lower(name)", cancellationToken: cancel))).Select(r => r.Key())];
    }

    /// <summary>The key with this secret, as long as it is in force.</summary>
    public async Task<ApiKey?> FindAsync(string secret, CancellationToken cancel = default)
    {
        if (!ApiKey.LooksLikeOne(secret) || await OneAsync("hash = @hash", new { hash = ApiKey.Hash(secret) }, cancel) is not { } key)
            return null;
        if (key.LastUsedAt is not { } used || clock.GetUtcNow() - used > UseIsNotedEvery)
            await NoteUseAsync(key.Id, cancel);
        return key;
    }

    /// <summary>The key with this id, as long as it is in force.</summary>
    public Task<ApiKey?> FindByIdAsync(string id, CancellationToken cancel = default) => OneAsync("id = @id", new { id }, cancel);

    /// <returns>The key, and its secret: the only time that anybody sees it.</returns>
    /// <exception cref="SubmissionRefused">Name or expiry make no sense.</exception>
    /// <exception cref="NameTaken">A key in force has this name.</exception>
    public async Task<(ApiKey Key, string Secret)> CreateAsync(string? name, Role role, DateTimeOffset? expires, string by, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        List<FieldError> errors = [];
        if (ApiKey.Flaw(name) is { } flaw)
            errors.Add(new("name", flaw));
        if (expires <= now)
            errors.Add(new("expires_at", $"expires_at is {expires:O}; it must lie ahead."));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        var secret = ApiKey.NewSecret();
        var key = new ApiKey($"key_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}", name!, role, ApiKey.PrefixOf(secret), now, by, expires, null, null);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition("""
                insert into grace_access.keys (id, name, role, prefix, hash, created_at, created_by, expires_at) values (@Id, @Name, @role, @Prefix, @hash, @CreatedAt, @CreatedBy, @ExpiresAt)
                """, new { key.Id, key.Name, role = role.Name(), key.Prefix, hash = ApiKey.Hash(secret), CreatedAt = now.UtcDateTime, key.CreatedBy, ExpiresAt = expires?.UtcDateTime }, transaction, cancellationToken: cancel));
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new NameTaken($"An API key named '{name}' is in force; revoke it first, or give another name.");
        }
        await RecordAsync(transaction, new AccessEvent.KeyCreated(key.Id, key.Name, key.Role, key.Prefix, key.ExpiresAt), by, now, cancel);
        return (key, secret);
    }

    /// <exception cref="NoSuchKey">It is not in force.</exception>
    public async Task<ApiKey> RevokeAsync(string id, string by, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var key = (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"update grace_access.keys set revoked_at = @now, revoked_by = @by where id = @id and revoked_at is null returning {Columns}",
            new { id, by, now = now.UtcDateTime }, transaction, cancellationToken: cancel)))?.Key() ?? throw new NoSuchKey(id);
        await RecordAsync(transaction, new AccessEvent.KeyRevoked(key.Id, key.Name, key.Role), by, now, cancel);
        return key;
    }

    async Task RecordAsync(NpgsqlTransaction transaction, AccessEvent change, string by, DateTimeOffset now, CancellationToken cancel)
    {
        var appended = await AccessEvents.AppendAsync(writer, transaction, change, by, now, cancel);
        await transaction.CommitAsync(cancel);
        signal.Commit(appended);
    }

    async Task<ApiKey?> OneAsync(string which, object value, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var key = (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"select {Columns} from grace_access.keys where {which}", value, cancellationToken: cancel)))?.Key();
        return key?.IsInForce(clock.GetUtcNow()) == true ? key : null;
    }

    async Task NoteUseAsync(string id, CancellationToken cancel)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await connection.ExecuteAsync(new CommandDefinition(
            "update grace_access.keys set last_used_at = @now where id = @id and (last_used_at is null or last_used_at < @before)",
            new { id, now, before = now - UseIsNotedEvery }, cancellationToken: cancel));
    }

    sealed class Row
    {
        public string Id { get; set; } = "";
        public string Name { get; set; } = "";
        public string Role { get; set; } = "";
        public string Prefix { get; set; } = "";
        public DateTime CreatedAt { get; set; }
        public string CreatedBy { get; set; } = "";
        public DateTime? ExpiresAt { get; set; }
        public DateTime? LastUsedAt { get; set; }
        public DateTime? RevokedAt { get; set; }

        // A role of a newer version counts for the least.
        public ApiKey Key() => new(Id, Name, Rights.Parse(Role) ?? Access.Role.Viewer, Prefix, Utc(CreatedAt)!.Value, CreatedBy, Utc(ExpiresAt), Utc(LastUsedAt), Utc(RevokedAt));

        static DateTimeOffset? Utc(DateTime? at) => at is { } time ? new(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;
    }
}
