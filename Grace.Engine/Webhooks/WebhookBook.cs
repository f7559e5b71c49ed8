using Grace.Engine.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace Grace.Engine.Webhooks;

/// <summary>The webhooks' tables. Statements are in Sql/statements.sql, by name.</summary>
public sealed class WebhookBook(NpgsqlDataSource database)
{
    static readonly Dictionary<string, string> Statements = Resources.Read("Webhooks/Sql/statements.sql").Split("-- name: ", StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('\n', 2)).ToDictionary(part => part[0].Trim(), part => part[1].Trim().TrimEnd(';'));

    /// <summary>In the order of their registration.</summary>
    public async Task<List<Webhook>> AllAsync(CancellationToken cancel = default) => await ReadHooksAsync(null, cancel);

    public async Task<Webhook?> FindAsync(string id, CancellationToken cancel = default) => (await ReadHooksAsync(id, cancel)).SingleOrDefault();

    /// <summary>For signing, and nothing else.</summary>
    public async Task<WebhookSecret> SecretAsync(string id, CancellationToken cancel)
    {
        await using var command = Command("secret", id);
        return new((byte[]?)await command.ExecuteScalarAsync(cancel) ?? throw new InvalidOperationException($"The webhook {id} has no secret."));
    }

    /// <summary>Newest first.</summary>
    /// <param name="before">Only those with a lower id.</param>
    /// <param name="status">Null: all.</param>
    public Task<List<Delivery>> DeliveriesAsync(string id, string? status, long before, int limit, CancellationToken cancel = default) =>
        status is null ? ReadAsync(Command("deliveries_any", id, before, (long)limit), cancel) : ReadAsync(Command("deliveries", id, before, status, (long)limit), cancel);

    public async Task<Delivery?> DeliveryAsync(long id, CancellationToken cancel = default) => (await ReadAsync(Command("delivery", id), cancel)).SingleOrDefault();

    /// <summary>What is to be tried again, oldest first.</summary>
    internal Task<List<Delivery>> WaitingAsync(string id, CancellationToken cancel) => ReadAsync(Command("waiting", id), cancel);

    /// <summary>Moves the cursor over what the webhook does not want.</summary>
    /// <returns>False: it stands elsewhere.</returns>
    internal async Task<bool> PassAsync(string id, long from, long to, CancellationToken cancel)
    {
        await using var command = Command("pass", id, from, to);
        return await command.ExecuteScalarAsync(cancel) is not null;
    }

    /// <summary>Keeps what came of an event's first try, and moves the cursor over it, in one statement.</summary>
    /// <param name="next">When to try again; null: it was taken, or is dead.</param>
    /// <returns>The delivery's id; null: the cursor stands elsewhere, and nothing was kept.</returns>
    internal async Task<long?> FirstTryAsync(string id, long from, Log.Recorded e, string status, DateTimeOffset? next, CallOutcome came, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = Command("first_try", id, from, e.Position, e.Type, status, Time(next), Number(came.Status), Text(came.Error), (int)came.Took.TotalMilliseconds, now.ToUniversalTime());
        return (long?)await command.ExecuteScalarAsync(cancel);
    }

    /// <returns>False: somebody else tried it.</returns>
    internal async Task<bool> NextTryAsync(Delivery delivery, string status, DateTimeOffset? next, CallOutcome came, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = Command("next_try", delivery.Id, delivery.Attempts, status, Time(next), Number(came.Status), Text(came.Error), (int)came.Took.TotalMilliseconds, now.ToUniversalTime());
        return await command.ExecuteScalarAsync(cancel) is not null;
    }

    /// <summary>Forgets all but the newest of those that were delivered.</summary>
    internal async Task ForgetAsync(string id, long kept, CancellationToken cancel)
    {
        await using var command = Command("forget", id, kept);
        await command.ExecuteNonQueryAsync(cancel);
    }

    internal static NpgsqlBatchCommand Statement(string name, params object[] values)
    {
        var command = new NpgsqlBatchCommand(Statements[name]);
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        return command;
    }

    internal static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar };

    static NpgsqlParameter Number(int? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };

    static NpgsqlParameter Time(DateTimeOffset? value) => new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    NpgsqlCommand Command(string name, params object[] values)
    {
        var command = database.CreateCommand(Statements[name]);
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        return command;
    }

    async Task<List<Webhook>> ReadHooksAsync(string? id, CancellationToken cancel)
    {
        await using var command = Command("all", Text(id));
        await using var row = await command.ExecuteReaderAsync(cancel);
        List<Webhook> hooks = [];
        while (await row.ReadAsync(cancel))
            hooks.Add(new(
                row.GetString(0), row.GetInt64(2), row.GetString(3), new(row.GetFieldValue<string[]>(4), row.IsDBNull(5) ? null : row.GetString(5)), row.GetString(6),
                row.IsDBNull(7) ? null : row.GetString(7), row.GetString(8), row.GetFieldValue<DateTimeOffset>(9), row.GetInt64(10), row.GetInt64(11),
                row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12), (int)row.GetInt64(13), (int)row.GetInt64(14)));
        return hooks;
    }

    static async Task<List<Delivery>> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var _ = command;
        await using var row = await command.ExecuteReaderAsync(cancel);
        List<Delivery> found = [];
        while (await row.ReadAsync(cancel))
            found.Add(new(
                row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetBoolean(5), row.GetInt32(6),
                row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7), row.IsDBNull(8) ? null : row.GetInt32(8), row.IsDBNull(9) ? null : row.GetString(9), row.GetInt32(10),
                row.GetFieldValue<DateTimeOffset>(11), row.GetFieldValue<DateTimeOffset>(12)));
        return found;
    }
}
