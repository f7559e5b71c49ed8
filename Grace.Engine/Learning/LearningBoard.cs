using Dapper;
using Grace.Engine.Failures;
using Grace.Engine.Pipelines;
using Grace.Engine.Postgres;
using Npgsql;

namespace Grace.Engine.Learning;

/// <summary>Learning's part of mission control, read once for everybody who looks at the same moment.</summary>
public sealed class LearningBoard
{
    const int MostFailures = 5;
    const int RunsCounted = 50;
    const int FewestRuns = 3;

    static readonly string Sql = $"""
        select c.id, c.body->>'sample', c.count, c.pipelines, c.last_at, c.body->'recent'->0->>'pipeline_id', l.fix, m.id, coalesce(m.outcome, m.status)
        from (select * from grace.failure_clusters order by last_at desc, id limit {MostFailures}) c
        left join lateral (select fix from grace.lessons where cluster_id = c.id limit 1) l on true
        left join lateral (select id, status, outcome from grace.missions where cluster_id = c.id order by launched_at desc limit 1) m on true
        order by c.last_at desc, c.id;
        select id from grace.missions where concluded_at is not null order by concluded_at desc limit 1;
        select p.phase, percentile_cont(0.5) within group (order by r.seconds)
        from unnest(@phases) p(phase), lateral (
          select seconds from grace.playbook_runs where phase = p.phase and success and not recovery order by position desc limit {RunsCounted}) r
        group by p.phase having count(*) >= {FewestRuns}
        """;

    readonly NpgsqlDataSource database;
    readonly Missions missions;
    readonly SharedRead<LearningNow> now;

    public LearningBoard(NpgsqlDataSource database, Missions missions)
    {
        (this.database, this.missions) = (database, missions);
        now = new(Read);
    }

    /// <summary>As it stands now: the read begins after the call.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public Task<LearningNow> ReadAsync(CancellationToken cancel = default) => now.Async(cancel);

    async Task<LearningNow> Read()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var all = await connection.QueryMultipleAsync(Sql, new { phases = PhaseOrder.All.Select(p => p.Name()).ToArray() });
        var failures = await all.ReadAsync<(string Id, string Sample, long Count, long Pipelines, DateTime LastAt, string? LastIn, string? Fix, string? Mission, string? Status)>();
        var newest = await all.ReadSingleOrDefaultAsync<string>();
        var usual = (await all.ReadAsync<(string Phase, double Seconds)>()).ToDictionary(u => u.Phase, u => u.Seconds);
        return new(
            [.. failures.Select(f => new FailureNews(
                f.Id, FailureText.Said(f.Sample), f.Count, f.Pipelines, new(DateTime.SpecifyKind(f.LastAt, DateTimeKind.Utc)), f.LastIn, f.Fix, f.Mission, f.Status))],
            newest is null ? null : await missions.LoadAsync(newest, CancellationToken.None), usual);
    }
}
