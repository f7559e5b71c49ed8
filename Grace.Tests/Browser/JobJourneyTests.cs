using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Tests.Jobs;
using Grace.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>Jobs, nodes and their history over HTTP and in a browser, against one real server.</summary>
public class JobJourneyTests(JobJourneyTests.JobServer running) : IClassFixture<JobJourneyTests.JobServer>
{
    ServerProcess Server => running.Server;

    [Fact]
    public async Task A_node_is_paused_and_resumed_by_keyboard_and_a_slot_is_woken()
    {
        var page = await Support.Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 900 } });
        await page.GotoAsync(Server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("j");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Jobs", Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Wake slots.slot-1" }).PressAsync("Enter");
        await Expect(page.Locator(".said")).ToContainTextAsync("Slot 1 wakes");

        await page.Locator("li.jobnode", new() { HasText = $":{Server.Pid}:" }).GetByRole(AriaRole.Button, new() { Name = "Pause…" }).PressAsync("Enter");
        await Expect(page.GetByText("takes no slot until somebody resumes it")).ToBeVisibleAsync();
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty();
        await PageShots.ShootAsync(page, "jobs-pause");
        await page.GetByLabel("Reason").FillAsync("a new disk");
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, pause it" }).PressAsync("Enter");
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        await Expect(page.Locator("li.jobnode .why")).ToContainTextAsync("a new disk");
        var id = await Server.SubmitAsync("Build a note service: Note(text: text)", "research");
        (await Server.GetAsync($"pipelines/{id}"))["status"]!.ToString().ShouldBe("queued");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).PressAsync("Enter");
        await Server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.completed");

        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).PressAsync("Enter");
        await Expect(page.GetByText("resume by owner")).ToBeVisibleAsync();
        await Expect(page.Locator("li.jobpast", new() { HasText = "pause by owner" })).ToContainTextAsync("Reason: a new disk");
        await page.Locator("li.jobpast a", new() { HasText = "slots.slot-1" }).First.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync($"{Server.Address}/jobs/history?job=slots.slot-1");
        await Expect(page.GetByText("resume by owner")).ToHaveCountAsync(0);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Jobs_and_their_history_fit_and_are_accessible()
    {
        await PageShots.LookAsync(Server, "jobs", "/jobs", async page =>
        {
            await Expect(page.Locator("li.job .status.failed").First).ToBeVisibleAsync();
            await Expect(page.Locator("li.jobnode .status.failed")).ToBeVisibleAsync();
            await page.Locator("li.job summary").First.ClickAsync();
        });
        await PageShots.LookAsync(Server, "jobs-history", "/jobs/history?job=tests.letter", async page =>
            await Expect(page.Locator("li.jobpast").First).ToBeVisibleAsync());
    }

    [Fact]
    public async Task The_api_pages_acts_and_refuses_by_name()
    {
        var page = await Server.GetAsync("jobs?limit=2");
        page["jobs"]!.AsArray().Select(j => j!["key"]!.ToString()).ShouldBe(["imports.sync", "reports.nightly"]);
        page["next"]!.ToString().ShouldBe("reports.nightly");
        page["counts"]!["retrying"]!.GetValue<int>().ShouldBe(1);
        (await Server.GetAsync("jobs?state=retrying"))["jobs"]![0]!["error"]!.ToString().ShouldBe("The remote does not answer.");
        (await Server.GetAsync("jobs/history?job=tests.letter&limit=3"))["history"]!.AsArray().Count.ShouldBe(3);
        var nodes = await Server.GetAsync("jobs/nodes");
        nodes["nodes"]!.AsArray().Single(n => !n!["stale"]!.GetValue<bool>())!["roles"]!.ToString().ShouldBe("web,worker");
        nodes["slots"]!.AsArray().Count.ShouldBe(2);

        var deleted = await Server.PostAsync("jobs/reports.old/delete", new JsonObject { ["reason"] = "no one reads it" });
        (await deleted.Content.ReadFromJsonAsync<JsonObject>())!["message"]!.ToString().ShouldContain("reports.old is deleted");
        (await Server.GetAsync("jobs/history?search=no one reads"))["history"]![0]!["by"]!.ToString().ShouldBe("api-key");

        await Refused(await Server.PostAsync("jobs/reports.old/run", new JsonObject()), HttpStatusCode.NotFound, "reports.old");
        await Refused(await Server.PostAsync("jobs/slots.slot-1/delete", new JsonObject()), HttpStatusCode.Conflict, "MaxConcurrentPipelines");
        await Refused(await Server.PostAsync("jobs/nodes/nobody/pause", new JsonObject()), HttpStatusCode.NotFound, "nobody");
        await Refused(await Server.Http.GetAsync("/api/agent-pipeline/jobs?state=broken&limit=0"), HttpStatusCode.UnprocessableEntity, "running, retrying");
        await Refused(await Server.Http.GetAsync("/api/agent-pipeline/jobs/history?before=yesterday"), HttpStatusCode.UnprocessableEntity, "yesterday");
        using var stranger = new HttpClient { BaseAddress = new(Server.Address) };
        (await stranger.PostAsJsonAsync("/api/agent-pipeline/jobs/reports.nightly/run", new JsonObject())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await Server.Http.GetAsync("/openapi/v1.json")).Content.ReadAsStringAsync()).ShouldContain("/jobs/nodes/{key}/pause");
    }

    static async Task Refused(HttpResponseMessage answer, HttpStatusCode status, string says)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.ToString().ShouldContain(says);
    }

    /// <summary>A server with jobs in several states, a node that is gone, and a long history.</summary>
    public sealed class JobServer : Grace.Tests.Web.RunningServer
    {
        const string SomeJobs = """
            insert into grace_jobs.qrtz_job_details (sched_name, job_name, job_group, description, job_class_name, is_durable, is_nonconcurrent, is_update_data, requests_recovery) values
              ('grace', 'nightly', 'reports', 'Sends the summary of yesterday to the team', 'Reports.Nightly, Reports', true, true, false, false),
              ('grace', 'old', 'reports', null, 'Reports.Old, Reports', true, true, false, false),
              ('grace', 'sync', 'imports', 'Mirrors the repositories that pipelines work on', 'Imports.Sync, Imports', true, true, false, false),
              ('grace', 'expire', 'upkeep', null, 'Upkeep.Expire, Upkeep', false, false, false, false);
            insert into grace_jobs.qrtz_triggers (sched_name, trigger_name, trigger_group, job_name, job_group, next_fire_time, priority, trigger_state, trigger_type, start_time, misfire_instr, retry_policy, retry_attempt)
            select 'grace', t.name, t.job_group, t.job_name, t.job_group, (extract(epoch from now() + t.due) * 10000000)::bigint + 621355968000000000, 5, t.state, 'SIMPLE', 638000000000000000, 0, null, t.attempt
            from (values ('every-night', 'reports', 'nightly', interval '7 hours', 'WAITING', null), ('hourly', 'imports', 'sync', interval '50 minutes', 'WAITING', 2),
              ('daily', 'upkeep', 'expire', interval '15 hours', 'ERROR', null)) t(name, job_group, job_name, due, state, attempt);
            insert into grace_jobs.qrtz_job_status (sched_name, job_group, job_name, first_fired_time, last_fired_time, last_result, last_run_time, last_instance_name, last_failure_message, consecutive_failures, run_count, failure_count)
            values ('grace', 'imports', 'sync', 639000000000000000, 639000000000000000, 1, 12300000, 'build-7:3121:1795600000', 'The remote does not answer.', 0, 140, 3);
            insert into grace.nodes values ('build-7:3121:1795600000', 'build-7', 3121, 1795600000, 'worker', now() - interval '5 hours', now() - interval '1 minute');
            """;

        protected override Task FillAsync(string database) => TestPostgres.TamperAsync(database, SomeJobs + JobHistoryTests.ManyRuns);
    }
}
