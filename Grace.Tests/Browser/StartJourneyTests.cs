using Grace.Tests.Support;
using Grace.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>From a task over its plan to a pipeline that is watched, with the keyboard alone; and both pages at each width and in each scheme.</summary>
public class StartJourneyTests(RunningServer running) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_task_is_planned_edited_started_and_watched_by_keyboard()
    {
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(running.Server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Needs a person" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("n");
        await Expect(page).ToHaveURLAsync($"{running.Server.Address}/new");
        await Expect(page.GetByLabel("Task")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Build a note service: Note(text: text)");
        await page.GetByRole(AriaRole.Button, new() { Name = "Plan first" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#why-design")).ToContainTextAsync("1 resource (Note)");
        foreach (var phase in new[] { "deploy", "test", "implement" })
        {
            await page.GetByRole(AriaRole.Checkbox, new() { Name = phase, Exact = true }).First.FocusAsync();
            await page.Keyboard.PressAsync("Space");
        }
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("AC-03") }).FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.GetByText(new System.Text.RegularExpressions.Regex(@"\d+ of \d+ kept"))).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start with this plan" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/pipelines/pipeline_"));
        await Expect(page.Locator(".status.completed").First).ToBeVisibleAsync();
        await page.Locator("details summary", new() { HasText = "design_spec" }).First.PressAsync("Enter");
        await Expect(page.Locator(".markdown").GetByText("AC-02").First).ToBeVisibleAsync();
        await Expect(page.Locator(".markdown").GetByText("AC-03")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("m");
        await Expect(page.Locator("[aria-label=Recent] a.run").First).ToContainTextAsync("note service");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Both_pages_fit_and_are_accessible()
    {
        await PageShots.LookAsync(running.Server, "new", "/new?task=Build+a+login+service:+Login(name:+string)&phases=deploy", async page =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
            await Expect(page.GetByText("Nothing was started.")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "As usual: all five" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Plan first" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Risks" })).ToBeVisibleAsync();
        });
        await PageShots.LookAsync(running.Server, "mission", "/?over=24h", page => Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Needs a person" })).ToBeVisibleAsync());
    }
}
