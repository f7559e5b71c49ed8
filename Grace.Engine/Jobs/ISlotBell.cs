using Grace.Engine.Log;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>Wakes a sleeping slot in the very transaction that makes a pipeline ready.</summary>
public interface ISlotBell
{
    /// <summary>Runs the batch, wakes a sleeping slot if there is one, commits. Returns what was appended.</summary>
    Task<Appended> RingWithAsync(NpgsqlConnection connection, NpgsqlBatch batch, CancellationToken cancel);
}
