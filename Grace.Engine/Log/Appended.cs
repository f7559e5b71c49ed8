using Npgsql;

namespace Grace.Engine.Log;

/// <summary>
/// What a transaction appended, and the place in the log that it follows. Told by the transaction itself, so that a reader
/// that stands at that place can take it without asking the database again.
/// </summary>
/// <param name="Position">Of the last event; 0 when there is none.</param>
/// <param name="Before">The newest place before them, none of which can come later any more.</param>
/// <param name="Events">In the log's order; empty when an older transaction was still running, and the log has to be read.</param>
public readonly record struct Appended(long Position, LogPlace Before, IReadOnlyList<Recorded> Events)
{
    /// <summary>
    /// Run last in a transaction. That the snapshot's oldest running transaction is this very one says that all older ones
    /// have ended: what they appended is visible, and the order up to here is settled.
    /// </summary>
    const string Tell = $"""
        select {EventLog.Columns}, before_tx, before_seq
        from grace.mt_events left join (
          select tx as before_tx, seq_id as before_seq from grace.mt_events where tx < pg_current_xact_id_if_assigned() order by tx desc, seq_id desc limit 1) b on true
        where tx = pg_current_xact_id_if_assigned() and pg_snapshot_xmin(pg_current_snapshot()) = pg_current_xact_id_if_assigned()
        order by seq_id
        """;
    const int EventFields = 11;

    /// <summary>Runs a batch of appends and whatever belongs to them.</summary>
    /// <param name="then">A last statement, such as the commit of a transaction that was begun before.</param>
    public static async Task<Appended> RunAsync(NpgsqlBatch batch, CancellationToken cancel, string? then = null)
    {
        batch.BatchCommands.Add(new(Tell));
        if (then is not null)
            batch.BatchCommands.Add(new(then));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        long position = 0;
        var before = LogPlace.Start;
        List<Recorded> events = [];
        do
            while (await reader.ReadAsync(cancel))
                if (reader.FieldCount == 2)
                    position = reader.GetInt64(1);
                else if (reader.FieldCount == EventFields)
                {
                    events.Add(EventLog.Read(reader));
                    before = reader.IsDBNull(9) ? LogPlace.Start : new(reader.GetFieldValue<ulong>(9), reader.GetInt64(10));
                }
        while (await reader.NextResultAsync(cancel));
        return new(position, before, events);
    }
}
