using Bunit;
using Grace.Engine.Pipelines;
using Grace.Tests.Live;
using Grace.Tests.Support;
using Grace.Web.Components.Parts;
using Grace.Web.Live;
using Microsoft.AspNetCore.Components;
using MudBlazor.Services;
using static Grace.Engine.Pipelines.PipelineEvent;
using PipelinePage = Grace.Web.Components.Pages.PipelinePage;

namespace Grace.Tests.Pages;

/// <summary>The story of a pipeline as it is drawn, in each of its states.</summary>
public sealed class StoryChartTests : BunitContext, IAsyncDisposable
{
    public StoryChartTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
    }

    [Fact]
    public void Every_bar_and_mark_says_what_it_is_when_and_by_whom()
    {
        var chart = Draw(StoryTests.Told(
            (new PhaseStarted(Phase.Implement, 1, "w"), 1), (new PhaseFailed(Phase.Implement, 1, "no compiler", 9), 10), (new Overridden(new() { ["note"] = "x" }, [], [], "hurry"), 12)), 20);
        chart.FindAll(".lane-name").Select(n => n.TextContent).ShouldBe(["pipeline", "implement", "test"]);
        chart.Find(".bar-item.attempt.failed").GetAttribute("aria-label").ShouldBe("implement: Attempt 1 failed, 2026-01-31 12:00:01 to 2026-01-31 12:00:10 UTC, 9.0 s. no compiler");
        chart.Find(".mark-item.override").GetAttribute("aria-label").ShouldBe("grace changed note: hurry, 2026-01-31 12:00:12 UTC");
        chart.FindAll("button.story-item").ShouldAllBe(b => b.GetAttribute("aria-label")!.Length > 10 && b.GetAttribute("tabindex") == "-1");
    }

    [Fact]
    public void What_runs_grows_with_the_time_that_passes_and_a_past_moment_stands_still()
    {
        var story = StoryTests.Told((new PhaseStarted(Phase.Test, 1, "w"), 5));
        var chart = Draw(story, 10);
        chart.Find(".bar-item.running").GetAttribute("data-label").ShouldBe("1 · 5.0 s");
        chart.Render(p => p.Add(c => c.Now, Given.Noon.AddSeconds(35)));
        chart.Find(".bar-item.running").GetAttribute("data-label").ShouldBe("1 · 30 s");
        chart.Find(".last").TextContent.ShouldBe("now");
        chart.Render(p => p.Add(c => c.IsLive, false));
        chart.Find(".last").TextContent.ShouldBe("UTC");
    }

    [Fact]
    public async Task Its_buttons_look_nearer_at_the_newest_attempt_and_back_at_the_whole()
    {
        var chart = Draw(StoryTests.Told(
            (new PhaseStarted(Phase.Implement, 1, "w"), 1), (new PhaseCompleted(Phase.Implement, 1, 1, 99, [], null), 100),
            (new PhaseStarted(Phase.Test, 1, "w"), 100), (new PhaseCompleted(Phase.Test, 1, 1, 10, [], null), 110), (new Completed(1, 110), 110)), 200);
        chart.FindAll(".bar-item.attempt").Count.ShouldBe(2);
        chart.Find("[data-story='earlier']").HasAttribute("disabled").ShouldBeTrue();
        await chart.Find("[data-story='a']").ClickAsync(new());
        chart.FindAll(".bar-item.attempt").Select(b => b.GetAttribute("aria-label")![..4]).ShouldBe(["impl", "test"]);
        Left(chart).ShouldBeInRange(4, 6);
        await chart.Find("[data-story='+']").ClickAsync(new());
        chart.FindAll(".bar-item.attempt").Count.ShouldBe(1);
        await chart.Find("[data-story='-']").ClickAsync(new());
        await chart.Find("[data-story='earlier']").ClickAsync(new());
        chart.Find("[data-story='0']").GetAttribute("aria-pressed").ShouldBe("false");
        await chart.Find("[data-story='0']").ClickAsync(new());
        chart.Find("[data-story='0']").GetAttribute("aria-pressed").ShouldBe("true");
        chart.FindAll(".bar-item.attempt").Count.ShouldBe(2);
    }

    [Fact]
    public async Task Things_too_close_to_be_told_apart_are_one_that_opens_on_them()
    {
        var chart = Draw(StoryTests.Told([.. Enumerable.Range(1, 400).SelectMany(n => new (PipelineEvent, int)[]
        {
            (new PhaseStarted(Phase.Test, n, "w"), 10 * n), (new PhaseFailed(Phase.Test, n, "no", 1), 10 * n + 8),
        })]), 4010);
        chart.FindAll(".bar-item.attempt").Count.ShouldBeLessThan(130);
        chart.Find(".story-says").TextContent.ShouldContain("drawn together");
        await chart.Find(".bar-item.group").ClickAsync(new());
        chart.FindAll(".bar-item.group").ShouldBeEmpty();
        chart.FindAll(".bar-item.attempt").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_table_has_all_of_it_newest_first_and_is_made_when_it_is_opened()
    {
        var chart = Draw(StoryTests.Told([(new Paused("lunch"), 5), .. Enumerable.Range(6, 300).Select(n => ((PipelineEvent)new Reminded("still paused"), n))]), 400);
        chart.FindAll("table").ShouldBeEmpty();
        await chart.Find("details").TriggerEventAsync("ontoggle", EventArgs.Empty);
        chart.FindAll("tbody tr").Count.ShouldBe(StoryTable.Most);
        chart.Markup.ShouldContain($"The newest {StoryTable.Most} of");
        chart.Find("tbody tr").TextContent.ShouldContain("still paused");
    }

    [Fact]
    public void Nothing_is_drawn_of_a_story_that_has_not_begun() => Draw(Story.Untold, 0).Markup.Trim().ShouldBeEmpty();

    [Fact]
    public async Task A_bar_leads_to_its_event_in_the_log_and_the_slider_moves_the_story_too()
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        var run = await told.TellAsync();
        test.Address.NavigateTo($"/pipelines/{run.Id}");
        var page = test.Show<PipelinePage>(p => p.Add(x => x.Id, run.Id));
        PageTest.Until(page, () => page.FindAll(".lane-name").Select(n => n.TextContent).ShouldBe(["pipeline", "research", "design", "implement", "test", "deploy"]));
        page.FindAll(".story-item").Select(i => i.GetAttribute("aria-label")).ShouldContain(l => l!.StartsWith("grace sent it back to implement"));
        await page.Find(".bar-item.attempt:not(.group)").ClickAsync(new());
        PageTest.Until(page, () => page.Find("dialog.sheet h2").TextContent.ShouldBe("agent.phase.started"));
        await page.Find("input[type=range]").InputAsync(new() { Value = "3" });
        PageTest.Until(page, () => page.FindAll(".bar-item.attempt").Count.ShouldBe(1));
    }

    IRenderedComponent<StoryChart> Draw(Story story, int second) =>
        Render<StoryChart>(p => p.Add(c => c.Story, story).Add(c => c.Now, Given.Noon.AddSeconds(second)).Add(c => c.IsLive, true));

    static double Left(IRenderedComponent<StoryChart> chart) =>
        double.Parse(chart.FindAll(".at:has(.bar-item.attempt)").Last().GetAttribute("style")!.Split(["left:", "%"], StringSplitOptions.None)[1], System.Globalization.CultureInfo.InvariantCulture);

    async ValueTask IAsyncDisposable.DisposeAsync() => await base.DisposeAsync();
}
