using Bunit;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Pages;
using Grace.Web.Live;

namespace Grace.Tests.Pages;

public class LogPageTests
{
    [Fact]
    public async Task Events_come_on_top()
    {
        await using var test = await PageTest.StartAsync();
        var page = test.Open<LogPage>("/log");
        PageTest.Until(page, () => page.Find("li.event .type").TextContent.ShouldBe("playbook.published"));
        var id = await test.Grace.SubmitAsync();
        PageTest.Until(page, () => page.Find("li.event .type").TextContent.ShouldBe("agent.pipeline.submitted"));
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("look"), new("ada"));
        PageTest.Until(page, () => page.Find("li.event .type").TextContent.ShouldBe("agent.pipeline.paused"));
        page.Find($"a[href='/pipelines/{id}']");
        page.Find("li.event time").GetAttribute("title")!.ShouldEndWith("UTC");
        page.Find("li.event .hash").GetAttribute("title")!.ShouldStartWith("sha256 ");
    }

    [Theory]
    [InlineData("type=agent.pipeline.paused", 1)]
    [InlineData("type=agent.pipeline.*", 3)]
    [InlineData("severity=medium", 1)]
    [InlineData("severity=high", 0)]
    [InlineData("q=lOOk+here", 1)]
    [InlineData("type=no.such.type", 0)]
    public async Task Filters_come_from_the_address(string query, int found)
    {
        await using var test = await PageTest.StartAsync();
        var id = await test.Grace.SubmitAsync();
        await test.Grace.SubmitAsync();
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("look here"), new("ada"));
        var page = test.Open<LogPage>($"/log?{query}");
        PageTest.Until(page, () => page.Markup.ShouldContain(found == 0 ? "No event matches." : $"{found} event"));
        page.FindAll("li.event").Count.ShouldBe(found);
    }

    [Fact]
    public async Task The_live_end_can_be_held_still_and_caught_up_with()
    {
        await using var test = await PageTest.StartAsync();
        await test.Grace.SubmitAsync();
        var page = test.Open<LogPage>("/log?type=agent.pipeline.submitted");
        PageTest.Until(page, () => page.FindAll("li.event").Count.ShouldBe(1));
        await page.Find("button:contains('Hold still')").ClickAsync(new());
        await test.Grace.SubmitAsync();
        PageTest.Until(page, () => page.Markup.ShouldContain("Back to the live end (1 new)"));
        page.FindAll("li.event").Count.ShouldBe(1);
        await page.Find("button:contains('Back to the live end')").ClickAsync(new());
        PageTest.Until(page, () => page.FindAll("li.event").Count.ShouldBe(2));
    }

    [Fact]
    public async Task Verifying_says_that_the_log_is_whole_or_names_what_was_changed()
    {
        await using var test = await PageTest.StartAsync();
        var id = await test.Grace.SubmitAsync();
        var page = test.Open<LogPage>("/log");
        await page.Find("button:contains('Verify the log')").ClickAsync(new());
        PageTest.Until(page, () => page.Markup.ShouldContain("The log is whole."));
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, $"update grace.mt_events set user_name = 'eve' where stream_id = '{id}'");
        await page.Find("button:contains('Verify the log')").ClickAsync(new());
        PageTest.Until(page, () => page.Find("ol[aria-label=Faults]").TextContent.ShouldContain(id));
    }

    [Fact]
    public async Task The_window_never_holds_more_than_its_bound_and_doubles_nothing()
    {
        await using var test = await PageTest.StartAsync();
        await Fill(test, 5000);
        var log = test.Grace.Get<EventLog>();
        var window = new LogWindow(test.Grace.Get<LogSearch>());
        var end = await test.Grace.NewestAsync();
        for (var n = 0; n < 40 && (!window.IsRead || window.Older is not null); n++)
            await window.ReadAsync(end, default);
        window.Older.ShouldBeNull();
        window.IsHeld.ShouldBeTrue();
        window.Rows.Count.ShouldBe(LogWindow.MostKept);
        window.Rows.Select(e => e.Position).Distinct().Count().ShouldBe(LogWindow.MostKept);
        window.Rows[^1].Position.ShouldBe((await log.ReadNewestAsync(end, int.MaxValue))[^1].Position);
    }

    /// <summary>Events of one stream without meaning, through the log's own way in.</summary>
    static Task Fill(PageTest test, int count) => RawEvents.AppendAsync(
        test.Grace.Get<Npgsql.NpgsqlDataSource>(), "filler", 0, [.. Enumerable.Range(0, count).Select(n => ("test.filler", $"{{\"n\":{n}}}"))], Given.Noon, new("ada"));
}
