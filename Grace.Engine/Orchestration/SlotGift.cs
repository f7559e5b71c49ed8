using Grace.Engine.Pipelines;
using Npgsql;
using NpgsqlTypes;

namespace Grace.Engine.Orchestration;

/// <summary>What happens to slots in the transaction that changes a pipeline.</summary>
static class SlotGift
{
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

    /// <summary>Raises GR003 when the slot does not hold the pipeline for this job, or a living worker has it.</summary>
    public static NpgsqlBatchCommand Claim(string pipelineId, int slot, long? ticket) => new("select grace.claim($1, $2, $3)")
    {
        Parameters =
        {
            new() { Value = pipelineId, NpgsqlDbType = NpgsqlDbType.Varchar }, new() { Value = slot },
            new() { Value = (object?)ticket ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
        },
    };

    public static bool Holds(PipelineStatus status) => status is PipelineStatus.Queued or PipelineStatus.Running;
}
