using System.Diagnostics;
using Grace.Tests.Support;
using Grace.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>The list of pipelines with as many as a team has after years.</summary>
public class ListJourneyTests(ListJourneyTests.ManyPipelines many) : IClassFixture<ListJourneyTests.ManyPipelines>
{
    const int Many = 50_000;

    /// <summary>Rows only: the list reads nothing else. A part at a time, since a long transaction holds up every reader of a log on the same server.</summary>
    static string ManyRows(int from, int to) => $"""
        insert into grace.pipelines (id, version, task, status, current_phase, phases, phase_statuses, requested_by, created_at, updated_at, ready_at)
        select 'pipeline_' || md5(n::text), 3, 'Build service number ' || n || ': Note(text: text)',
          (array['completed','completed','completed','completed','failed','cancelled','paused'])[1 + n % 7], case when n % 7 < 4 then null else 'implement' end,
          array['research','design','implement','test','deploy'],
          case when n % 7 < 4 then array['completed','completed','completed','completed','completed'] else array['completed','completed','failed','pending','pending'] end,
          (array['ada','grace','linus'])[1 + n % 3], now() - ({Many} - n) * interval '1 minute', now() - ({Many} - n) * interval '1 minute', now()
        from generate_series({from}, {to}) n
        """;

    public sealed class ManyPipelines : RunningServer
    {
        protected override async Task FillAsync(string database)
        {
            const int Part = 5_000;
            for (var from = 1; from < Many; from += Part)
                await TestPostgres.TamperAsync(database, ManyRows(from, from + Part - 1));
            await TestPostgres.TamperAsync(database, "analyze grace.pipelines");
        }
    }

    [Fact]
    public async Task Fifty_thousand_pipelines_scroll_filter_and_change_live()
    {
        var server = many.Server;
        var page = await Support.Browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 900 } });
        await page.GotoAsync(server.LoginLink);
        var began = Stopwatch.GetTimestamp();
        await page.GotoAsync($"{server.Address}/pipelines");
        await Expect(page.GetByText("Build service number 50000:")).ToBeVisibleAsync();
        var first = Stopwatch.GetElapsedTime(began);
        await PageShots.ShootAsync(page, "pipelines-many");

        // A jump to the end reads only what is seen there.
        began = Stopwatch.GetTimestamp();
        await page.EvaluateAsync("scrollTo(0, document.body.scrollHeight)");
        await Expect(page.GetByText("Build service number 1:")).ToBeVisibleAsync();
        var jump = Stopwatch.GetElapsedTime(began);
        (await page.Locator("li.line").CountAsync()).ShouldBeLessThan(120);
        await PageShots.NoteAsync("pipelines-many", $"first page {first.TotalMilliseconds:0} ms, jump to the end {jump.TotalMilliseconds:0} ms");

        await page.EvaluateAsync("scrollTo(0, 0)");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("49876");
        await Expect(page.GetByText("1 pipeline found")).ToBeVisibleAsync();
        page.Url.ShouldContain("q=49876");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await page.GetByLabel("paused 7").CheckAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("status=paused"));
        await Expect(page.Locator("li.line .status").First).ToHaveTextAsync("paused");
        await page.GotoAsync($"{server.Address}/pipelines");

        var id = await server.SubmitAsync("Seen without reloading: Note(text: text)", "research");
        await Expect(page.Locator("li.line", new() { HasText = id }).GetByText("completed")).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Cancelling_two_of_three_by_keyboard_with_a_preview()
    {
        using var data = new TestFolder();
        var database = await TestPostgres.NewDatabaseAsync();
        List<string> ids = [];
        await using (var grace = await TestGrace.StartAsync(database, worker: false))
        {
            for (var n = 0; n < 3; n++)
                ids.Add(await grace.SubmitAsync());
            foreach (var id in ids)
                await grace.Orchestrator.ExecuteAsync(id, new Grace.Engine.Pipelines.PipelineCommand.Pause("wait"), new("ada"));
            await grace.Orchestrator.ExecuteAsync(ids[0], new Grace.Engine.Pipelines.PipelineCommand.Cancel("not needed"), new("ada"));
        }
        await using var server = await ServerProcess.StartAsync(data.Path, database);
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("p");
        await Expect(page).ToHaveURLAsync($"{server.Address}/pipelines");
        await page.GetByRole(AriaRole.Button, new() { Name = "Select all" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel…" }).PressAsync("Enter");
        await Expect(page.GetByText("2 of 3 are affected, 1 not.")).ToBeVisibleAsync();
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty();
        await PageShots.ShootAsync(page, "pipelines-bulk");
        await page.GetByLabel("Reason (needed)").FillAsync("superseded");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel 2 pipelines" }).PressAsync("Enter");
        await Expect(page.GetByText("Done: 2 of 2.")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        await Expect(page.Locator("li.line .status.cancelled")).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Keyboard" })).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task The_list_fits_and_is_accessible() =>
        await PageShots.LookAsync(many.Server, "pipelines", "/pipelines?status=paused&status=failed", async page =>
        {
            await Expect(page.Locator("li.line .status").First).ToBeVisibleAsync();
            await page.Locator("li.line input").First.CheckAsync();
            await Expect(page.GetByText("1 selected")).ToBeVisibleAsync();
        });
}
