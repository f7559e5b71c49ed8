using Dapper;
using Grace.Engine.Hosting;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <param name="Next">Give it as after; null at the end.</param>
public sealed record JobPage(IReadOnlyList<JobRow> Jobs, string? Next);

/// <summary>A slot: at most one pipeline fills it, from the moment it is to run.</summary>
public sealed record SlotRow
{
    public required int Number { get; init; }
    public bool Enabled { get; init; }

    /// <summary>Whose worker advances what is in it; null: a job is on its way.</summary>
    public string? Node { get; init; }
    public string? PipelineId { get; init; }
    public string? Task { get; init; }
    public string? Phase { get; init; }

    /// <summary>Hangfire's number of the job that advances it.</summary>
    public long? JobId { get; init; }

    /// <summary>The queue that its job is on.</summary>
    public string Queue { get; init; } = "";

    /// <summary>When the pipeline in it began.</summary>
    public DateTime? PipelineSince { get; init; }

    /// <summary>Until when the pipeline's worker holds its lease; another takes over after that.</summary>
    public DateTime? LeaseUntil { get; init; }

    /// <summary>Until when its failed phase rests before it is tried again.</summary>
    public DateTime? RetryAt { get; init; }
}

/// <summary>A process that serves this database.</summary>
public sealed record NodeRow
{
    public required string Id { get; init; }
    public required string Host { get; init; }
    public required int Pid { get; init; }
    public required string Roles { get; init; }

    /// <summary>Those that its workers take from.</summary>
    public string[] Queues { get; init; } = [];
    public required DateTime StartedAt { get; init; }
    public required DateTime SeenAt { get; init; }

    /// <summary>Since its last heartbeat, by the database's clock.</summary>
    public required double SecondsSinceSeen { get; init; }

    /// <summary>It missed several heartbeats: it hangs, lost its database, or is gone.</summary>
    public bool Stale => SecondsSinceSeen > 10;
    public required int Slots { get; init; }
    public DateTime? PausedAt { get; init; }
    public string? PausedBy { get; init; }
    public string? PausedReason { get; init; }

    /// <summary>Whether it can take slots at all.</summary>
    public bool IsWorker => Roles.Split(',').Contains("worker");
}

/// <summary>What there is at a moment: slots, nodes, and how many jobs are in which state.</summary>
public sealed record JobOverview(IReadOnlyList<SlotRow> Slots, IReadOnlyList<NodeRow> Nodes, IReadOnlyDictionary<string, long> Counts);

/// <summary>Reads jobs, slots and nodes by SQL, on any node, whether or not it runs slots.</summary>
public sealed class JobQueries(NpgsqlDataSource database)
{
    static readonly string Page = Resources.Read("Jobs/Sql/jobs_page.sql");
    const string Counts = "select case statename when 'Processing' then 'running' when 'Enqueued' then 'waiting' else lower(statename) end, count(*) from hangfire.job where statename is not null group by statename";

    const string SlotsSql = """
        select s.number, s.enabled, nullif(split_part(p.worker, '/', 1), '') as node, p.id as PipelineId, p.task, p.current_phase as Phase, s.job_id as JobId, s.queue,
          p.started_at as PipelineSince, case when p.worker is not null then p.lease_until end as LeaseUntil, p.retry_at as RetryAt
        from grace.slots s left join grace.pipelines p on p.id = s.pipeline_id
        where s.enabled or p.id is not null order by s.number
        """;

    const string NodesSql = """
        select n.id, n.host, n.pid, n.roles, n.queues, n.started_at as StartedAt, n.seen_at as SeenAt, n.paused_at as PausedAt, n.paused_by as PausedBy,
          n.paused_reason as PausedReason, extract(epoch from clock_timestamp() - n.seen_at)::float8 as SecondsSinceSeen,
          (select count(*)::int from grace.pipelines p where p.status = 'running' and starts_with(p.worker, n.id || '/')) as Slots
        from grace.nodes n
        """;

    public async Task<JobPage> ListAsync(JobFilter filter, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var rows = (await connection.QueryAsync<JobRow>(new CommandDefinition(
            Page, new { Id = (long?)null, filter.Statename, filter.Search, After = Number(filter.After), Limit = filter.Limit + 1 }, cancellationToken: cancel))).AsList();
        var page = rows.Take(filter.Limit).ToList();
        return new(page, rows.Count > filter.Limit ? page[^1].Key : null);
    }

    public async Task<JobRow?> FindAsync(string key, CancellationToken cancel = default)
    {
        if (Number(key) is not { } id)
            return null;
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await connection.QuerySingleOrDefaultAsync<JobRow>(new CommandDefinition(
            Page, new { Id = id, Statename = (string?)null, Search = (string?)null, After = (long?)null, Limit = 1 }, cancellationToken: cancel));
    }

    static long? Number(string? key) => long.TryParse(key, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : null;

    public async Task<JobOverview> OverviewAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var slots = await connection.QueryAsync<SlotRow>(new CommandDefinition(SlotsSql, cancellationToken: cancel));
        var nodes = await connection.QueryAsync<NodeRow>(new CommandDefinition(NodesSql + " order by n.started_at, n.id", cancellationToken: cancel));
        var counts = await connection.QueryAsync<(string State, long Count)>(new CommandDefinition(Counts, cancellationToken: cancel));
        return new([.. slots], [.. nodes], counts.ToDictionary(c => c.State, c => c.Count));
    }

    /// <summary>One node, which nobody pauses or resumes until the transaction ends.</summary>
    internal static Task<NodeRow?> NodeAsync(NpgsqlConnection connection, string id, CancellationToken cancel) =>
        connection.QuerySingleOrDefaultAsync<NodeRow>(new CommandDefinition(NodesSql + " where n.id = @id for update of n", new { id }, cancellationToken: cancel));
}
