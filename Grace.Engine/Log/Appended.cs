using Npgsql;

namespace Grace.Engine.Log;

/// <summary>
/// What a transaction appended, and the place in the log that it follows. Told by the transaction itself, so that a reader
/// that stands at that place can take it without asking the database again.
/// </summary>
/// <param name="Position">Of the last event; 0 when there is none.</param>
/// <param name="Previous">The newest place before them, none of which can come later any more.</param>
/// <param name="Events">In the log's order; empty when an older transaction was still running, and the log has to be read.</param>
public readonly record struct Appended(long Position, LogPlace Previous, IReadOnlyList<Recorded> Events)
{
    /// <summary>
    /// Run last in a transaction. That the snapshot's oldest running transaction is this very one says that all older ones
    /// have ended: what they appended is visible, and the order up to here is settled.
    /// </summary>
    const string Sql = $"""
        select {EventLog.Columns}, before_tx, before_seq
        from grace.log_proofs p join grace.mt_events e using (seq_id) left join (
          select tx as before_tx, seq_id as before_seq from grace.log_proofs where tx < pg_current_xact_id_if_assigned() order by tx desc, seq_id desc limit 1) b on true
        where p.tx = pg_current_xact_id_if_assigned() and pg_snapshot_xmin(pg_current_snapshot()) = pg_current_xact_id_if_assigned()
        order by p.seq_id
        """;

    internal static NpgsqlBatchCommand Tell() => new(Sql);

    internal static LogPlace Before(NpgsqlDataReader row) => row.IsDBNull(9) ? LogPlace.Start : new(row.GetFieldValue<ulong>(9), row.GetInt64(10));
}
