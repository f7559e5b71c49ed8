using Bunit;
using Grace.Engine.Access;
using Grace.Engine.Jobs;
using Grace.Tests.Jobs;
using Grace.Tests.Support;
using Grace.Web.Components.Pages;

namespace Grace.Tests.Pages;

public class JobsPageTests
{
    [Fact]
    public async Task Before_any_node_runs_slots_it_says_how_to_start_one()
    {
        await using var test = await StartAsync(worker: false);
        var page = test.Open<JobsPage>("/jobs");
        page.Markup.ShouldContain("Reading…");
        PageTest.Until(page, () => page.Markup.ShouldContain("No job yet"));
        page.Find("section[aria-label=Slots]").TextContent.ShouldContain("--roles worker");
        PageTest.Until(page, () => page.Find("li.jobnode").TextContent.ShouldContain("no slots"));
        page.FindAll("li.jobnode button").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_fails_shows_why_is_retried_and_deleted_after_asking()
    {
        await using var test = await StartAsync();
        var page = test.Open<JobsPage>("/jobs?q=failingjob");
        PageTest.Until(page, () => page.Markup.ShouldContain("No job matches."));
        var key = test.Grace.AddJob<FailingJob>(j => j.Run());
        PageTest.Until(page, () => page.Find("li.job .status").TextContent.ShouldBe("failed"));
        page.Find("li.job .error").TextContent.ShouldBe("the disk is full");
        await page.Find($"button[aria-label='Retry {key}']").ClickAsync(new());
        page.Find(".said").TextContent.ShouldBe($"Job {key} runs again.");
        await test.Grace.UntilJobsAsync(() => test.Grace.HistoryAsync(new(Outcome: "failed")), h => h.Count == 2);
        PageTest.Until(page, () => page.Find("li.job .status").TextContent.ShouldBe("failed"));

        await page.Find($"button[aria-label='Delete… {key}']").ClickAsync(new());
        page.Find("dialog").TextContent.ShouldContain("This cannot be undone.");
        (await test.Grace.JobAsync(key))!.State.ShouldBe("failed");
        await page.Find("dialog button:contains('Yes, delete it')").ClickAsync(new());
        PageTest.Until(page, () => page.FindAll("dialog").ShouldBeEmpty());
        PageTest.Until(page, () => page.Find("li.job .status").TextContent.ShouldBe("deleted"));
    }

    [Fact]
    public async Task Slots_and_the_jobs_of_what_fills_them_are_shown()
    {
        var gate = new TaskCompletionSource();
        await using var test = await StartAsync(gate: _ => gate.Task);
        var page = test.Open<JobsPage>("/jobs");
        PageTest.Until(page, () => page.FindAll("li.jobslot .status").Select(s => s.TextContent).ShouldBe(["free", "free"]));
        var id = await test.Grace.SubmitAsync();
        PageTest.Until(page, () => page.Find("li.jobslot .status.running").TextContent.ShouldBe("in use"));
        page.Find($"li.jobslot a[href='/pipelines/{id}']");
        PageTest.Until(page, () => page.Find("li.jobslot .on").TextContent.ShouldContain(test.Grace.NodeId()));
        PageTest.Until(page, () => page.Find("li.job .status.running").TextContent.ShouldBe("running"));
        gate.SetResult();
        PageTest.Until(page, () => page.FindAll("li.jobslot .status.running").ShouldBeEmpty());
    }

    [Fact]
    public async Task A_node_is_paused_after_asking_and_resumed()
    {
        await using var test = await StartAsync();
        var page = test.Open<JobsPage>("/jobs");
        PageTest.Until(page, () => page.Find("li.jobnode .status").TextContent.ShouldBe("takes slots"));
        await page.Find("li.jobnode button").ClickAsync(new());
        page.Find("dialog").TextContent.ShouldContain("No other node takes slots");
        await page.Find("dialog input").InputAsync("upkeep");
        await page.Find("dialog button:contains('Yes, pause it')").ClickAsync(new());
        PageTest.Until(page, () => page.Find("li.jobnode .status").TextContent.ShouldBe("paused"));
        page.Find("li.jobnode .why").TextContent.ShouldContain("Paused by ada");
        page.Find("li.jobnode .why").TextContent.ShouldContain("upkeep");
        page.Markup.ShouldContain("Every node that runs slots is paused");
        await page.Find("li.jobnode button:contains('Resume')").ClickAsync(new());
        PageTest.Until(page, () => page.Find("li.jobnode .status").TextContent.ShouldBe("takes slots"));
    }

    [Fact]
    public async Task Whoever_may_only_look_finds_no_buttons_and_is_told_who_may()
    {
        await using var test = (await PageTest.StartAsync(worker: true, role: Role.Guardian)).Offer<JobQueries>().Offer<JobBoard>().Offer<JobAdmin>().Offer<JobSignal>();
        var page = test.Open<JobsPage>("/jobs");
        test.Grace.AddJob<FailingJob>(j => j.Run());
        PageTest.Until(page, () => page.Find("li.job .status").TextContent.ShouldBe("failed"));
        page.FindAll("li.job button, li.jobnode button").ShouldBeEmpty();
        page.Markup.ShouldContain("You may look, but not run, retry and delete jobs");
    }

    [Fact]
    public async Task Whose_access_has_ended_changes_nothing()
    {
        await using var test = await StartAsync();
        var key = test.Grace.AddJob<FailingJob>(j => j.Run());
        var page = test.Open<JobsPage>("/jobs");
        PageTest.Until(page, () => page.Find($"button[aria-label='Retry {key}']"));
        test.SignOut();
        await page.Find($"button[aria-label='Retry {key}']").ClickAsync(new());
        page.Find("[role=alert]").TextContent.ShouldContain("Your access has ended");
        (await test.Grace.HistoryAsync(new(Outcome: "action"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Filters_and_pages_are_in_the_address()
    {
        await using var test = await StartAsync(worker: false);
        var keys = Enumerable.Range(0, 60).Select(_ => test.Grace.AddJob<QuietJob>(j => j.Run())).ToList();
        var page = test.Open<JobsPage>("/jobs?state=waiting&q=QUIETJOB&state2=x");
        PageTest.Until(page, () => page.FindAll("li.job").Count.ShouldBe(50));
        page.Find("nav[aria-label='Pages of jobs'] a").GetAttribute("href")!.ShouldContain($"after={keys[10]}");
        page = test.Open<JobsPage>($"/jobs?state=waiting&q=QUIETJOB&after={keys[10]}");
        PageTest.Until(page, () => page.FindAll("li.job").Count.ShouldBe(10));
        page.Find("nav[aria-label='Pages of jobs'] a").TextContent.ShouldBe("First page");
        page.Find("input[name=state][checked]").ParentElement!.TextContent.ShouldStartWith("waiting");
        await page.FindAll("input[name=state]")[1].ChangeAsync(new() { Value = "on" });
        test.Address.Uri.ShouldEndWith("/jobs?state=running&q=QUIETJOB");
        PageTest.Until(page, () => page.Markup.ShouldContain("No job matches."));
    }

    [Fact]
    public async Task When_the_database_is_away_it_says_so_and_catches_up()
    {
        await using var test = await StartAsync(worker: false);
        var page = test.Open<JobsPage>("/jobs");
        PageTest.Until(page, () => page.Find("li.jobnode"));
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, "alter table grace.nodes rename to nodes_away");
        PageTest.Until(page, () => page.Find("[role=alert]").TextContent.ShouldContain("catches up by itself"));
        page.Find("li.jobnode");
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, "alter table grace.nodes_away rename to nodes");
        PageTest.Until(page, () => page.FindAll("[role=alert]").ShouldBeEmpty());
    }

    [Fact]
    public async Task The_history_shows_runs_and_people_live_and_narrows_down()
    {
        await using var test = await StartAsync();
        var page = test.Open<JobHistoryPage>("/jobs/history?q=letter");
        PageTest.Until(page, () => page.Markup.ShouldContain("Nothing matches."));
        var key = test.Grace.AddJob<FailingJob>(j => j.Run());
        await test.Grace.UntilJobsAsync(() => test.Grace.JobAsync(key), j => j is { State: "failed" });
        await test.Grace.Get<JobAdmin>().DeleteAsync(key, "linus", "a look");
        page = test.Open<JobHistoryPage>($"/jobs/history?job={key}");
        PageTest.Until(page, () => page.FindAll("li.jobpast .status").Select(s => s.TextContent).ShouldBe(["delete by linus", "deleted", "failed"]));
        page.Find("li.jobpast .error").TextContent.ShouldBe("the disk is full");
        page.FindAll("li.jobpast")[0].TextContent.ShouldContain("Reason: a look");
        await page.FindAll("input[name=outcome]")[2].ChangeAsync(new() { Value = "on" });
        test.Address.Uri.ShouldEndWith($"/jobs/history?job={key}&outcome=failed");
        PageTest.Until(page, () => page.FindAll("li.jobpast").Count.ShouldBe(1));
    }

    static async Task<PageTest> StartAsync(bool worker = true, Func<Grace.Engine.Phases.PhaseWork, Task>? gate = null) =>
        (await PageTest.StartAsync(worker, gate)).Offer<JobQueries>().Offer<JobBoard>().Offer<JobAdmin>().Offer<JobSignal>().Offer<JobHistory>();
}
