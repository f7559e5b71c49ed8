using Dapper;
using Npgsql;

namespace Grace.Engine.Pipelines;

/// <summary>A row of a list: no payloads.</summary>
public sealed record PipelineSummary
{
    public required string PipelineId { get; init; }
    public required string Task { get; init; }
    public required string Status { get; init; }
    public string? CurrentPhase { get; init; }
    public required string[] Phases { get; init; }
    public required string[] PhaseStatuses { get; init; }
    public string? Repository { get; init; }
    public required string RequestedBy { get; init; }
    public required long Version { get; init; }
    public required int Artifacts { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
    public DateTime? StartedAt { get; init; }
    public DateTime? EndedAt { get; init; }
    public string? Error { get; init; }
}

/// <param name="After">The cursor of the page before; newest first.</param>
public sealed record PipelineFilter(
    string? Status = null, string? Phase = null, string? Search = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    long? After = null, int Limit = 50);

public sealed record PipelinePage(IReadOnlyList<PipelineSummary> Pipelines, long? Next, long Total);

/// <summary>Reads of the read side; every one has its index.</summary>
public sealed class PipelineQueries(NpgsqlDataSource database)
{
    const string Columns = """
        id as PipelineId, task, status, current_phase as CurrentPhase, phases, phase_statuses as PhaseStatuses, repository,
        requested_by as RequestedBy, version, artifacts, created_at as CreatedAt, updated_at as UpdatedAt,
        started_at as StartedAt, ended_at as EndedAt, error
        """;

    const string Matching = """
        from grace.pipelines where (@Status is null or status = @Status) and (@Phase is null or current_phase = @Phase)
          and (@From is null or created_at >= @From) and (@To is null or created_at < @To)
          and (@Words is null or to_tsvector('simple', task) @@ to_tsquery('simple', @Words) or id = @Search)
        """;

    public async Task<PipelinePage> ListAsync(PipelineFilter filter, CancellationToken cancel = default)
    {
        var given = new DynamicParameters();
        given.Add("Status", filter.Status, System.Data.DbType.String);
        given.Add("Phase", filter.Phase, System.Data.DbType.String);
        given.Add("Search", filter.Search, System.Data.DbType.String);
        given.Add("Words", Words(filter.Search), System.Data.DbType.String);
        given.Add("From", filter.From?.UtcDateTime, System.Data.DbType.DateTime);
        given.Add("To", filter.To?.UtcDateTime, System.Data.DbType.DateTime);
        given.Add("After", filter.After, System.Data.DbType.Int64);
        given.Add("Limit", filter.Limit + 1);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var both = await connection.QueryMultipleAsync(new CommandDefinition($"""
            select {Columns}, number {Matching} and (@After is null or number < @After) order by number desc limit @Limit;
            select count(*) {Matching};
            """, given, cancellationToken: cancel));
        var rows = both.Read<PipelineSummary, long, (PipelineSummary Row, long Number)>((row, number) => (row, number), "number").ToList();
        var total = await both.ReadSingleAsync<long>();
        var page = rows.Take(filter.Limit).ToList();
        return new([.. page.Select(r => r.Row)], rows.Count > filter.Limit ? page[^1].Number : null, total);
    }

    public async Task<bool> ExistsAsync(string pipelineId, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition("select exists (select from grace.pipelines where id = @pipelineId)", new { pipelineId }, cancellationToken: cancel));
    }

    /// <summary>How many pipelines have each status.</summary>
    public async Task<Dictionary<string, long>> CountAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var rows = await connection.QueryAsync<(string Status, long Count)>(
            new CommandDefinition("select status, count(*) from grace.pipelines group by status", cancellationToken: cancel));
        return rows.ToDictionary(r => r.Status, r => r.Count);
    }

    /// <summary>Words become prefixes that must all occur: "book auth" finds "Build bookmark authentication".</summary>
    static string? Words(string? search)
    {
        if (string.IsNullOrWhiteSpace(search))
            return null;
        var words = search.Split(search.Where(c => !char.IsLetterOrDigit(c)).Append(' ').Distinct().ToArray(), StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : string.Join(" & ", words.Take(10).Select(w => w + ":*"));
    }
}
