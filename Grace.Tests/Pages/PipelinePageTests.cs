using System.Text.Json.Nodes;
using Bunit;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Parts;
using Microsoft.AspNetCore.Components;
using PipelinePage = Grace.Web.Components.Pages.PipelinePage;

namespace Grace.Tests.Pages;

public class PipelinePageTests
{
    [Fact]
    public async Task A_pipeline_shows_its_phases_its_artifacts_and_its_log_newest_first()
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        var run = await told.TellAsync();
        var page = Open(test, run.Id);
        PageTest.Until(page, () => page.FindAll(".artifacts > details.artifact summary b").Select(b => b.TextContent).ShouldBe(["research_doc", "design_spec", "code", "test_results", "deployment_manifest"]));
        page.FindAll(".earlier .superseded summary b").Select(b => b.TextContent).ShouldBe(["test_results", "code"]);
        page.Markup.ShouldContain("22 of 22 passed");
        page.FindAll(".attempts .attempt").Select(a => string.Join(' ', a.TextContent.Split(' ')[..2])).ShouldBe(["1 completed", "2 completed", "1 failed", "2 completed"]);
        PageTest.Until(page, () => page.Find("li.entry .type").TextContent.ShouldBe("agent.pipeline.completed"));
        page.FindAll("li.entry").Count.ShouldBe((int)run.Version);
        page.FindAll("[aria-label=Guardian], [aria-label='Live console']").ShouldBeEmpty();
        page.Find(".asked summary").TextContent.ShouldContain("1 override");
        page.Markup.ShouldContain("the tags were lost");
    }

    [Fact]
    public async Task The_slider_shows_it_as_it_stood_and_the_address_says_so()
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        var run = await told.TellAsync();
        var page = Open(test, run.Id);
        PageTest.Until(page, () => page.Find("input[type=range]").GetAttribute("max").ShouldBe($"{run.Version}"));
        var failed = (await test.Grace.Get<EventLog>().ReadStreamAsync(run.Id)).First(e => e.Type == "agent.phase.failed").Version;
        await page.Find("input[type=range]").InputAsync(new() { Value = $"{failed}" });
        PageTest.Until(page, () => page.Find(".past").TextContent.ShouldStartWith($"As it stood at version {failed} of {run.Version}"));
        page.FindAll(".rail li").Select(l => l.ClassName).ShouldBe(["completed", "completed", "completed", "failed", "pending"]);
        PageTest.Until(page, () => page.FindAll("li.entry").Count.ShouldBe((int)failed));
        page.FindAll(".artifacts > details.artifact").Count.ShouldBe(4);
        await page.Find("input[type=range]").ChangeAsync(new() { Value = $"{failed}" });
        test.Address.Uri.ShouldEndWith($"?at={failed}");

        await page.Find(".past button").ClickAsync(new());
        test.Address.Uri.ShouldEndWith(run.Id);
    }

    [Fact]
    public async Task The_slider_is_not_pushed_back_by_an_answer_that_comes_late()
    {
        await using var page = new BunitContext();
        var slider = page.Render<TimeSlider>(p => p.Add(s => s.Version, 36));
        foreach (var version in new[] { "1", "2", "3" })
            await slider.Find("input").InputAsync(version);
        // Answers to the first moves: what is rendered stays, so that the browser's place stays.
        slider.Render(p => p.Add(s => s.At, 1));
        slider.Render(p => p.Add(s => s.At, 2));
        slider.Find("input").GetAttribute("value").ShouldBe("36");
        slider.Render(p => p.Add(s => s.At, 3));
        slider.Find("output").TextContent.ShouldBe("3 / 36");
        // A change from elsewhere is another matter.
        slider.Render(p => p.Add(s => s.At, 20));
        slider.Find("input").GetAttribute("value").ShouldBe("20");
    }

    [Theory]
    [InlineData("4", "As it stood at version 4")]
    [InlineData("0", "As it stood at version 1")]
    [InlineData("99999", null)]
    [InlineData("x", null)]
    public async Task An_address_with_a_version_shows_that_version(string at, string? says)
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        var run = await told.TellAsync();
        var page = Open(test, run.Id, at);
        PageTest.Until(page, () => page.FindAll("input[type=range]").ShouldNotBeEmpty());
        PageTest.Until(page, () => (page.FindAll(".past").FirstOrDefault()?.TextContent ?? "").ShouldStartWith(says ?? ""));
        page.FindAll(".past").Count.ShouldBe(says is null ? 0 : 1);
    }

    [Fact]
    public async Task The_past_hides_the_Guardians_panel_and_the_console()
    {
        await using var test = await PageTest.StartAsync();
        var id = await test.Grace.SubmitAsync();
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("look"), new("ada"));
        var page = Open(test, id);
        PageTest.Until(page, () => page.FindAll("[aria-label=Guardian], [aria-label='Live console']").Count.ShouldBe(2));
        await page.Find("button[aria-label='One version back']").ClickAsync(new());
        PageTest.Until(page, () => page.FindAll("[aria-label=Guardian], [aria-label='Live console']").ShouldBeEmpty());
        page.Find("main, .head").TextContent.ShouldContain("queued");
    }

    [Fact]
    public async Task The_chain_is_proven_whole_or_named_where_it_breaks()
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        var run = await told.TellAsync();
        var page = Open(test, run.Id);
        await Verify(page);
        PageTest.Until(page, () => page.Find(".chain-mark").TextContent.ShouldContain($"chain whole, {run.Version} events"));
        page.FindAll("li.entry .proof").ShouldAllBe(p => p.TextContent == "✓");
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, $"update grace.mt_events set user_name = 'eve' where stream_id = '{run.Id}' and version = 5");
        await Verify(page);
        PageTest.Until(page, () => page.Find(".chain-mark").TextContent.ShouldContain("broken at version 5"));
        page.Find("li.entry.broken .soft").TextContent.ShouldBe("5");
    }

    [Fact]
    public async Task A_version_that_was_removed_shows_as_a_hole()
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        var run = await told.TellAsync();
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, $"delete from grace.mt_events where stream_id = '{run.Id}' and version = {run.Version - 1}");
        var timeline = test.Show<EventTimeline>(p => p.Add(t => t.PipelineId, run.Id).Add(t => t.Version, run.Version));
        PageTest.Until(timeline, () => timeline.FindAll("li.entry")[1].TextContent.ShouldContain($"Version {run.Version - 1} is missing from the log."));
    }

    [Fact]
    public async Task Events_that_tell_no_pipeline_are_said_to_and_the_log_is_shown()
    {
        await using var test = await PageTest.StartAsync();
        var id = await test.Grace.SubmitAsync();
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, $"""update grace.mt_events set data = jsonb_set(data, '{"{phases}"}', '"all"') where stream_id = '{id}'""");
        var page = Open(test, id);
        PageTest.Until(page, () => page.Find("[role=alert]").TextContent.ShouldContain("do not tell a pipeline"));
        PageTest.Until(page, () => page.FindAll("li.entry").Count.ShouldBe(1));
    }

    [Fact]
    public async Task An_artifact_in_the_address_is_brought_into_view()
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        var run = await told.TellAsync();
        var wanted = run.Artifacts.First(a => a.ArtifactType == "code").ArtifactId;
        var page = Open(test, run.Id, artifact: wanted);
        PageTest.Until(page, () => test.Script.Invocations["graceExplain.reveal"].Single().Arguments.ShouldBe([$"artifact-{wanted}"]));
    }

    [Fact]
    public void A_phase_that_runs_ticks_by_itself_and_one_of_the_past_stands_still()
    {
        using var page = new BunitContext();
        page.Services.Add(new(typeof(TimeProvider), TimeProvider.System));
        var state = Given.APipeline().Taken().State;
        state = state with { Phases = state.Phases.SetItem(0, state.Phases[0] with { StartedAt = TimeProvider.System.GetUtcNow().AddSeconds(-30) }) };
        var track = page.Render<PhaseTrack>(p => p.Add(t => t.State, state));
        var drawn = track.Find(".rail li").TextContent;
        PageTest.Until(track, () => track.Find(".rail li").TextContent.ShouldNotBe(drawn));
        var past = page.Render<PhaseTrack>(p => p.Add(t => t.State, state).Add(t => t.AsOf, state.Phases[0].StartedAt!.Value.AddSeconds(7)));
        past.Find(".rail li").TextContent.ShouldContain("7.0 s");
    }

    [Fact]
    public async Task What_is_no_pipeline_says_so()
    {
        await using var test = await PageTest.StartAsync();
        var page = Open(test, "pipeline_nowhere");
        PageTest.Until(page, () => page.Markup.ShouldContain("There is no such pipeline."));
    }

    [Fact]
    public async Task The_one_to_compare_with_is_chosen_among_the_recent()
    {
        await using var test = await PageTest.StartAsync();
        var (one, other) = (await test.Grace.SubmitAsync(), await test.Grace.SubmitAsync());
        var page = Open(test, one);
        PageTest.Until(page, () => page.Find(".head button").TextContent.ShouldBe("Compare with…"));
        await page.Find(".head button").ClickAsync(new());
        PageTest.Until(page, () => page.Find(".picker li a").GetAttribute("href").ShouldBe($"/compare?a={one}&b={other}"));
    }

    static IRenderedComponent<PipelinePage> Open(PageTest test, string id, string? at = null, string? artifact = null)
    {
        test.Address.NavigateTo(test.Address.GetUriWithQueryParameters($"/pipelines/{id}", new Dictionary<string, object?> { ["at"] = at, ["artifact"] = artifact }));
        return test.Show<PipelinePage>(p => p.Add(x => x.Id, id));
    }

    static Task Verify(IRenderedComponent<PipelinePage> page)
    {
        PageTest.Until(page, () => page.Find(".chain-mark button").HasAttribute("disabled").ShouldBeFalse());
        return page.Find(".chain-mark button").ClickAsync(new());
    }
}
