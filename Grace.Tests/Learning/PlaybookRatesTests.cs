using Grace.Engine.Playbooks;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Learning;

/// <summary>Success rates with as many runs as a team has after years.</summary>
public class PlaybookRatesTests
{
    [Fact]
    public async Task A_success_rate_is_one_row_by_key_however_many_runs_there_were()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        await TestPostgres.TamperAsync(grace.ConnectionString, """
            insert into grace.playbook_runs (position, pipeline_id, playbook_id, version, phase, recovery, first, trial, success, verified, seconds, at)
            select n, 'pipeline_' || n, 'playbook_' || n % 50, 1 + n % 20, 'test', false, true, false, n % 3 > 0, n % 3 > 0, 1, now() from generate_series(1, 100000) n;
            insert into grace.playbook_rates (playbook_id, version, runs, decided, proven, first_decided, first_proven, seconds, last_at)
            select playbook_id, version, count(*), count(*), count(*) filter (where verified), count(*), count(*) filter (where verified), sum(seconds), max(at) from grace.playbook_runs group by 1, 2;
            analyze grace.playbook_rates
            """);
        (await grace.Get<PlaybookRates>().ReadAsync(["playbook_7"], default))[("playbook_7", 8)].ShouldBe(new PlaybookRate(1000, 667));
        await using var plan = grace.Get<NpgsqlDataSource>().CreateCommand("explain select * from grace.playbook_rates where playbook_id = any(array['playbook_7'])");
        await using var reader = await plan.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        string.Join('\n', lines).ShouldContain("playbook_rates_pkey");
    }
}
