using AngleSharp.Dom;
using Bunit;
using Dapper;
using Grace.Engine.Guardian;
using Grace.Engine.Learning;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Pages;
using Grace.Web.Components.Parts;
using Grace.Web.Live;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Grace.Tests.Pages;

public class MissionControlTests
{
    static async Task<PageTest> StartAsync(Func<Grace.Engine.Phases.PhaseWork, Task>? gate = null) =>
        (await PageTest.StartAsync(worker: gate is not null, gate: gate)).Offer<MissionBoard>().Offer<LearningBoard>().Offer<Visits>();

    [Fact]
    public async Task An_empty_one_says_how_to_start_and_that_nobody_is_needed()
    {
        await using var test = await StartAsync();
        var page = test.Open<MissionControl>("/");
        PageTest.Until(page, () => page.Markup.ShouldContain("No pipeline yet."));
        page.Find("a.button[href^='/new?task=']");
        page.Find("[aria-label='Needs a person']").TextContent.ShouldContain("Nothing.");
        page.Find("[aria-label='Running']").TextContent.ShouldContain("No worker has made slots yet");
    }

    [Fact]
    public async Task What_runs_stands_in_its_slot_and_what_waits_in_the_queue_and_then_among_the_recent()
    {
        var end = new TaskCompletionSource();
        await using var test = await StartAsync(work => work.Pipeline.Task == "Build it" ? end.Task : Task.CompletedTask);
        var ids = new[] { await test.Grace.SubmitAsync(Phase.Research), await test.Grace.SubmitAsync(Phase.Research), await test.Grace.SubmitAsync(Phase.Research) };
        await test.Grace.UntilAsync(ids[0], PipelineStatus.Running);
        await test.Grace.UntilAsync(ids[1], PipelineStatus.Running);
        var page = test.Open<MissionControl>("/");
        PageTest.Until(page, () => page.FindAll(".slot").Count.ShouldBe(2));
        page.FindAll(".slot a.task").Select(a => a.GetAttribute("href")).ShouldBe([$"/pipelines/{ids[0]}", $"/pipelines/{ids[1]}"], ignoreOrder: true);
        page.FindAll(".slot .status .ticking").Count.ShouldBe(2);
        page.Find("[aria-label='Queue'] a").GetAttribute("href").ShouldBe($"/pipelines/{ids[2]}");
        page.Find("nav.strip").TextContent.ShouldContain("2 / 2");
        end.SetResult();
        PageTest.Until(page, () => page.FindAll("[aria-label='Recent'] a.run").Count.ShouldBe(3));
        // The counts are read a moment before the rows; what came between is drawn next.
        PageTest.Until(page, () => Number(page, "completed").ShouldBe("3"));
        PageTest.Until(page, () => page.FindAll(".slot.free").Count.ShouldBe(2));
        PageTest.Until(page, () => page.Find("[aria-label='Success and duration'] svg[role=img]").GetAttribute("aria-label")!.ShouldStartWith("3 pipelines completed and 0 failed"));
    }

    [Fact]
    public async Task Whoever_is_needed_comes_first_with_the_reason()
    {
        await using var test = await StartAsync();
        var id = await test.Grace.SubmitAsync();
        var page = test.Open<MissionControl>("/");
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Escalate("The tests fail and no fix is known.", []), new("system"));
        PageTest.Until(page, () => page.Find(".panel.needs .waiting").TextContent.ShouldContain("no fix is known"));
        page.Find("nav.strip a.call").TextContent.ShouldBe("1needs a person");
        var sections = page.FindAll("section").Select(s => s.GetAttribute("aria-label")).ToList();
        sections.IndexOf("Needs a person").ShouldBeLessThan(sections.IndexOf("Running"));
        sections.IndexOf("Running").ShouldBeLessThan(sections.IndexOf("Queue"));
        sections.IndexOf("Queue").ShouldBeLessThan(sections.IndexOf("Recent"));
    }

    [Fact]
    public async Task What_waits_is_decided_on_the_spot_and_what_that_brings_is_seen()
    {
        await using var test = await StartAsync(_ => Task.CompletedTask);
        var id = $"pipeline_{Guid.NewGuid():N}";
        var context = new System.Text.Json.Nodes.JsonObject { ["approvals"] = new System.Text.Json.Nodes.JsonArray("design") };
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Submit("Build it", context, [Phase.Research, Phase.Design], null, "bob"), new("bob"));
        await test.Grace.UntilAsync(id, PipelineStatus.WaitingForGuardian);
        var page = test.Open<MissionControl>("/");
        PageTest.Until(page, () => page.Find(".waiting .status").TextContent.ShouldBe("approval"));
        await Button(page, "Look and decide").ClickAsync(new());
        page.Find(".waiting .evidence").TextContent.ShouldContain("Waiting for approval");
        await Button(page, "Approve").ClickAsync(new());
        PageTest.Until(page, () => page.FindAll("[aria-label='Recent'] a.run").Count.ShouldBe(1));
        page.FindAll(".waiting").ShouldBeEmpty();
    }

    static IElement Button(IRenderedComponent<MissionControl> page, string text) => page.FindAll(".waiting button").Single(b => b.TextContent.Trim() == text);

    [Fact]
    public async Task What_runs_is_held_against_what_its_phase_takes_usually_and_its_tools_last_line_stands_there()
    {
        var end = new TaskCompletionSource();
        await using var test = await StartAsync(_ => end.Task);
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, """
            insert into grace.playbook_runs (position, pipeline_id, playbook_id, version, phase, recovery, first, trial, success, seconds, at)
            select n, 'p' || n, 'quick', 1, 'research', false, true, false, n <> 4, case n when 1 then 10 when 2 then 12 else 400 end, now() from generate_series(1, 4) n
            """);
        var id = await test.Grace.SubmitAsync(Phase.Research);
        await test.Grace.UntilAsync(id, p => p.CurrentPhase is not null);
        var page = test.Open<MissionControl>("/");
        PageTest.Until(page, () => page.Find(".slot .status").TextContent.ShouldContain("of usually 12 s"));
        page.Find(".slot .ticking").GetAttribute("data-usual").ShouldBe("12");
        test.Grace.Get<Grace.Engine.Log.ProgressFeed>().Speak(new("another", "test", 1, "no", DateTimeOffset.UtcNow));
        test.Grace.Get<Grace.Engine.Log.ProgressFeed>().Speak(new(id, "research", 1, "\u001b[32mreading\u001b[0m 12 of 40 files", DateTimeOffset.UtcNow));
        PageTest.Until(page, () => page.Find(".slot .last-line").TextContent.ShouldBe("reading 12 of 40 files"));
        end.SetResult();
    }

    [Fact]
    public void What_went_wrong_says_whether_it_is_known()
    {
        using var bunit = new BunitContext();
        bunit.Services.AddSingleton(TimeProvider.System);
        FailureNews News(string said, long count, string? fix, string? mission) => new($"fc_{said}", said, count, 2, DateTimeOffset.UtcNow, "pipeline_1", fix, mission, mission is null ? null : "on_trial");
        var part = bunit.Render<WentWrong>(p => p.Add(w => w.Failures, [News("a", 1, null, null), News("b", 7, null, null), News("c", 7, null, "mission_1"), News("d", 7, "await_port", "mission_2")]));
        part.FindAll("li .status").Select(s => s.TextContent).ShouldBe(["new", "no fix known yet", "mission: on trial", "known: await_port mends it"]);
        part.Find("li .seen").TextContent.ShouldBe("once");
        part.FindAll("li a.mono").Select(a => a.TextContent).ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public async Task A_digest_tells_what_was_missed_until_it_is_dismissed()
    {
        await using var test = await StartAsync();
        var visits = test.Grace.Get<Visits>();
        (await visits.ArriveAsync("ada")).ShouldBeNull();
        await AwayForAnHourAsync(test);
        await CancelledAsync(test);
        await test.Grace.Orchestrator.ExecuteAsync(await test.Grace.SubmitAsync(), new PipelineCommand.Escalate("help", []), new("system"));
        var page = test.Open<MissionControl>("/");
        PageTest.Until(page, () => page.Find(".digest p").TextContent.ShouldBe("1 waits for a person · 1 cancelled", StringCompareShould.IgnoreLineEndings));
        // Coming again does not make it go away; saying so does.
        (await visits.ArriveAsync("ada")).ShouldNotBeNull().Cancelled.ShouldBe(1);
        (await visits.ArriveAsync("eve")).ShouldBeNull();
        await page.Find(".digest button").ClickAsync(new());
        page.FindAll(".digest").ShouldBeEmpty();
        (await visits.ArriveAsync("ada")).ShouldBeNull();
    }

    [Fact]
    public async Task What_ended_is_counted_once_and_taken_back_when_it_is_tried_again()
    {
        await using var test = await StartAsync();
        var (one, two) = (await CancelledAsync(test), await CancelledAsync(test));
        var queries = test.Grace.Get<PipelineQueries>();
        (await queries.CountAsync())["cancelled"].ShouldBe(2);
        await test.Grace.Orchestrator.ExecuteAsync(one, new PipelineCommand.Retry(null, "again"), new("ada"));
        var counts = await queries.CountAsync();
        (counts["cancelled"], counts["queued"]).ShouldBe((1, 1));
        await using var connection = await test.Grace.Get<NpgsqlDataSource>().OpenConnectionAsync();
        const string sums = "select string_agg(hour || status || n, ' ' order by hour) from (select hour, status, sum(pipelines) as n from grace.pipeline_ends group by hour, status having sum(pipelines) <> 0) s";
        var kept = await connection.ExecuteScalarAsync<string>(sums);
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, "select grace.recount_ends()");
        (await connection.ExecuteScalarAsync<string>(sums)).ShouldBe(kept);
    }

    [Fact]
    public async Task A_page_that_saw_thousands_of_events_shows_the_newest_and_holds_no_more()
    {
        await using var test = await StartAsync();
        var page = test.Open<MissionControl>("/");
        PageTest.Until(page, () => page.FindAll(".feed").Count.ShouldBe(1));
        var id = await ToldRun.LongAsync(test.Grace, 3000);
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Cancel("enough"), new("ada"));
        PageTest.Until(page, () => page.Find(".feed li").TextContent.ShouldContain("agent.pipeline.cancelled"));
        page.FindAll(".feed li").Count.ShouldBe(60);
    }

    [Fact]
    public async Task Many_pages_that_ask_at_once_are_answered_by_few_reads_none_of_them_older_than_the_question()
    {
        await using var test = await StartAsync();
        var board = test.Grace.Get<MissionBoard>();
        var before = Enumerable.Range(0, 50).Select(_ => board.ReadAsync()).ToList();
        await test.Grace.SubmitAsync();
        var after = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => board.ReadAsync()));
        after.ShouldAllBe(now => now.Count("queued") == 1);
        after.Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBeLessThanOrEqualTo(2);
        await Task.WhenAll(before);
    }

    [Fact]
    public void A_trend_has_no_holes_and_weighs_each_pipeline_once()
    {
        var now = Given.Noon.AddMinutes(30);
        var hours = new[] { new HourOfEnds(Given.Noon, 3, 1, 30), new HourOfEnds(Given.Noon.AddHours(-1), 1, 0, 50), new HourOfEnds(Given.Noon.AddDays(-20), 9, 9, 9) };
        var day = Trend.Of(hours, byHour: true, now);
        (day.Count, day[^1].Completed, day[^1].Mean, day[^1].Rate, day[^2].Mean, day[0].Mean).ShouldBe((24, 3, 10, 0.75, 50, null));
        var weeks = Trend.Of(hours, byHour: false, now);
        (weeks.Count, weeks[^1].Completed, weeks[^1].Mean, weeks.Sum(p => p.Completed)).ShouldBe((14, 4, 20, 4));
    }

    static async Task<string> CancelledAsync(PageTest test)
    {
        var id = await test.Grace.SubmitAsync();
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Cancel("not needed"), new("ada"));
        return id;
    }

    static Task AwayForAnHourAsync(PageTest test) =>
        TestPostgres.TamperAsync(test.Grace.ConnectionString, "update grace.visits set seen_at = now() - interval '1 hour'");

    static string Number(IRenderedComponent<MissionControl> page, string of) =>
        page.FindAll("nav.strip a").Single(a => a.QuerySelector("span")!.TextContent == of).QuerySelector("b")!.TextContent;
}
