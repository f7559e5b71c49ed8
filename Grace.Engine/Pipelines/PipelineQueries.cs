using System.Text.Json.Serialization;
using Dapper;
using Npgsql;

namespace Grace.Engine.Pipelines;

/// <summary>A row of a list: no payloads.</summary>
public sealed record PipelineSummary
{
    public required string PipelineId { get; init; }
    public required string Task { get; init; }
    public required string Status { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
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

    /// <summary>The key of the list's order, the cursor of the pages.</summary>
    [JsonIgnore]
    public long Number { get; init; }
}

/// <param name="After">The cursor of the page before; newest first.</param>
/// <param name="Statuses">Any of these; null or empty: every status.</param>
/// <param name="Skip">Rows to leave out after the cursor.</param>
public sealed record PipelineFilter(
    string? Status = null, string? Phase = null, string? Search = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    long? After = null, int Limit = 50, IReadOnlyList<string>? Statuses = null, string? RequestedBy = null, int Skip = 0);

/// <param name="Next">Pass it as the cursor of the next page; null on the last one.</param>
public sealed record PipelinePage(
    IReadOnlyList<PipelineSummary> Pipelines, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Next, long Total);

/// <summary>Reads of the read side; every one has its index.</summary>
public sealed class PipelineQueries(NpgsqlDataSource database)
{
    internal const string Columns = """
        id as PipelineId, task, status, current_phase as CurrentPhase, phases, phase_statuses as PhaseStatuses, repository,
        requested_by as RequestedBy, version, artifacts, created_at as CreatedAt, updated_at as UpdatedAt,
        started_at as StartedAt, ended_at as EndedAt, error, number
        """;

    internal const string StatusCounts = """
        select status, count(*) from grace.pipelines where status in ('queued', 'running', 'paused', 'waiting_for_guardian') group by status
        union all
        select status, sum(pipelines)::bigint from grace.pipeline_ends where hour = '-infinity' group by status
        """;

    public async Task<PipelinePage> ListAsync(PipelineFilter filter, CancellationToken cancel = default)
    {
        var (matching, given) = Matching(filter);
        given.Add("Limit", filter.Limit + 1);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var both = await connection.QueryMultipleAsync(new CommandDefinition(
            $"{Page(matching, filter)}; select count(*) {matching}", given, cancellationToken: cancel));
        var rows = (await both.ReadAsync<PipelineSummary>()).ToList();
        var total = await both.ReadSingleAsync<long>();
        var page = rows.Take(filter.Limit).ToList();
        return new(page, rows.Count > filter.Limit ? page[^1].Number : null, total);
    }

    /// <summary>The rows alone, for whoever knows how many there are.</summary>
    public async Task<List<PipelineSummary>> RowsAsync(PipelineFilter filter, CancellationToken cancel = default)
    {
        var (matching, given) = Matching(filter);
        given.Add("Limit", filter.Limit);
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<PipelineSummary>(new CommandDefinition(Page(matching, filter), given, cancellationToken: cancel))];
    }

    public async Task<long> CountAsync(PipelineFilter filter, CancellationToken cancel = default)
    {
        var (matching, given) = Matching(filter);
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition($"select count(*) {matching}", given, cancellationToken: cancel));
    }

    /// <summary>Those that have stood longest in a status, by the time of their last change.</summary>
    public async Task<List<PipelineSummary>> LongestAsync(string status, int limit, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<PipelineSummary>(new CommandDefinition(
            $"select {Columns} from grace.pipelines where status = @status order by updated_at, number limit @limit", new { status, limit }, cancellationToken: cancel))];
    }

    /// <summary>Who has asked for pipelines, by name; hops from name to name on the index, however many rows each has.</summary>
    public async Task<List<string>> RequestersAsync(int limit, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return [.. await connection.QueryAsync<string>(new CommandDefinition("""
            with recursive names as (
              (select requested_by from grace.pipelines order by requested_by limit 1)
              union all
              select (select p.requested_by from grace.pipelines p where p.requested_by > n.requested_by order by p.requested_by limit 1)
              from names n where n.requested_by is not null)
            select requested_by from names where requested_by is not null limit @limit
            """, new { limit }, cancellationToken: cancel))];
    }

    /// <summary>Null when there is no such pipeline.</summary>
    public async Task<PipelineSummary?> FindAsync(string pipelineId, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.QuerySingleOrDefaultAsync<PipelineSummary>(
            new CommandDefinition($"select {Columns} from grace.pipelines where id = @pipelineId", new { pipelineId }, cancellationToken: cancel));
    }

    public async Task<bool> ExistsAsync(string pipelineId, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition("select exists (select from grace.pipelines where id = @pipelineId)", new { pipelineId }, cancellationToken: cancel));
    }

    /// <summary>
    /// How many pipelines have each status: those under way are counted, those that ended have been, so that history costs
    /// nothing.
    /// </summary>
    public async Task<Dictionary<string, long>> CountAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var rows = await connection.QueryAsync<(string Status, long Count)>(
            new CommandDefinition(StatusCounts, cancellationToken: cancel));
        return rows.ToDictionary(r => r.Status, r => r.Count);
    }

    static string Page(string matching, PipelineFilter filter) =>
        $"select {Columns} {matching} {(filter.After is null ? "" : "and number < @After")} order by number desc offset @Skip limit @Limit";

    /// <summary>Only the conditions that are asked for, so that the planner sees which index serves them.</summary>
    static (string Sql, DynamicParameters Given) Matching(PipelineFilter filter)
    {
        List<string> conditions = ["true"];
        var given = new DynamicParameters();
        given.Add("After", filter.After, System.Data.DbType.Int64);
        given.Add("Skip", filter.Skip);
        void When(bool asked, string condition, string name, object? value)
        {
            if (!asked)
                return;
            conditions.Add(condition);
            given.Add(name, value);
        }

        string[] statuses = [.. filter.Statuses ?? [], .. filter.Status is null ? Array.Empty<string>() : [filter.Status]];
        When(statuses.Length == 1, "status = @Status", "Status", statuses.FirstOrDefault());
        When(statuses.Length > 1, "status = any(@Statuses)", "Statuses", statuses);
        When(filter.Phase is not null, "current_phase = @Phase", "Phase", filter.Phase);
        When(filter.RequestedBy is not null, "requested_by = @RequestedBy", "RequestedBy", filter.RequestedBy);
        When(filter.From is not null, "created_at >= @From", "From", filter.From?.UtcDateTime);
        When(filter.To is not null, "created_at < @To", "To", filter.To?.UtcDateTime);
        if (Words(filter.Search) is { } words)
        {
            given.Add("Search", filter.Search!.Trim());
            When(true, "(to_tsvector('simple', task) @@ to_tsquery('simple', @Words) or id = @Search)", "Words", words);
        }
        return ($"from grace.pipelines where {string.Join(" and ", conditions)}", given);
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
