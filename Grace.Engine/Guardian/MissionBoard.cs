using System.Text.Json.Nodes;
using Dapper;
using Grace.Engine.Pipelines;
using Grace.Engine.Postgres;
using Npgsql;

namespace Grace.Engine.Guardian;

/// <summary>What mission control shows, read once for everybody who looks at the same moment.</summary>
public sealed class MissionBoard
{
    public const int MostNeeds = 6;
    public const int MostQueued = 8;
    public const int MostRecent = 10;

    /// <summary>As far back as the charts go.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(14);

    static readonly string Sql = $"""
        {PipelineQueries.StatusCounts};
        select s.number, nullif(split_part(p.worker, '/', 1), ''), p.id, began.at, coalesce(began.attempt, 0), p.retry_at
        from grace.slots s
        left join grace.pipelines p on p.status = 'running' and p.id = s.pipeline_id
        left join lateral (
          select e.timestamp as at, (e.data->>'attempt')::int as attempt from grace.mt_events e
          where e.stream_id = p.id and e.type = 'agent.phase.started' order by e.version desc limit 1) began on true
        where s.enabled or p.id is not null order by s.number;
        select {PipelineQueries.Columns} from grace.pipelines where status = 'running';
        select count(*) from grace.pipelines where waiting is not null;
        select id, task, requested_by, version, coalesce(waiting_since, updated_at), waiting::text
        from grace.pipelines where waiting is not null order by waiting_since, number limit {MostNeeds};
        select {PipelineQueries.Columns} from grace.pipelines where status = 'queued' order by ahead_of_queue desc, ready_at, number limit {MostQueued};
        select {PipelineQueries.Columns} from grace.pipelines where ended_at is not null order by ended_at desc limit {MostRecent}
        """;

    const string EndsSql = """
        select hour, sum(pipelines) filter (where status = 'completed')::bigint, sum(pipelines) filter (where status = 'failed')::bigint,
          sum(seconds) filter (where status = 'completed')
        from grace.pipeline_ends where hour >= @from group by hour order by hour
        """;

    readonly NpgsqlDataSource database;
    readonly TimeProvider clock;
    readonly SharedRead<MissionNow> now;
    (long Ended, DateTimeOffset Hour, IReadOnlyList<HourOfEnds> Ends) trend = (-1, default, []);

    public MissionBoard(NpgsqlDataSource database, TimeProvider clock)
    {
        (this.database, this.clock) = (database, clock);
        now = new(Read);
    }

    /// <summary>As it stands now: the read begins after the call.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public Task<MissionNow> ReadAsync(CancellationToken cancel = default) => now.Async(cancel);

    async Task<MissionNow> Read()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var all = await connection.QueryMultipleAsync(Sql);
        var counts = (await all.ReadAsync<(string Status, long Count)>()).ToDictionary(r => r.Status, r => r.Count);
        var slots = (await all.ReadAsync<(int Number, string? Node, string? Id, DateTime? Since, int Attempt, DateTime? RetryAt)>()).ToList();
        var runs = (await all.ReadAsync<PipelineSummary>()).ToDictionary(p => p.PipelineId);
        var waiting = await all.ReadSingleAsync<long>();
        var needs = (await all.ReadAsync<(string Id, string Task, string By, long Version, DateTime Since, string Item)>())
            .Select(r => new Waiting(r.Id, r.Task, r.By, r.Version, Utc(r.Since), (JsonObject)JsonNode.Parse(r.Item)!)).ToList();
        var queue = (await all.ReadAsync<PipelineSummary>()).ToList();
        var recent = (await all.ReadAsync<PipelineSummary>()).ToList();
        return new(
            counts,
            [.. slots.Select(s => new SlotNow(
                s.Number, s.Node, s.Id is null ? null : runs.GetValueOrDefault(s.Id), s.Since is { } at ? Utc(at) : null, s.Attempt, s.RetryAt is { } again ? Utc(again) : null))],
            waiting, needs, queue, recent, await EndsAsync(connection, counts));
    }

    /// <summary>Read again only when something ended since, or an hour passed.</summary>
    async Task<IReadOnlyList<HourOfEnds>> EndsAsync(NpgsqlConnection connection, Dictionary<string, long> counts)
    {
        var now = clock.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        // Each status has its weight: a retry that ends otherwise leaves the plain sum as it was.
        var ended = counts.GetValueOrDefault("completed") + (counts.GetValueOrDefault("failed") << 20) + (counts.GetValueOrDefault("cancelled") << 40);
        if (trend.Ended == ended && trend.Hour == hour)
            return trend.Ends;
        var rows = await connection.QueryAsync<(DateTime Hour, long? Completed, long? Failed, double? Seconds)>(EndsSql, new { from = (hour - Horizon).UtcDateTime });
        trend = (ended, hour, [.. rows.Select(r => new HourOfEnds(Utc(r.Hour), r.Completed ?? 0, r.Failed ?? 0, r.Seconds ?? 0))]);
        return trend.Ends;
    }

    static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));
}
