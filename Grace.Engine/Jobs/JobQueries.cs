using Dapper;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <param name="Next">Give it as after; null at the end.</param>
public sealed record JobPage(IReadOnlyList<JobRow> Jobs, string? Next);

/// <summary>A slot: at most one pipeline runs in it, on the node that holds it.</summary>
public sealed record SlotRow
{
    public required int Number { get; init; }
    public bool Awake { get; init; }
    public bool Enabled { get; init; }
    public string? Node { get; init; }
    public DateTime? HeldUntil { get; init; }
    public string? PipelineId { get; init; }
    public string? Task { get; init; }
    public string? Phase { get; init; }

    /// <summary>When the pipeline in it began.</summary>
    public DateTime? PipelineSince { get; init; }

    /// <summary>Until when the pipeline's worker holds its lease; another takes over after that.</summary>
    public DateTime? LeaseUntil { get; init; }
}

/// <summary>A process that serves this database.</summary>
public sealed record NodeRow
{
    public required string Id { get; init; }
    public required string Host { get; init; }
    public required int Pid { get; init; }
    public required string Roles { get; init; }
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
    static readonly string Jobs = Resources.Read("Jobs/Sql/jobs.sql");
    static readonly string Page = Jobs + Resources.Read("Jobs/Sql/jobs_page.sql");
    static readonly string Named = Page.Replace("@State::text is null or state = @State", "key = @key", StringComparison.Ordinal);
    static readonly string Counts = Jobs + "select state, count(*) from jobs group by state";

    const string SlotsSql = """
        select s.number, s.awake, s.enabled, coalesce(s.node, nullif(split_part(p.worker, '/', 1), '')) as node, s.held_until as HeldUntil, p.id as PipelineId, p.task, p.current_phase as Phase,
          p.started_at as PipelineSince, p.lease_until as LeaseUntil
        from grace.slots s left join grace.pipelines p on p.status = 'running' and p.slot = s.number
        where s.enabled or s.awake or p.id is not null order by s.number
        """;

    const string NodesSql = """
        select n.id, n.host, n.pid, n.roles, n.started_at as StartedAt, n.seen_at as SeenAt, n.paused_at as PausedAt, n.paused_by as PausedBy,
          n.paused_reason as PausedReason, extract(epoch from clock_timestamp() - n.seen_at)::float8 as SecondsSinceSeen,
          (select count(*)::int from grace.slots s where s.node = n.id) as Slots
        from grace.nodes n
        """;

    public async Task<JobPage> ListAsync(JobFilter filter, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var rows = await Quartzs(() => connection.QueryAsync<JobRow>(new CommandDefinition(
            Page, new { filter.State, filter.Search, filter.After, Limit = filter.Limit + 1 }, cancellationToken: cancel)));
        var page = rows.Take(filter.Limit).ToList();
        return new(page, rows.Count > filter.Limit ? page[^1].Key : null);
    }

    public async Task<JobOverview> OverviewAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var slots = await connection.QueryAsync<SlotRow>(new CommandDefinition(SlotsSql, cancellationToken: cancel));
        var nodes = await connection.QueryAsync<NodeRow>(new CommandDefinition(NodesSql + " order by n.started_at, n.id", cancellationToken: cancel));
        var counts = await Quartzs(() => connection.QueryAsync<(string State, long Count)>(new CommandDefinition(Counts, cancellationToken: cancel)));
        return new([.. slots], [.. nodes], counts.ToDictionary(c => c.State, c => c.Count));
    }

    /// <summary>Jobs by their keys; a key's dots leave open where its group ends, so it may name several.</summary>
    internal static async Task<List<JobRow>> NamedAsync(NpgsqlConnection connection, string key, CancellationToken cancel) =>
        await Quartzs(() => connection.QueryAsync<JobRow>(new CommandDefinition(
            Named, new { key, Search = (string?)null, After = (string?)null, Limit = 2 }, cancellationToken: cancel)));

    /// <summary>One node, which nobody pauses or resumes until the transaction ends.</summary>
    internal static Task<NodeRow?> NodeAsync(NpgsqlConnection connection, string id, CancellationToken cancel) =>
        connection.QuerySingleOrDefaultAsync<NodeRow>(new CommandDefinition(NodesSql + " where n.id = @id for update of n", new { id }, cancellationToken: cancel));

    /// <summary>Quartz's tables are made by the first scheduler; before that there are no jobs.</summary>
    internal static async Task<List<T>> Quartzs<T>(Func<Task<IEnumerable<T>>> read)
    {
        try
        {
            return [.. await read()];
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return [];
        }
    }
}
