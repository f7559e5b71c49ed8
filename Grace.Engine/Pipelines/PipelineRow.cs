using Grace.Engine.Log;
using Npgsql;
using NpgsqlTypes;

namespace Grace.Engine.Pipelines;

/// <summary>Writes a pipeline's row on the read side, in the same unit of work as its events.</summary>
static class PipelineRow
{
    /// <param name="fence">The token that must still hold the lease; null for the Guardian's commands.</param>
    /// <param name="slot">Set when a worker takes the pipeline.</param>
    public static void Project(LogWrite write, Pipeline state, string? fence, int? slot)
    {
        if (state.Version == 1)
            write.Add(Insert(state));
        else
            write.Add(Update(state, fence, slot), _ => { });
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

    static NpgsqlBatchCommand Update(Pipeline state, string? fence, int? slot) =>
        new("select grace.project_pipeline($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)")
        {
            Parameters =
            {
                Text(state.Id), Text(fence), new() { Value = state.Version }, Text(state.Status.Name()), Text(state.CurrentPhase?.Name()), Statuses(state),
                new() { Value = state.CurrentArtifacts.Count() }, Time(state.UpdatedAt), Time(state.StartedAt), Time(state.EndedAt), Text(state.Error),
                new() { Value = state.AheadOfQueue }, Text(state.Worker), new() { Value = Orchestrator.Lease, NpgsqlDbType = NpgsqlDbType.Interval },
                new() { Value = (object?)slot ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                new() { Value = (object?)InboxItem.Of(state)?.ToJsonString(Wire.Json) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
                Time(state.Waiting?.Since ?? state.PausedAt),
            },
        };

    static NpgsqlParameter Statuses(Pipeline state) => Texts(state.Phases.Select(p => p.Status.ToString().ToLowerInvariant()));

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar };

    static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };

    static NpgsqlParameter Time(DateTimeOffset? value) =>
        new() { Value = value is { } at ? at.ToUniversalTime() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
