using Grace.Engine.Log;
using Npgsql;
using NpgsqlTypes;

namespace Grace.Engine.Pipelines;

/// <summary>The worker's lease went to another; whatever it still wanted to write is not written.</summary>
public sealed class LeaseLost(string pipelineId) : Exception($"The lease on pipeline {pipelineId} is another worker's now.");

/// <summary>Writes a pipeline's row on the read side, in the same unit of work as its events.</summary>
static class PipelineRow
{
    /// <summary>How long a worker holds a pipeline without a sign of life.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    /// <param name="before">The pipeline before the events.</param>
    /// <param name="fence">The token that must still hold the lease, or the write is undone with <see cref="LeaseLost"/>; null for the Guardian's commands.</param>
    /// <param name="slot">Set when a worker takes the pipeline.</param>
    public static void Project(LogWrite write, Pipeline before, Pipeline state, string? fence, int? slot)
    {
        if (!before.Exists)
        {
            write.Add(Insert(state));
            return;
        }
        var (was, ended) = (before.Status.IsFinal(), state.Status.IsFinal());
        if (was && before.Status != state.Status)
            write.Add(CountEnd(before, -1), _ => { });
        if (ended && before.Status != state.Status)
            write.Add(CountEnd(state, 1), _ => { });
        var held = false;
        write.Add(Update(state, fence, slot), _ => held = true, () => held ? null : new LeaseLost(state.Id));
    }

    static NpgsqlBatchCommand Insert(Pipeline state) => new("""
        insert into grace.pipelines (id, version, task, status, current_phase, phases, phase_statuses, repository, requested_by, created_at, updated_at, ready_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10)
        """)
    {
        Parameters =
        {
            Text(state.Id), new() { Value = state.Version }, Text(state.Task), Text(state.Status.Name()), Text(state.CurrentPhase?.Name()),
            Texts(state.Phases.Select(p => p.Phase.Name())), Statuses(state), Text(state.Repository), Text(state.RequestedBy), Time(state.CreatedAt),
        },
    };

    static NpgsqlBatchCommand Update(Pipeline state, string? fence, int? slot) => new("""
        update grace.pipelines set version = $3, status = $4, current_phase = $5, phase_statuses = $6, artifacts = $7, updated_at = $8,
          started_at = $9, ended_at = $10, error = $11, ahead_of_queue = $12, waiting = $16, waiting_since = $17,
          ready_at = case when status <> 'queued' and $4 = 'queued' then $8 else ready_at end,
          worker = case when $4 = 'running' then $13 end,
          lease_until = case when $4 = 'running' then case when $2::varchar is null and $15::int is null then lease_until else clock_timestamp() + $14 end end,
          slot = case when $4 in ('queued', 'running') then coalesce($15, slot) end, retry_at = $18
        where id = $1 and ($2::varchar is null or worker = $2)
        returning true
        """)
    {
        Parameters =
        {
            Text(state.Id), Text(fence), new() { Value = state.Version }, Text(state.Status.Name()), Text(state.CurrentPhase?.Name()), Statuses(state),
            new() { Value = state.CurrentArtifacts.Count() }, Time(state.UpdatedAt), Time(state.StartedAt), Time(state.EndedAt), Text(state.Error),
            new() { Value = state.AheadOfQueue }, Text(state.Worker), new() { Value = Lease, NpgsqlDbType = NpgsqlDbType.Interval },
            new() { Value = (object?)slot ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
            new() { Value = (object?)InboxItem.Of(state)?.ToJsonString(Wire.Json) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
            Time(state.Waiting?.Since ?? state.PausedAt), Time(state.RetryAt),
        },
    };

    /// <summary>Counted under the slot that it still holds (0: none), before the row lets go of it.</summary>
    static NpgsqlBatchCommand CountEnd(Pipeline ended, int by) =>
        new("select grace.count_end($1, $2, $3, coalesce((select slot from grace.pipelines where id = $4), 0), $5)")
        {
            Parameters = { Text(ended.Status.Name()), Time(ended.EndedAt), Time(ended.StartedAt), Text(ended.Id), new() { Value = by } },
        };

    static NpgsqlParameter Statuses(Pipeline state) => Texts(state.Phases.Select(p => p.Status.ToString().ToLowerInvariant()));

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar };

    static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };

    static NpgsqlParameter Time(DateTimeOffset? value) =>
        new() { Value = value is { } at ? at.ToUniversalTime() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
