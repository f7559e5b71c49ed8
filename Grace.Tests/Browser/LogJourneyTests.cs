using Grace.Tests.Support;
using Grace.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>The log's page against a real server.</summary>
public class LogJourneyTests(RunningServer running) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Events_arrive_are_narrowed_down_by_address_opened_and_verified()
    {
        // A log that holds nothing else.
        using var data = new TestFolder();
        await using var server = await ServerProcess.StartAsync(data.Path, await TestPostgres.NewDatabaseAsync());
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("l");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "playbook.published" }).First).ToBeVisibleAsync();
        var id = await server.SubmitAsync("Build a note service: Note(text: text)", "research", "design");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "agent.pipeline.completed" })).ToBeVisibleAsync();

        // Times run on with no word from the server.
        await page.Locator("time.ago").First.EvaluateAsync("time => time.setAttribute('datetime', new Date(Date.now() - 3.6e6).toISOString())");
        await Expect(page.GetByText("60 min ago")).ToBeVisibleAsync();

        await page.GetByLabel("Type").SelectOptionAsync("agent.phase.*");
        await Expect(page.GetByText("4 events, newest first, live")).ToBeVisibleAsync();
        page.Url.ShouldContain("type=agent.phase.");
        await page.GetByRole(AriaRole.Button, new() { Name = "agent.phase.started" }).First.PressAsync("Enter");
        await Expect(page.Locator("dialog[open] pre")).ToContainTextAsync("\"worker\"");
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty();
        await PageShots.ShootAsync(page, "log-event");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Verify the log" }).ClickAsync();
        await Expect(page.GetByText("The log is whole.")).ToBeVisibleAsync();
        await page.Locator($"a[href='/pipelines/{id}']").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Build a note service");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task The_log_fits_and_is_accessible()
    {
        var server = running.Server;
        var id = await server.SubmitAsync("Build a note service: Note(text: text)", "research", "design");
        await server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.completed");
        await PageShots.LookAsync(server, "log", "/log", async page =>
        {
            await Expect(page.Locator("li.event").First).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Verify the log" }).ClickAsync();
            await Expect(page.GetByText("The log is whole.")).ToBeVisibleAsync();
        });
    }
}
