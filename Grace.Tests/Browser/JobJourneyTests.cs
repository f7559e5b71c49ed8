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
    public async Task A_node_is_paused_and_resumed_by_keyboard_and_hangfires_dashboard_is_one_step_away()
    {
        var page = await Support.Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 900 } });
        await page.GotoAsync(Server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("j");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Jobs", Exact = true })).ToBeVisibleAsync();
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
        await page.GetByRole(AriaRole.Link, new() { Name = "Hangfire" }).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/hangfire"));
        await page.GotoAsync($"{Server.Address}/hangfire/jobs/succeeded");
        await Expect(page.GetByText(id).First).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Hangfires_dashboard_works_under_graces_content_policy_and_its_rights()
    {
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new(Server.Address) };
        (await stranger.GetAsync("/hangfire")).StatusCode.ShouldBeOneOf(HttpStatusCode.Redirect, HttpStatusCode.Unauthorized);
        (await stranger.PostAsync("/hangfire/jobs/failed/requeue", null)).IsSuccessStatusCode.ShouldBeFalse();

        var page = await Support.Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 900 } });
        List<string> complaints = [];
        page.Console += (_, said) => { if (said.Type == "error") complaints.Add(said.Text); };
        page.Dialog += (_, asks) => asks.AcceptAsync();
        await page.GotoAsync(Server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        complaints.Clear();
        foreach (var path in new[] { "/hangfire", "/hangfire/servers", "/hangfire/recurring", "/hangfire/jobs/failed" })
            await page.GotoAsync(Server.Address + path);
        await page.Locator("input.js-jobs-list-checkbox[value='899']").CheckAsync();
        await page.Locator("button.js-jobs-list-command[data-url$='/jobs/failed/delete']").ClickAsync();
        await Expect(page.Locator("input.js-jobs-list-checkbox[value='899']")).ToHaveCountAsync(0);
        (await Server.GetAsync("jobs?state=deleted"))["jobs"]!.AsArray().ShouldContain(j => j!["key"]!.ToString() == "899");
        await PageShots.ShootAsync(page, "hangfire");
        await Expect(page.Locator("a[href='/jobs']")).ToHaveCountAsync(1);
        complaints.ShouldBeEmpty();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_job_put_back_in_hangfires_dashboard_is_the_retry_of_whoever_pressed()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "tests"));
        File.WriteAllText(Path.Combine(folder.Path, "tests/__init__.py"), "");
        File.WriteAllText(Path.Combine(folder.Path, "tests/test_a.py"), "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.fail('no')\n");
        var submitted = await Server.PostAsync("execute", new JsonObject { ["task"] = "Check it", ["repository"] = folder.Path, ["phases"] = new JsonArray("test") });
        var id = (await submitted.Content.ReadFromJsonAsync<JsonObject>())!["pipeline_id"]!.ToString();
        await Server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.escalated");
        string? job;
        // The job says so a moment after its pipeline does.
        while ((job = (await Server.GetAsync($"jobs?state=failed&search={id}"))["jobs"]!.AsArray().FirstOrDefault()?["key"]!.ToString()) is null)
            await Task.Yield();

        var page = await Support.Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 900 } });
        await page.GotoAsync(Server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await page.GotoAsync($"{Server.Address}/hangfire/jobs/failed");
        await page.Locator($"input.js-jobs-list-checkbox[value='{job}']").CheckAsync();
        await page.Locator("button.js-jobs-list-command[data-url$='/jobs/failed/requeue']").ClickAsync();
        var events = await Server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.resumed");
        events[^1]["by"]!.ToString().ShouldBe("owner");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Jobs_and_their_history_fit_and_are_accessible()
    {
        await PageShots.LookAsync(Server, "jobs", "/jobs?state=failed", async page =>
        {
            await Expect(page.Locator("li.job .status.failed").First).ToBeVisibleAsync();
            await Expect(page.Locator("li.jobnode .status.failed")).ToBeVisibleAsync();
            await page.Locator("li.job summary").First.ClickAsync();
        });
        await PageShots.LookAsync(Server, "jobs-history", "/jobs/history?job=125000", async page =>
            await Expect(page.Locator("li.jobpast").First).ToBeVisibleAsync());
    }

    [Fact]
    public async Task The_api_pages_acts_and_refuses_by_name()
    {
        var page = await Server.GetAsync("jobs?limit=2&search=reports");
        page["jobs"]!.AsArray().Select(j => j!["key"]!.ToString()).ShouldBe(["903", "902"]);
        page["next"]!.ToString().ShouldBe("902");
        page["counts"]!["scheduled"]!.GetValue<int>().ShouldBe(1);
        (await Server.GetAsync("jobs?state=failed&search=remote"))["jobs"]![0]!["error"]!.ToString().ShouldBe("The remote does not answer.");
        (await Server.GetAsync("jobs/history?job=125000&limit=3"))["history"]!.AsArray().Count.ShouldBe(3);
        var nodes = await Server.GetAsync("jobs/nodes");
        nodes["nodes"]!.AsArray().Single(n => !n!["stale"]!.GetValue<bool>())!["roles"]!.ToString().ShouldBe("web,worker");
        nodes["slots"]!.AsArray().Count.ShouldBe(2);

        var deleted = await Server.PostAsync("jobs/901/delete", new JsonObject { ["reason"] = "no one reads it" });
        (await deleted.Content.ReadFromJsonAsync<JsonObject>())!["message"]!.ToString().ShouldContain("Job 901 is deleted");
        (await Server.GetAsync("jobs/history?search=no one reads"))["history"]![0]!["by"]!.ToString().ShouldBe("api-key");

        await Refused(await Server.PostAsync("jobs/999999/run", new JsonObject()), HttpStatusCode.NotFound, "999999");
        await Refused(await Server.PostAsync("jobs/901/retry", new JsonObject()), HttpStatusCode.Conflict, "did not fail");
        await Refused(await Server.PostAsync("jobs/nodes/nobody/pause", new JsonObject()), HttpStatusCode.NotFound, "nobody");
        await Refused(await Server.Http.GetAsync("/api/agent-pipeline/jobs?state=broken&limit=0"), HttpStatusCode.UnprocessableEntity, "running, waiting");
        await Refused(await Server.Http.GetAsync("/api/agent-pipeline/jobs/history?before=yesterday"), HttpStatusCode.UnprocessableEntity, "yesterday");
        using var stranger = new HttpClient { BaseAddress = new(Server.Address) };
        (await stranger.PostAsJsonAsync("/api/agent-pipeline/jobs/902/run", new JsonObject())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
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
            insert into hangfire.job (id, statename, invocationdata, arguments, createdat) values
              (899, 'Failed', '{"Type": "Letters.Old, Letters", "Method": "Run"}', '[]', now() - interval '4 hours'),
              (901, 'Succeeded', '{"Type": "Reports.Old, Reports", "Method": "Run"}', '[]', now() - interval '3 hours'),
              (902, 'Scheduled', '{"Type": "Reports.Nightly, Reports", "Method": "Run"}', '[]', now() - interval '2 hours'),
              (903, 'Failed', '{"Type": "Reports.Sync, Reports", "Method": "Run"}', '[]', now() - interval '1 hour');
            insert into hangfire.state (id, jobid, name, reason, createdat, data) values
              (90000, 899, 'Failed', null, now() - interval '4 hours', '{"ExceptionMessage": "Nobody reads it.", "ExceptionType": "System.IO.IOException", "ExceptionDetails": "", "FailedAt": "2026-01-01T00:00:00Z"}'),
              (90001, 901, 'Succeeded', null, now() - interval '3 hours', '{"Result": "\"Sent\"", "SucceededAt": "2026-01-01T00:00:00Z", "PerformanceDuration": "5", "Latency": "1"}'),
              (90002, 902, 'Scheduled', null, now() - interval '2 hours', '{"EnqueueAt": "2099-01-01T00:00:00Z", "ScheduledAt": "2026-01-01T00:00:00Z"}'),
              (90003, 903, 'Failed', null, now() - interval '1 hour', '{"ExceptionMessage": "The remote does not answer.", "ExceptionType": "System.IO.IOException", "ExceptionDetails": "", "FailedAt": "2026-01-01T00:00:00Z"}');
            update hangfire.job set stateid = case id when 899 then 90000 when 901 then 90001 when 902 then 90002 else 90003 end where id in (899, 901, 902, 903);
            insert into grace.nodes values ('build-7:3121:1795600000', 'build-7', 3121, 1795600000, 'worker', now() - interval '5 hours', now() - interval '1 minute');
            """;

        protected override Task FillAsync(string database) => TestPostgres.TamperAsync(database, SomeJobs + JobHistoryTests.ManyRuns);
    }
}
