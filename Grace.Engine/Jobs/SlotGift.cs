using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Npgsql;
using NpgsqlTypes;

namespace Grace.Engine.Jobs;

/// <summary>What happens to slots in the transaction that changes a pipeline.</summary>
static class SlotGift
{
    const string LockSql = """
        select e.seq_id, e.stream_id, e.version, e.type, e.data::text, e.timestamp, e.user_name, e.hash, e.tx
        from (
          select p.id from grace.slots s join grace.pipelines p on p.id = s.pipeline_id
          where s.number = $1 and ($2::bigint is null or s.ticket = $2)
            and (p.status = 'queued' or (p.status = 'running' and (p.worker is null or p.lease_until < clock_timestamp())))
          for update of p) held
        join grace.mt_events e on e.stream_id = held.id order by e.version
        """;

    /// <summary>The statement that gives and frees slots; null where the change touches none.</summary>
    public static NpgsqlBatchCommand? Between(Pipeline before, Pipeline after)
    {
        var (had, has) = (before.Exists && Holds(before.Status), Holds(after.Status));
        if (had && !has)
            return Give(after.Id, again: false);
        if (after.Status == PipelineStatus.Queued && !had)
            return Give(null, again: false);
        return after.Status == PipelineStatus.Running && before.Worker is not null && after.Worker is null ? Give(after.Id, again: true) : null;
    }

    public static NpgsqlBatchCommand Give(string? left, bool again) => new("select grace.give_slots($1, $2)")
    {
        Parameters = { new() { Value = (object?)left ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar }, new() { Value = again } },
    };

    /// <summary>
    /// Begins a transaction, locks the row of the slot's pipeline in it and returns its history; empty when it is not to be
    /// taken. Begin and commit travel with their neighbours, so that taking a pipeline costs two round trips.
    /// </summary>
    public static async Task<List<Recorded>> LockAsync(NpgsqlConnection connection, int slot, long? ticket, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("begin"),
                new(LockSql) { Parameters = { new() { Value = slot }, new() { Value = (object?)ticket ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        List<Recorded> history = [];
        while (await reader.ReadAsync(cancel))
            history.Add(EventLog.Read(reader));
        return history;
    }

    public static async Task ReleaseAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("rollback", connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    static bool Holds(PipelineStatus status) => status is PipelineStatus.Queued or PipelineStatus.Running;
}
