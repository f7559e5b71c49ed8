using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>The order in which slots take pipelines, and the rule by which a slot may sleep.</summary>
static class SlotQueue
{
    /// <summary>Held shared by whoever makes a pipeline ready, alone by a slot that goes to sleep.</summary>
    public const long SleepLock = 0x67726164;

    /// <summary>What the slot's own dead worker left, what a slot that no longer exists left, then the queue.</summary>
    const string NextSql = """
        with left_behind as (
          select id from grace.pipelines
          where status = 'running' and (worker is null or lease_until < clock_timestamp())
            and (slot = $1 or not exists (select from grace.slots s where s.number = slot and s.enabled))
          order by slot limit 1 for update skip locked),
        queued as (
          select id from grace.pipelines
          where status = 'queued' and not exists (select from left_behind)
            and not exists (select from grace.pipelines held where held.status = 'running' and held.slot = $1)
          order by ahead_of_queue desc, ready_at, number limit 1 for update skip locked)
        select id from left_behind union all select id from queued
        """;

    /// <summary>Locks the next ready pipeline's row in the transaction; null when there is none.</summary>
    public static async Task<string?> LockNextAsync(NpgsqlTransaction transaction, int slot, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(NextSql, transaction.Connection, transaction) { Parameters = { new() { Value = slot } } };
        return (string?)await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>True: the slot sleeps now. False: something became ready, or its own pipeline's lease has yet to run out.</summary>
    public static async Task<bool> FallAsleepAsync(NpgsqlDataSource database, int slot, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("select pg_advisory_xact_lock($1)") { Parameters = { new() { Value = SleepLock } } },
                new("""
                    update grace.slots set awake = false, node = null, held_until = null
                    where number = $1 and not exists (select from grace.pipelines where status = 'queued')
                      and not exists (select from grace.pipelines where status = 'running' and slot = $1)
                    """) { Parameters = { new() { Value = slot } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancel);
        var slept = batch.BatchCommands[1].RecordsAffected > 0;
        await transaction.CommitAsync(cancel);
        return slept;
    }

    /// <summary>
    /// Gives a slot and what runs in it away, whatever is ready: the sweep of a node that may take slots wakes it again. It
    /// sleeps until then, so that nothing waits for this node's hold to run out.
    /// </summary>
    public static async Task HandOverAsync(NpgsqlDataSource database, int slot, string node, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("update grace.pipelines set lease_until = clock_timestamp() where status = 'running' and slot = $1 and starts_with(worker, $2)")
        {
            Parameters = { new() { Value = slot }, new() { Value = node + "/" } },
        });
        batch.BatchCommands.Add(new("update grace.slots set awake = false, node = null, held_until = null where number = $1") { Parameters = { new() { Value = slot } } });
        await batch.ExecuteNonQueryAsync(cancel);
    }
}
