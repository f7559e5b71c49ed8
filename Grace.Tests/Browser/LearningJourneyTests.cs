using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Engine;
using Grace.Tests.Support;
using Grace.Tests.Web;
using Grace.Web.Bench;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>Playbooks, learning and the Guardian's inbox as a person uses them, against a real server.</summary>
public class LearningJourneyTests(RunningServer running) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_failure_waits_in_the_inbox_its_mission_is_approved_and_a_playbook_is_changed()
    {
        using var folder = new TestFolder();
        using var repository = new TestFolder();
        StoryMaterial.WriteTeamFiles(new DataFolder(folder.Path));
        await StoryMaterial.WriteRepositoryAsync(repository.Path);
        await using var server = await ServerProcess.StartAsync(folder.Path, await TestPostgres.NewDatabaseAsync());
        for (var n = 0; n < 3; n++)
        {
            var answer = await server.PostAsync("execute", new JsonObject { ["task"] = "Test the generated code", ["context"] = new JsonObject { ["generated"] = true }, ["phases"] = new JsonArray("test"), ["repository"] = repository.Path });
            var id = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["pipeline_id"]!.ToString();
            await server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.escalated");
        }
        await server.FeedUntilAsync("type=learning.mission.proposed", _ => true);
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("i");
        await Expect(page.GetByText("3 pipelines wait for a person, oldest first.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Look and decide" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reject…" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("the generator is being mended");
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty();
        await PageShots.ShootAsync(page, "guardian");
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, reject it" }).ClickAsync();
        await Expect(page.GetByText("2 pipelines wait for a person, oldest first.")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("e");
        await page.GetByRole(AriaRole.Link, new() { Name = "protocol" }).ClickAsync();
        await Expect(page.GetByText("waiting for approval")).ToBeVisibleAsync();
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty();
        await PageShots.ShootAsync(page, "mission");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve the trial…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
        await Expect(page.GetByText("on trial")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = StoryMaterial.PlaybookId }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "on trial" })).ToContainTextAsync("50 % of the pipelines, against version 1");
        await page.Locator("tr", new() { HasText = "on trial" }).GetByRole(AriaRole.Button, new() { Name = "Roll back…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Say why: the reason is kept in the log.")).ToBeVisibleAsync();
        await page.GetByLabel("Reason (needed)").FillAsync("not now");
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }).ClickAsync();
        await Expect(page.GetByText("rolled back").First).ToBeVisibleAsync();

        await page.GetByText("Edit", new() { Exact = true }).ClickAsync();
        var text = page.GetByLabel("YAML");
        await text.FillAsync(StoryMaterial.Playbook.Replace("run_tests\n", "run_tets\n"));
        await Expect(page.GetByText("there is no tool 'run_tets'")).ToBeVisibleAsync();
        await text.FillAsync(StoryMaterial.Playbook.Replace("Generates code", "Makes code"));
        await Expect(page.GetByText("It can be used.")).ToBeVisibleAsync();
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty();
        await PageShots.ShootAsync(page, "playbook-edit");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(page.GetByText("Makes code, then runs the tests.")).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
    }

    [Theory]
    [InlineData("playbooks", "/playbooks", 400, ColorScheme.Dark)]
    [InlineData("playbooks", "/playbooks", 1400, ColorScheme.Light)]
    [InlineData("playbook", "/playbooks/run_tests", 400, ColorScheme.Light)]
    [InlineData("playbook-new", "/playbooks/new", 1400, ColorScheme.Dark)]
    [InlineData("learning", "/learning", 400, ColorScheme.Light)]
    [InlineData("learning", "/learning", 1400, ColorScheme.Dark)]
    [InlineData("guardian-empty", "/guardian", 400, ColorScheme.Dark)]
    public async Task The_pages_fit_and_are_accessible(string name, string path, int width, ColorScheme scheme)
    {
        await PageShots.LookAsync(running.Server, width, scheme, name, path, async page => await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync());
    }
}
