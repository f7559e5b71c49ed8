using Bunit;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Pages;

namespace Grace.Tests.Pages;

public class ComparePageTests
{
    [Fact]
    public async Task Two_runs_stand_side_by_side()
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        using var toldAgain = new ToldRun(test.Grace);
        var (a, b) = (await told.TellAsync(), await toldAgain.TellAsync(new() { ["language"] = "csharp" }));
        var page = test.Open<ComparePage>($"/compare?a={a.Id}&b={b.Id}");
        PageTest.Until(page, () => page.FindAll("[aria-label='Phases of both'] tbody th").Select(h => h.TextContent).ShouldBe(["research", "design", "implement", "test", "deploy", "in all"]));
        page.Find("[aria-label='Phases of both']").TextContent.ShouldContain("22 of 22 passed");
        Badges(page).ShouldBe(["research_doc same content", "design_spec same content", "code different", "test_results different", "deployment_manifest different"]);
        page.FindAll("tr.differs th").Select(h => h.TextContent.Split(' ')[0]).ShouldBe(["language"]);

        await page.Find("button:contains('Show what differs')").ClickAsync(new());
        PageTest.Until(page, () => page.Find(".diff .added").TextContent.ShouldContain("+// {\"language\":\"csharp\"}"));
    }

    static List<string> Badges(IRenderedComponent<ComparePage> page) =>
        [.. page.FindAll(".artifact-pair").Select(p => $"{p.QuerySelector("b")!.TextContent} {p.QuerySelector(".tag")!.TextContent}")];

    [Fact]
    public async Task One_alone_asks_for_the_other_and_an_unknown_one_is_named()
    {
        await using var test = await PageTest.StartAsync();
        var (id, other) = (await test.Grace.SubmitAsync(), await test.Grace.SubmitAsync());
        var page = test.Open<ComparePage>($"/compare?a={id}");
        PageTest.Until(page, () => page.Find(".picker li a").GetAttribute("href").ShouldBe($"/compare?a={id}&b={other}"));
        var unknown = test.Open<ComparePage>($"/compare?a={id}&b=pipeline_nowhere");
        PageTest.Until(unknown, () => unknown.Find("[role=alert]").TextContent.ShouldContain("There is no pipeline 'pipeline_nowhere'."));
    }

    [Fact]
    public async Task What_happens_meanwhile_shows()
    {
        await using var test = await PageTest.StartAsync();
        var (id, other) = (await test.Grace.SubmitAsync(), await test.Grace.SubmitAsync());
        var page = test.Open<ComparePage>($"/compare?a={id}&b={other}");
        PageTest.Until(page, () => page.Find("[aria-label='Pipeline B'] .status").TextContent.ShouldBe("queued"));
        await test.Grace.Orchestrator.ExecuteAsync(other, new PipelineCommand.Pause("look"), new("ada"));
        PageTest.Until(page, () => page.Find("[aria-label='Pipeline B'] .status").TextContent.ShouldBe("paused"));
    }

    [Fact]
    public async Task Two_that_are_selected_on_the_list_can_be_compared()
    {
        await using var test = await PageTest.StartAsync();
        var (one, other) = (await test.Grace.SubmitAsync(), await test.Grace.SubmitAsync());
        await test.Grace.SubmitAsync();
        var page = test.Open<PipelineList>("/pipelines");
        PageTest.Until(page, () => page.FindAll("li.line").Count.ShouldBe(3));
        await page.Find($"input[aria-label='Select {one}']").ChangeAsync(new() { Value = true });
        page.FindAll("a[href^='/compare']").ShouldBeEmpty();
        await page.Find($"input[aria-label='Select {other}']").ChangeAsync(new() { Value = true });
        var address = page.Find("a[href^='/compare']").GetAttribute("href")!;
        address.ShouldContain(one);
        address.ShouldContain(other);
    }
}
