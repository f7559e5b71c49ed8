using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>
/// Whether this node may take pipelines. What a person decided is in the node's row; it is looked up on the jobs' signal and
/// every second. A stretch that runs ends at the next phase boundary, and its pipeline goes to another node.
/// </summary>
public sealed class NodePause(NpgsqlDataSource database, ThisNode node)
{
    volatile bool paused;

    public bool IsPaused => paused;

    /// <summary>True when the node's row says something new.</summary>
    public async Task<bool> LookAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select paused_at is not null from grace.nodes where id = $1");
        command.Parameters.Add(new() { Value = node.Id });
        var wanted = await command.ExecuteScalarAsync(cancel) is true;
        if (wanted == paused)
            return false;
        paused = wanted;
        return true;
    }
}
