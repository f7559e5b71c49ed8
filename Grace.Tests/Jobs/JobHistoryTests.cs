using Grace.Engine.Jobs;
using Grace.Tests.Support;

namespace Grace.Tests.Jobs;

public class JobHistoryTests
{
    const int Many = 25_000;

    /// <summary>A run every second, with what people did in between, under numbers that runs have too; the oldest alone failed, of what nobody else has.</summary>
    internal static readonly string ManyRuns = $$"""
        insert into hangfire.job (id, statename, invocationdata, arguments, createdat)
        select 100000 + n, case when n > 1 then 'Succeeded' else 'Failed' end, '{"Type": "Letters, Letters", "Method": "Send"}', '[]', now() - interval '9 hours' from generate_series(1, {{Many}}) n;
        insert into hangfire.state (id, jobid, name, createdat, data)
        select 2 * n - 1, 100000 + n, 'Processing', now() - interval '8 hours' + n * interval '1 second' - interval '1500 milliseconds', '{"ServerId": "host-1-1"}' from generate_series(1, {{Many}}) n;
        insert into hangfire.state (id, jobid, name, createdat, data)
        select 2 * n, 100000 + n, case when n > 1 then 'Succeeded' else 'Failed' end, now() - interval '8 hours' + n * interval '1 second',
          case when n > 1 then jsonb_build_object('Result', '"Sent ' || n || ' letters"', 'SucceededAt', '2026-01-01T00:00:00Z', 'PerformanceDuration', '1500', 'Latency', '1')
            else '{"ExceptionMessage": "a needle in the haystack", "ExceptionType": "System.IO.IOException", "ExceptionDetails": "", "FailedAt": "2026-01-01T00:00:00Z"}' end
        from generate_series(1, {{Many}}) n;
        update hangfire.job set stateid = 2 * (id - 100000) where id > 100000;
        select setval(pg_get_serial_sequence('hangfire.state', 'id'), 100000);
        select setval(pg_get_serial_sequence('hangfire.job', 'id'), 200000);
        insert into grace.job_actions (at, by, action, target, says)
        select now() - interval '6 hours' + n * interval '1 second', 'ada', 'run', '125000', 'Job 125000 runs now' from generate_series(1, 30) n;
        analyze hangfire.state; analyze hangfire.job
        """;

    [Fact]
    public async Task Pages_go_on_where_the_last_ended_and_nothing_is_doubled_or_left_out()
    {
        await using var grace = await TestGrace.StartAsync(limit: 1, worker: false);
        await TestPostgres.TamperAsync(grace.ConnectionString, ManyRuns);
        var history = grace.Get<JobHistory>();
        List<HistoryRow> rows = [];
        string? before = null;
        do
        {
            var page = await history.ReadAsync(new(Before: before, Limit: 2_000));
            rows.AddRange(page.History);
            before = page.Next;
        }
        while (before is not null);
        rows.Select(r => r.Id).Distinct().Count().ShouldBe(rows.Count);
        rows.Count.ShouldBe(Many + 30);
        rows.Select(r => r.At).ShouldBeInOrder(SortDirection.Descending);
        rows.Count(r => r.Kind == "action").ShouldBe(30);
        (rows[0].Seconds, rows[0].Says).ShouldBe((1.5, $"Sent {Many} letters"));

        List<string> deeds = [];
        do
        {
            var page = await history.ReadAsync(new(Outcome: "action", Before: before, Limit: 7));
            deeds.AddRange(page.History.Select(r => r.Id));
            before = page.Next;
        }
        while (before is not null);
        deeds.ShouldBe(rows.Where(r => r.Kind == "action").Select(r => r.Id));
    }

    [Fact]
    public async Task A_search_looks_through_a_bounded_part_and_says_where_to_go_on()
    {
        await using var grace = await TestGrace.StartAsync(limit: 1, worker: false);
        await TestPostgres.TamperAsync(grace.ConnectionString, ManyRuns);
        var history = grace.Get<JobHistory>();
        var first = await history.ReadAsync(new(Outcome: "failed", Search: "NEEDLE"));
        (first.History.Count, first.Next is null).ShouldBe((0, false));
        var second = await history.ReadAsync(new(Outcome: "failed", Search: "NEEDLE", Before: first.Next));
        (second.History.Count, second.Next is null).ShouldBe((0, false));
        var third = await history.ReadAsync(new(Outcome: "failed", Search: "NEEDLE", Before: second.Next));
        third.History.ShouldHaveSingleItem().Says.ShouldBe("a needle in the haystack");
        third.Next.ShouldBeNull();
    }

    [Theory]
    [InlineData("12~x", true)]
    [InlineData("12", false)]
    [InlineData("x~12", false)]
    [InlineData("-1~x", false)]
    [InlineData("9999999999999999999~x", false)]
    [InlineData("~", false)]
    [InlineData("3155378975999999999~x", false)]
    [InlineData("12~\0", false)]
    public void A_cursor_is_a_place_or_is_refused(string cursor, bool isOne) => (HistoryFilter.Place(cursor) is not null).ShouldBe(isOne);
}
