using Dapper;
using Grace.Engine.Pipelines;
using Npgsql;

namespace Grace.Engine.Guardian;

/// <summary>What happened while somebody was away.</summary>
/// <param name="Latest">The last that ended, newest first.</param>
/// <param name="Waiting">How many wait for a person now that did not before.</param>
public sealed record Digest(DateTimeOffset Since, long Completed, long Failed, long Cancelled, long Waiting, IReadOnlyList<PipelineSummary> Latest)
{
    public bool IsEmpty => Completed + Failed + Cancelled + Waiting == 0;
}

/// <summary>Remembers when each person last looked, and tells what they have missed until they say that they have seen it.</summary>
public sealed class Visits(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Whoever comes back sooner has not been away.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromMinutes(10);

    /// <summary>Nobody wants to be told of more.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    /// <summary>What the person has missed; null when there is nothing to tell.</summary>
    public async Task<Digest?> ArriveAsync(string person, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var now = clock.GetUtcNow().UtcDateTime;
        var since = await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition("""
            insert into grace.visits (person, seen_at) values (@person, @now)
            on conflict (person) do update set seen_at = excluded.seen_at,
              away_since = coalesce(visits.away_since, case when visits.seen_at < @before then visits.seen_at end)
            returning away_since
            """, new { person, now, before = now - Gap }, cancellationToken: cancel));
        if (since is not { } away)
            return null;
        var digest = await TellAsync(connection, away > now - Longest ? away : now - Longest, cancel);
        return digest.IsEmpty ? null : digest;
    }

    public Task LeaveAsync(string person) => SetAsync("update grace.visits set seen_at = @now where person = @person", person);

    /// <summary>The person has seen it; the next digest begins with their next absence.</summary>
    public Task DismissAsync(string person) => SetAsync("update grace.visits set seen_at = @now, away_since = null where person = @person", person);

    async Task SetAsync(string sql, string person)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, new { person, now = clock.GetUtcNow().UtcDateTime });
    }

    /// <summary>Whole hours are counted already; only the rest of the first one is looked at row by row.</summary>
    static async Task<Digest> TellAsync(NpgsqlConnection connection, DateTime since, CancellationToken cancel)
    {
        await using var all = await connection.QueryMultipleAsync(new CommandDefinition($"""
            select status, sum(n)::bigint from (
              select status, pipelines as n from grace.pipeline_ends where hour > @since
              union all
              select status, 1 from grace.pipelines where ended_at >= @since and ended_at < date_trunc('hour', @since::timestamptz, 'UTC') + interval '1 hour') ended
            group by status;
            select count(*) from grace.pipelines where waiting is not null and waiting_since >= @since;
            select {PipelineQueries.Columns} from grace.pipelines where ended_at >= @since order by ended_at desc limit 5
            """, new { since }, cancellationToken: cancel));
        var ended = (await all.ReadAsync<(string Status, long Count)>()).ToDictionary(r => r.Status, r => r.Count);
        var waiting = await all.ReadSingleAsync<long>();
        return new(
            new(DateTime.SpecifyKind(since, DateTimeKind.Utc)), ended.GetValueOrDefault("completed"), ended.GetValueOrDefault("failed"), ended.GetValueOrDefault("cancelled"),
            waiting, [.. await all.ReadAsync<PipelineSummary>()]);
    }
}
