using System.Text.RegularExpressions;
using Grace.Tests.Support;
using Grace.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>What every page stands in: navigation, trail, theme.</summary>
public class FrameJourneyTests(RunningServer running) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_navigation_folds_to_a_rail_and_stays_as_it_was_left()
    {
        var page = await OpenAsync();
        var drawer = page.Locator("#pages");
        await Expect(drawer).ToHaveClassAsync(new Regex("mud-drawer--open"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Navigation" }).ClickAsync();
        await Expect(drawer).ToHaveClassAsync(new Regex("mud-drawer--closed"));
        await page.ReloadAsync();
        await Expect(drawer).ToHaveClassAsync(new Regex("mud-drawer--closed"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Learning" }).ClickAsync();
        await Expect(page).ToHaveURLAsync($"{running.Server.Address}/learning");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task On_a_phone_the_navigation_is_a_menu_that_opens_when_asked_for()
    {
        var page = await OpenAsync(new()
        {
            ViewportSize = new() { Width = 400, Height = 800 }, ReducedMotion = ReducedMotion.Reduce,
            UserAgent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
        });
        var jobs = page.GetByRole(AriaRole.Link, new() { Name = "Jobs" });
        await Expect(jobs).Not.ToBeInViewportAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Navigation" }).ClickAsync();
        await jobs.ClickAsync();
        await Expect(page).ToHaveURLAsync($"{running.Server.Address}/jobs");
        await Expect(jobs).Not.ToBeInViewportAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_page_below_a_list_has_a_trail_back_to_it()
    {
        var page = await OpenAsync();
        await page.GotoAsync($"{running.Server.Address}/playbooks/run_tests");
        var trail = page.GetByLabel("Breadcrumbs");
        await Expect(trail).ToContainTextAsync("run_tests");
        await trail.GetByRole(AriaRole.Link, new() { Name = "Playbooks" }).ClickAsync();
        await Expect(page).ToHaveURLAsync($"{running.Server.Address}/playbooks");
        await Expect(trail).ToHaveCountAsync(0);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task The_command_palette_goes_anywhere_by_keyboard()
    {
        var page = await OpenAsync();
        await page.Keyboard.PressAsync("Control+k");
        var field = page.GetByRole(AriaRole.Combobox, new() { Name = "Go to, or find" });
        await Expect(field).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(12);
        await page.Keyboard.TypeAsync("run_te");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        await PageShots.LookAsync(page, "palette");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.GetByRole(AriaRole.Option, new() { Selected = true })).ToHaveTextAsync(new Regex("New pipeline: run_te"));
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync($"{running.Server.Address}/playbooks/run_tests");
        await Expect(field).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.PressAsync("Escape");
        await Expect(field).ToBeHiddenAsync();
        await page.Context.DisposeAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, "rgb(245, 246, 250)")]
    [InlineData(ColorScheme.Dark, "rgb(23, 24, 29)")]
    public async Task The_first_paint_has_the_theme_before_the_page_is_live(ColorScheme scheme, string ground)
    {
        var page = await OpenAsync(new() { ColorScheme = scheme });
        // Without the framework's script the page never becomes live.
        await page.RouteAsync("**/_framework/blazor.web*.js", route => route.AbortAsync());
        await page.ReloadAsync();
        (await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")).ShouldBe(ground);
        await page.Context.DisposeAsync();
    }

    async Task<IPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var page = await Support.Browser.NewPageAsync(options);
        await page.GotoAsync(running.Server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Needs a person" })).ToBeVisibleAsync();
        return page;
    }
}
