using Bunit;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Pages;

namespace Grace.Tests.Pages;

public class PipelineListTests
{
    [Fact]
    public async Task Without_pipelines_it_says_how_to_start_one()
    {
        await using var test = await PageTest.StartAsync();
        var page = test.Open<PipelineList>("/pipelines");
        page.Markup.ShouldContain("Reading…");
        PageTest.Until(page, () => page.Markup.ShouldContain("No pipeline yet."));
    }

    [Fact]
    public async Task Rows_come_and_change_as_events_arrive()
    {
        await using var test = await PageTest.StartAsync();
        var page = test.Open<PipelineList>("/pipelines");
        PageTest.Until(page, () => page.Markup.ShouldContain("No pipeline yet."));
        var id = await test.Grace.SubmitAsync();
        PageTest.Until(page, () => page.Find("li.line").TextContent.ShouldContain("queued"));
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("look"), new("ada"));
        PageTest.Until(page, () => page.Find("li.line .status").TextContent.ShouldBe("paused"));
    }

    [Fact]
    public async Task Filters_come_from_the_address_and_go_there()
    {
        await using var test = await PageTest.StartAsync();
        var (kept, other) = (await test.Grace.SubmitAsync(), await test.Grace.SubmitAsync());
        await test.Grace.Orchestrator.ExecuteAsync(kept, new PipelineCommand.Pause("look"), new("ada"));
        var page = test.Open<PipelineList>("/pipelines?status=paused&status=failed&phase=research&by=ada&from=24h&q=build");
        PageTest.Until(page, () => page.Markup.ShouldContain("1 pipeline found"));
        PageTest.Until(page, () => page.Find("li.line").InnerHtml.ShouldContain(kept));
        page.Markup.ShouldNotContain(other);
        page.FindAll(".chip input").Where(c => c.HasAttribute("checked")).Count().ShouldBe(2);
        await page.Find("button:contains('Clear filters')").ClickAsync(new());
        test.Address.Uri.ShouldEndWith("/pipelines");
        PageTest.Until(page, () => page.Markup.ShouldContain("2 pipelines, newest first"));
    }

    [Fact]
    public async Task What_matches_nothing_offers_all()
    {
        await using var test = await PageTest.StartAsync();
        await test.Grace.SubmitAsync();
        var page = test.Open<PipelineList>("/pipelines?q=zebra");
        PageTest.Until(page, () => page.Markup.ShouldContain("No pipeline matches."));
    }

    [Fact]
    public async Task A_bulk_decision_shows_first_which_pipelines_it_affects_and_then_what_became_of_each()
    {
        await using var test = await PageTest.StartAsync();
        var (fresh, paused, gone) = (await test.Grace.SubmitAsync(), await test.Grace.SubmitAsync(), await test.Grace.SubmitAsync());
        await test.Grace.Orchestrator.ExecuteAsync(paused, new PipelineCommand.Pause("look"), new("ada"));
        await test.Grace.Orchestrator.ExecuteAsync(gone, new PipelineCommand.Cancel("gone"), new("ada"));
        var page = test.Open<PipelineList>("/pipelines");
        PageTest.Until(page, () => page.FindAll("li.line").Count.ShouldBe(3));
        await page.Find("button:contains('Select all')").ClickAsync(new());
        await page.Find("button:contains('Pause…')").ClickAsync(new());
        PageTest.Until(page, () => page.Find("dialog [role=status]").TextContent.ShouldBe("1 of 3 is affected, 2 not."));
        page.Find("dialog").TextContent.ShouldContain("paused already");
        page.Find("dialog").TextContent.ShouldContain("cancelled; pause is not possible");
        (await test.Grace.Orchestrator.LoadAsync(fresh)).Status.ShouldBe(PipelineStatus.Queued);

        await page.Find("dialog input").InputAsync("stand still");
        await page.Find("dialog button:contains('Pause 1 pipeline')").ClickAsync(new());
        PageTest.Until(page, () => page.Find("dialog").TextContent.ShouldContain("Done: 1 of 1."));
        (await test.Grace.Orchestrator.LoadAsync(fresh)).PauseReason.ShouldBe("stand still");
        await page.Find("dialog button:contains('Close')").ClickAsync(new());
        page.FindAll("dialog").ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelling_many_needs_a_reason()
    {
        await using var test = await PageTest.StartAsync();
        var id = await test.Grace.SubmitAsync();
        var page = test.Open<PipelineList>("/pipelines");
        PageTest.Until(page, () => page.FindAll("li.line").Count.ShouldBe(1));
        await page.Find("li.line input").ChangeAsync(new() { Value = true });
        await page.Find("button:contains('Cancel…')").ClickAsync(new());
        PageTest.Until(page, () => page.Find("dialog button:contains('Cancel 1 pipeline')"));
        await page.Find("dialog button:contains('Cancel 1 pipeline')").ClickAsync(new());
        page.Find("dialog [role=alert]").TextContent.ShouldStartWith("Say why");
        (await test.Grace.Orchestrator.LoadAsync(id)).Status.ShouldBe(PipelineStatus.Queued);
    }
}
