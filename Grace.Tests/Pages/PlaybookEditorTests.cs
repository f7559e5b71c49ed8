using Bunit;
using Grace.Engine.Learning;
using Grace.Engine.Playbooks;
using Grace.Tests.Support;
using Grace.Web.Bench;
using Grace.Web.Components.Pages;
using Grace.Web.Components.Parts;

namespace Grace.Tests.Pages;

public class PlaybookEditorTests
{
    const string Id = StoryMaterial.PlaybookId;
    static readonly string Broken = StoryMaterial.Playbook.Replace("run_tests\n", "run_tets\n");

    static async Task<PageTest> StartAsync()
    {
        var test = (await PageTest.StartAsync()).Offer<PlaybookRegistry>().Offer<PlaybookRates>().Offer<PlaybookSources>().Offer<LearningOptions>();
        await PublishAsync(test, StoryMaterial.Playbook);
        return test;
    }

    [Fact]
    public async Task What_is_wrong_stands_in_the_list_and_is_marked_at_its_line_and_cannot_be_published()
    {
        await using var test = await StartAsync();
        var page = await EditAsync(test);
        Marked(test).ShouldBeEmpty();
        await page.Find("textarea").InputAsync(Broken);
        page.Find(".feed li").TextContent.ShouldStartWith("line 17");
        Marked(test).ShouldHaveSingleItem().Message.ShouldContain("there is no tool 'run_tets'");
        Button(page, "Publish").HasAttribute("disabled").ShouldBeTrue();
        await page.Find(".feed button").ClickAsync(new());
        test.Script.Invocations["graceEditors.toLine"][^1].Arguments[1].ShouldBe(17L);
        await page.Find("[data-check]").ClickAsync(new());
        test.Script.Invocations["graceEditors.toLine"].Count.ShouldBe(2);

        await page.Find("textarea").InputAsync(StoryMaterial.Playbook);
        page.FindAll(".feed").ShouldBeEmpty();
        Marked(test).ShouldBeEmpty();
        await page.Find("[data-check]").ClickAsync(new());
        test.Script.Invocations["graceEditors.toButton"].Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_typed_outlives_redraws_other_versions_and_a_closed_panel_and_is_published_whole()
    {
        await using var test = await StartAsync();
        var page = await EditAsync(test);
        var typed = StoryMaterial.Playbook + "# mine\n";
        await page.Find("textarea").InputAsync(typed);
        page.FindAll(".playbook-editor .status.paused").ShouldBeEmpty();
        await PublishAsync(test, StoryMaterial.Playbook.Replace("Generates", "Bakes"));
        PageTest.Until(page, () => page.Find(".playbook-editor .status.paused").TextContent.ShouldContain("publishing yours replaces it"));
        await Summary(page).ClickAsync(new());
        page.Find("details").HasAttribute("open").ShouldBeFalse();
        page.Render(p => p.Add(x => x.Id, Id));
        page.Find("textarea").GetAttribute("value").ShouldBe(typed);
        // The script is asked for an editor once: nothing of all this made a new one.
        test.Script.Invocations["graceEditors.edit"].Count.ShouldBe(1);
        test.Script.Invocations["graceEditors.close"].Count.ShouldBe(0);

        await Button(page, "Publish").ClickAsync(new());
        PageTest.Until(page, () => page.FindAll("textarea").ShouldBeEmpty());
        test.Grace.Get<PlaybookRegistry>().Now.InForce.Find(Id)!.Text.ShouldBe(typed);
        test.Script.Invocations["graceEditors.recorded"].Count.ShouldBe(1);
        PageTest.Until(page, () => test.Script.Invocations["graceEditors.close"].Count.ShouldBe(1));
    }

    [Fact]
    public async Task A_difference_too_long_for_the_editor_stays_as_text_and_says_so()
    {
        await using var test = await PageTest.StartAsync();
        var view = test.Show<DiffView>(p => p.Add(v => v.Text, "@@ -1,1 +1,1 @@\n-a\n+b\n").Add(v => v.Language, "yaml"));
        test.Script.Invocations["graceEditors.showDiff"][^1].Arguments[1].ShouldBe("yaml");
        view.Find(".diff .removed").TextContent.ShouldBe("-a");
        view.Render(p => p.Add(v => v.Text, "@@ -0,0 +1,1 @@\n+" + new string('x', DiffView.Most)));
        view.Markup.ShouldContain($"The first {DiffView.Most} of ");
        view.Find(".diff").TextContent.Length.ShouldBeLessThanOrEqualTo(DiffView.Most);
        view.Render(p => p.Add(v => v.Text, ""));
        view.Markup.ShouldContain("The texts are the same.");
        test.Script.Invocations["graceEditors.close"].Count.ShouldBe(2);
        test.Script.Invocations["graceEditors.showDiff"].Count.ShouldBe(1);
    }

    static async Task<IRenderedComponent<PlaybookPage>> EditAsync(PageTest test)
    {
        var page = test.Show<PlaybookPage>(p => p.Add(x => x.Id, Id));
        await Summary(page).ClickAsync(new());
        return page;
    }

    static AngleSharp.Dom.IElement Summary(IRenderedComponent<PlaybookPage> page) => page.FindAll("summary").Single(s => s.TextContent == "Edit");

    static AngleSharp.Dom.IElement Button(IRenderedComponent<PlaybookPage> page, string text) => page.FindAll("button").Single(b => b.TextContent.Trim() == text);

    static IReadOnlyList<PlaybookProblem> Marked(PageTest test) => (IReadOnlyList<PlaybookProblem>)test.Script.Invocations["graceEditors.mark"][^1].Arguments[1]!;

    static async Task PublishAsync(PageTest test, string yaml)
    {
        var (playbook, problems) = test.Grace.Get<PlaybookSources>().Check(yaml, "playbook.yaml", PlaybookSource.Api, []);
        problems.ShouldBeEmpty();
        await test.Grace.Get<PlaybookRegistry>().ExecuteAsync(Id, s => PlaybookDecisions.Publish(s, playbook!, null), playbook, new("eve"), default);
    }
}
