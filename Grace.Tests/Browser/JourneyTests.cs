using Grace.Tests.Support;
using Grace.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>What a person does in a real browser against a real server.</summary>
public class JourneyTests(RunningServer running) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task From_the_login_link_to_a_pipelines_artifacts_live()
    {
        var server = running.Server;
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();

        // Nobody reloads: the page hears of it.
        var id = await server.SubmitAsync("Build a note service: Note(text: text)", "research", "design");
        var row = page.Locator($"a.run[href='/pipelines/{id}']");
        await Expect(row.GetByText("completed").First).ToBeVisibleAsync();
        await PageShots.ShootAsync(page, "mission-control");
        await row.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Build a note service");
        await page.Locator("details summary", new() { HasText = "design_spec" }).First.ClickAsync();
        await Expect(page.Locator(".markdown").GetByText("Acceptance criteria").First).ToBeVisibleAsync();
        await PageShots.ShootAsync(page, "pipeline");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Pausing_and_resuming_with_a_reason_by_keyboard()
    {
        using var data = new TestFolder();
        var database = await TestPostgres.NewDatabaseAsync();
        string id;
        // Without a worker the pipeline stays where it is, so that the pause is in effect at once.
        await using (var grace = await TestGrace.StartAsync(database, worker: false))
            id = await grace.SubmitAsync();
        await using var paused = await TestGrace.StartAsync(database, worker: false);
        await paused.Orchestrator.ExecuteAsync(id, new Grace.Engine.Pipelines.PipelineCommand.Pause("before the server starts"), new("ada"));
        await using var server = await ServerProcess.StartAsync(data.Path, database);
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(server.LoginLink);
        await page.GotoAsync($"{server.Address}/pipelines/{id}");
        await page.GetByLabel("Reason").FillAsync("looked at it");
        await page.GetByLabel("Reason").PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("agent.pipeline.resumed")).ToBeVisibleAsync();
        var resumed = await paused.UntilAsync(id, p => p.Status != Grace.Engine.Pipelines.PipelineStatus.Paused);
        resumed.Version.ShouldBeGreaterThan(2);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task An_open_page_comes_back_by_itself_after_the_server_was_restarted()
    {
        using var data = new TestFolder();
        var database = await TestPostgres.NewDatabaseAsync();
        var server = await ServerProcess.StartAsync(data.Path, database);
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(server.LoginLink);
        await Expect(page.GetByText("No pipeline yet.")).ToBeVisibleAsync();
        await server.KillAsync();
        await using var again = await ServerProcess.StartAsync(data.Path, database, server.Address);
        await again.SubmitAsync("Seen after the restart", "research");
        await Expect(page.GetByText("Seen after the restart")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Pages_fit_any_width_and_are_accessible_in_light_and_dark()
    {
        var server = running.Server;
        var id = await server.SubmitAsync("Build a note service: Note(text: text)", "research", "design");
        await server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.completed");
        await PageShots.LookAsync(server, "mission-control", "/", page => Expect(page.Locator($"a.run[href='/pipelines/{id}']")).ToBeVisibleAsync());
        await PageShots.LookAsync(server, "pipeline", $"/pipelines/{id}", page => Expect(page.Locator(".rail").First).ToBeVisibleAsync());
    }
}
