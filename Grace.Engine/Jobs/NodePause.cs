using Npgsql;
using Quartz;

namespace Grace.Engine.Jobs;

/// <summary>
/// Whether this node may take slots. A paused node hears no bell and stands its scheduler down; its slots end at the next
/// phase boundary and go to other nodes. What a person decided is in the node's row, and is looked up on the jobs' signal
/// and with every sweep.
/// </summary>
public sealed class NodePause(NpgsqlDataSource database, ThisNode node, SlotBell bell, JobSignal signal)
{
    volatile bool paused;

    public bool IsPaused => paused;

    /// <summary>Does what the node's row says, if that is new.</summary>
    public async Task LookAsync(IScheduler scheduler, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select paused_at is not null from grace.nodes where id = $1");
        command.Parameters.Add(new() { Value = node.Id });
        var wanted = await command.ExecuteScalarAsync(cancel) is true;
        if (wanted == paused)
            return;
        if (wanted)
        {
            paused = true;
            bell.Scheduler = null;
            await scheduler.Standby(cancel);
            bell.Ring();
        }
        else
        {
            await scheduler.Start(cancel);
            bell.Scheduler = scheduler;
            paused = false;
        }
        signal.Tell(JobTopic.Nodes);
    }
}
