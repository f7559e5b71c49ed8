using System.Diagnostics;
using System.Net;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>A server over a database in which two whole runs and one very long pipeline stand.</summary>
public sealed class ExplainServer : IAsyncLifetime
{
    public const int Many = 20_000;
    readonly TestFolder data = new();

    internal ServerProcess Server { get; private set; } = null!;

    public Pipeline Run { get; private set; } = null!;

    public Pipeline Other { get; private set; } = null!;

    public string Long { get; private set; } = "";

    public string Story { get; private set; } = "";

    public string Database { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var database = Database = await TestPostgres.NewDatabaseAsync();
        await using (var grace = await ToldRun.StartAsync(database))
        {
            using (var told = new ToldRun(grace))
                Run = await told.TellAsync();
            using (var told = new ToldRun(grace))
                Other = await told.TellAsync(new() { ["language"] = "csharp" });
            Long = await ToldRun.LongAsync(grace, Many);
            Story = await ToldStory.TellAsync(grace);
        }
        Server = await ServerProcess.StartAsync(data.Path, database);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        data.Dispose();
    }
}

/// <summary>The pages that explain, in a real browser.</summary>
public class ExplainJourneyTests(ExplainServer fixture) : IClassFixture<ExplainServer>
{
    readonly ServerProcess server = fixture.Server;

    [Fact]
    public async Task By_keyboard_into_the_past_and_back_to_an_artifact_that_opens_in_an_editor()
    {
        var page = await SignedInAsync(1400, ColorScheme.Light);
        await page.GotoAsync($"{server.Address}/pipelines/{fixture.Run.Id}");
        var slider = page.GetByRole(AriaRole.Slider, new() { Name = "As it stood at version" });
        await slider.FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByText($"As it stood at version 3 of {fixture.Run.Version}")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"\?at=3$"));
        await Expect(page.Locator(".rail .status.pending")).ToHaveCountAsync(4);
        await page.GetByRole(AriaRole.Button, new() { Name = "back to now" }).PressAsync("Enter");
        await Expect(page.Locator(".rail .status.completed")).ToHaveCountAsync(5);

        // Nothing of the editor is loaded before somebody opens code.
        (await page.EvaluateAsync<bool>("!!window.monaco")).ShouldBeFalse();
        await page.Locator("a.node", new() { HasText = "code" }).First.PressAsync("Enter");
        await Expect(page.Locator(".monaco-editor").First).ToContainTextAsync("Keeps bookmarks.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Program.cs" }).ClickAsync();
        await Expect(page.Locator(".monaco-editor").First).ToContainTextAsync("AddTags");
        await page.GetByText("What differs from the attempt before (1)").First.ClickAsync();
        await Expect(page.Locator(".monaco-diff-editor")).ToContainTextAsync("AddTags");
        await StaysSmallAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify this chain" }).ClickAsync();
        await Expect(page.GetByText($"chain whole, {fixture.Run.Version} events")).ToBeVisibleAsync();
        await PageShots.ShootAsync(page, "pipeline-code");

        await page.GetByRole(AriaRole.Button, new() { Name = "Compare with…" }).ClickAsync();
        await page.GetByLabel("Compare with").FillAsync(fixture.Other.Id);
        await page.Locator($".picker a[href$='{fixture.Other.Id}']").ClickAsync();
        await Expect(page.GetByText("not the same phases")).ToHaveCountAsync(0);
        await Expect(page.Locator(".artifact-pair .tag.ok")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator("tr.differs")).ToContainTextAsync("language");
        await page.Context.DisposeAsync();
    }

    /// <summary>Files and differences opened one after another: what is shown is kept, and nothing besides.</summary>
    static async Task StaysSmallAsync(IPage page)
    {
        Task<int> Texts() => page.EvaluateAsync<int>("monaco.editor.getModels().length");
        (await Texts()).ShouldBe(3);
        for (var n = 0; n < 8; n++)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "README.md" }).ClickAsync();
            await Expect(page.Locator(".code-file .monaco-editor").First).ToContainTextAsync("Keeps bookmarks.");
            await page.GetByRole(AriaRole.Button, new() { Name = "Program.cs" }).ClickAsync();
            await Expect(page.Locator(".code-file .monaco-editor").First).ToContainTextAsync("AddTags");
        }
        for (var n = 0; n < 4; n++)
        {
            await page.GetByText("What differs from the attempt before (1)").First.ClickAsync();
            await Expect(page.Locator(".monaco-diff-editor")).ToHaveCountAsync(0);
            (await Texts()).ShouldBe(1);
            await page.GetByText("What differs from the attempt before (1)").First.ClickAsync();
            await Expect(page.Locator(".monaco-diff-editor")).ToContainTextAsync("AddTags");
        }
        (await Texts()).ShouldBe(3);
    }

    [Fact]
    public async Task Twenty_thousand_events_stay_smooth()
    {
        var page = await SignedInAsync(1400, ColorScheme.Light);
        await Expect(page.Locator("a.run").First).ToBeVisibleAsync();
        var began = Stopwatch.GetTimestamp();
        await page.GotoAsync($"{server.Address}/pipelines/{fixture.Long}");
        await Expect(page.GetByText($"step_{ExplainServer.Many},")).ToBeVisibleAsync();
        var first = Stopwatch.GetElapsedTime(began);
        await Expect(page.GetByRole(AriaRole.Slider)).ToBeVisibleAsync();
        var whole = Stopwatch.GetElapsedTime(began);

        began = Stopwatch.GetTimestamp();
        await page.Locator(".timeline-rows").EvaluateAsync("e => e.scrollTop = e.scrollHeight");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "agent.pipeline.submitted" })).ToBeVisibleAsync();
        var jump = Stopwatch.GetElapsedTime(began);
        (await page.Locator("li.entry").CountAsync()).ShouldBeLessThan(80);

        began = Stopwatch.GetTimestamp();
        await page.GetByRole(AriaRole.Slider).FillAsync("12345");
        await Expect(page.GetByText("As it stood at version 12345 of 20000")).ToBeVisibleAsync();
        var past = Stopwatch.GetElapsedTime(began);
        await PageShots.NoteAsync(
            "pipeline-long", $"20,000 events: first page {first.TotalMilliseconds:0} ms, folded {whole.TotalMilliseconds:0} ms, jump to the first event {jump.TotalMilliseconds:0} ms, version 12,345 {past.TotalMilliseconds:0} ms");
        await PageShots.ShootAsync(page, "pipeline-long");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_story_of_two_days_is_read_zoomed_and_gone_through_by_keyboard()
    {
        var page = await SignedInAsync(1400, ColorScheme.Light);
        await page.GotoAsync($"{server.Address}/pipelines/{fixture.Story}");
        var running = page.Locator(".bar-item.attempt.running");
        await Expect(running).ToHaveCountAsync(1);
        await Expect(page.Locator(".story-under .break")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator(".story-under .break", new() { HasText = "1 d 23 h" })).ToBeVisibleAsync();
        var said = await running.GetAttributeAsync("aria-label");
        await Expect(running).Not.ToHaveAttributeAsync("aria-label", said!);
        await PageShots.LookAsync(page, "pipeline-story");
        foreach (var width in new[] { 620, 900, 2560, 1400 })
        {
            await page.SetViewportSizeAsync(width, 900);
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
            await PageShots.ShootAsync(page, $"pipeline-story-{width}-light");
        }
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty("wide and dark");
        await PageShots.ShootAsync(page, "pipeline-story-1400-dark");

        var plot = page.Locator(".story-plot");
        await plot.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator(".story-item:focus")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^pipeline: Waiting for a slot"));
        await Expect(page.Locator(".story-item:focus + .tip")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator(".story-item:focus")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^research: Attempt 1 completed"));
        await PageShots.ShootAsync(page, "pipeline-story-tip");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "agent.phase.started" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await plot.FocusAsync();
        await page.Keyboard.PressAsync("a");
        await Expect(page.Locator("[data-story='0']")).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(page.Locator(".story-under .break")).ToHaveCountAsync(0);
        await PageShots.ShootAsync(page, "pipeline-story-attempt");
        await page.Keyboard.PressAsync("0");
        await page.Keyboard.PressAsync("+");
        await Expect(page.Locator("[data-story='earlier']")).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await page.GetByText("As a table").ClickAsync();
        await Expect(page.Locator(".story-table")).ToContainTextAsync("linus");
        await PageShots.LookAsync(page, "pipeline-story-near");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task A_console_of_a_hundred_thousand_lines_follows_stands_still_and_is_searched()
    {
        const int Lines = 100_000;
        var page = await SignedInAsync(1400, ColorScheme.Light);
        await page.GotoAsync($"{server.Address}/pipelines/{fixture.Story}");
        await Expect(page.GetByText("appears here as it happens")).ToBeVisibleAsync();
        var began = Stopwatch.GetTimestamp();
        // As another node tells it.
        await TestPostgres.TamperAsync(fixture.Database, $$"""
            select pg_notify('grace_progress', 'test ' || json_build_object('pipeline_id', '{{fixture.Story}}', 'phase', 'deploy', 'attempt', 1, 'at', now(),
              'line', case n % 5 when 0 then E'[32m✓[0m test ' || n when 1 then E'[1;31mfailed[0m <b>line</b> ' || n when 2 then E'[38;5;208mwarning[0m line ' || n else '→ line ' || n end)::text)
            from generate_series(1, {{Lines}}) n
            """);
        var lines = page.Locator(".console .ln");
        await Expect(page.Locator(".console .ln", new() { HasText = $"line {Lines - 1}" }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator(".console .ln", new() { HasText = $"test {Lines}" }).First).ToBeVisibleAsync();
        var heard = Stopwatch.GetElapsedTime(began);
        (await lines.CountAsync()).ShouldBeLessThan(400);
        await Expect(page.Locator(".console b")).ToHaveCountAsync(0);
        await page.Locator(".console-panel").ScrollIntoViewIfNeededAsync();
        await PageShots.LookAsync(page, "pipeline-console");

        await page.Locator(".console").EvaluateAsync("e => e.scrollTop = 400000");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Follow", Exact = true })).ToBeVisibleAsync();
        await Expect(page.Locator(".console .ln", new() { HasText = "line 20003" }).First).ToBeVisibleAsync();
        (await lines.CountAsync()).ShouldBeLessThan(400);
        began = Stopwatch.GetTimestamp();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search in the console" }).FillAsync("line 5000");
        await Expect(page.GetByText("6 of 6")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("1 of 6")).ToBeVisibleAsync();
        await Expect(page.Locator(".ln.current mark")).ToHaveTextAsync("line 5000");
        var found = Stopwatch.GetElapsedTime(began);
        await PageShots.LookAsync(page, "pipeline-console-search");
        await page.GetByRole(AriaRole.Button, new() { Name = "Follow", Exact = true }).ClickAsync();
        await Expect(page.Locator(".console .ln", new() { HasText = $"test {Lines}" }).First).ToBeInViewportAsync();
        await PageShots.NoteAsync("pipeline-console", $"{Lines:N0} lines: heard and drawn after {heard.TotalMilliseconds:0} ms, found and gone to in {found.TotalMilliseconds:0} ms");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Everything_open_fits_and_is_accessible_at_any_width_in_light_and_dark()
    {
        var page = await SignedInAsync(400, ColorScheme.Dark);
        await page.GotoAsync($"{server.Address}/pipelines/{fixture.Run.Id}");
        await Expect(page.Locator(".artifacts > details.artifact")).ToHaveCountAsync(5);
        await page.EvaluateAsync("document.querySelectorAll('.artifacts details').forEach(d => d.open = true)");
        await Expect(page.Locator(".monaco-editor .view-line").First).ToBeVisibleAsync();
        await Expect(page.GetByText("Expected 2 tags, found 0.")).Not.ToHaveCountAsync(0);
        await PageShots.LookAsync(page, "pipeline-open");
        await ShootTestsAsync(page);
        await page.GotoAsync($"{server.Address}/pipelines/{fixture.Run.Id}?at=14");
        await Expect(page.GetByText("As it stood at version 14")).ToBeVisibleAsync();
        await PageShots.LookAsync(page, "pipeline-past");
        await page.GotoAsync($"{server.Address}/compare?a={fixture.Run.Id}&b={fixture.Other.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what differs" }).First.ClickAsync();
        var diff = page.Locator(".monaco-diff-editor").First;
        await Expect(diff).ToContainTextAsync("language");
        (await diff.GetAttributeAsync("class"))!.ShouldNotContain("side-by-side");
        await page.SetViewportSizeAsync(1400, 900);
        await Expect(diff).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("side-by-side"));
        await PageShots.LookAsync(page, "compare");
        await page.Context.DisposeAsync();
    }

    /// <summary>The failed run's tests, narrow and wide, searched as well.</summary>
    static async Task ShootTestsAsync(IPage page)
    {
        var failed = page.Locator($"[id='{await page.Locator(".artifact:has(tr.test-said)").First.GetAttributeAsync("id")}']");
        await Expect(failed.Locator("tr.test").First).ToContainTextAsync("Are_kept");
        foreach (var width in new[] { 400, 1400 })
        {
            await page.SetViewportSizeAsync(width, 900);
            await failed.ScrollIntoViewIfNeededAsync();
            await failed.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"pipeline-tests-{width}.png") });
        }
        await failed.GetByRole(AriaRole.Searchbox, new() { Name = "Search in the tests" }).FillAsync("(1");
        await Expect(failed.Locator("tr.suite")).ToHaveCountAsync(2);
        await page.SetViewportSizeAsync(400, 900);
    }

    [Fact]
    public async Task The_API_hands_out_the_files_of_code_as_text_and_nothing_else()
    {
        var code = fixture.Run.Artifacts.Last(a => a.ArtifactType == "code").ArtifactId;
        var files = await server.GetAsync($"artifacts/{code}/files");
        files["files"]!.AsArray().Select(f => f!["path"]!.ToString()).ShouldBe(["README.md", "src/Program.cs", "src/logo.png"]);
        using var file = await server.Http.GetAsync($"/api/agent-pipeline/artifacts/{code}/files/src/Program.cs");
        (await file.Content.ReadAsStringAsync()).ShouldContain("AddTags");
        file.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        file.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        foreach (var path in new[] { "src/logo.png", "src", "..%2f..%2fetc%2fpasswd", "--help", "no/such" })
            (await server.Http.GetAsync($"/api/agent-pipeline/artifacts/{code}/files/{path}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        (await server.Http.GetAsync($"/api/agent-pipeline/artifacts/{fixture.Run.Artifacts[0].ArtifactId}/files")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var stranger = new HttpClient();
        (await stranger.GetAsync($"{server.Address}/api/agent-pipeline/artifacts/{code}/files/README.md")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    async Task<IPage> SignedInAsync(int width, ColorScheme scheme)
    {
        var page = await Support.Browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        await page.GotoAsync(server.LoginLink);
        return page;
    }
}
