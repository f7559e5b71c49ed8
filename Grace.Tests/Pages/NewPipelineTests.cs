using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Bunit;
using Grace.Engine.Orchestration;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Pages;
using Grace.Web.Live;

namespace Grace.Tests.Pages;

public class NewPipelineTests
{
    static async Task<PageTest> StartAsync() =>
        (await PageTest.StartAsync()).Offer<Submissions>().Offer<SeniorDeveloper>().Offer<Vocabulary>();

    [Fact]
    public async Task A_form_from_an_address_starts_what_it_says()
    {
        await using var test = await StartAsync();
        var page = test.Open<NewPipeline>("/new?task=Build+a+note+service:+Note(text:+text)&phases=research,design&context=" + Uri.EscapeDataString("""{"language":"python","limits":{"minutes":5},"team":"blue"}"""));
        page.FindAll(".phase-choice input").Select(i => i.HasAttribute("checked")).ShouldBe([true, true, false, false, false]);
        page.Find("#why-test").TextContent.ShouldStartWith("Skipped: nothing is proven");
        await page.Find("form").SubmitAsync();
        PageTest.Until(page, () => test.Address.Uri.ShouldContain("/pipelines/pipeline_"));
        var state = await test.Grace.Orchestrator.LoadAsync(test.Address.Uri.Split('/')[^1]);
        (state.Task, state.RequestedBy).ShouldBe(("Build a note service: Note(text: text)", "ada"));
        JsonNode.DeepEquals(state.Context, JsonNode.Parse("""{"language":"python","limits":{"minutes":5},"team":"blue"}""")).ShouldBeTrue(state.Context.ToJsonString());
        state.Phases.Select(p => p.Phase).ShouldBe([Phase.Research, Phase.Design]);
        // The same form again is the same pipeline.
        await page.Find("form").SubmitAsync();
        (await test.Grace.Get<PipelineQueries>().ListAsync(new())).Total.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_field_and_nothing_is_lost()
    {
        await using var test = await StartAsync();
        var page = test.Open<NewPipeline>("/new");
        await page.Find("textarea").InputAsync("Build Note(text: prose)");
        await page.FindAll("input[inputmode=decimal]").Single().ChangeAsync("soon");
        await page.Find("form").SubmitAsync();
        page.Find("[role=alert]").TextContent.ShouldContain("Nothing was started.");
        Field(page, "At most minutes").QuerySelector(".problem")!.TextContent.ShouldContain("\"soon\"");
        await page.FindAll("input[inputmode=decimal]").Single().ChangeAsync("");
        await page.Find("form").SubmitAsync();
        Field(page, "Task").QuerySelector(".problem")!.TextContent.ShouldContain("Note.text: 'prose' is not a known type");
        page.Find("textarea").GetAttribute("aria-invalid").ShouldBe("true");
        page.Find("textarea").GetAttribute("value").ShouldBe("Build Note(text: prose)");
        (await test.Grace.Get<PipelineQueries>().ListAsync(new())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_plan_is_shown_edited_and_recorded_with_the_pipeline()
    {
        await using var test = await StartAsync();
        var page = test.Open<NewPipeline>("/new?task=Build+a+login+service:+Login(name:+string)");
        await Press(page, "Plan first");
        PageTest.Until(page, () => page.Find(".plan .risks").TextContent.ShouldContain("no access control is built"));
        page.Find("#why-design").TextContent.ShouldContain("1 resource (Login)");
        page.FindAll(".phase-choice input").Count(i => i.HasAttribute("checked")).ShouldBe(5);
        await page.FindAll(".phase-choice input")[4].ChangeAsync(false);
        await page.FindAll(".criteria input")[2].ChangeAsync(false);
        await page.FindAll(".plan .add input")[0].InputAsync("Nobody answers for it.");
        await page.FindAll(".plan .add button")[0].ClickAsync(new());
        await page.FindAll(".plan .add input")[1].InputAsync("The page is blue.");
        await page.FindAll(".plan .add button")[1].ClickAsync(new());
        await page.Find("form").SubmitAsync();
        page.Find(".plan .problem").TextContent.ShouldContain("'The page is blue.' cannot be tested without a model");
        await page.FindAll(".criteria input")[^1].ChangeAsync(false);
        await page.Find("form").SubmitAsync();
        PageTest.Until(page, () => test.Address.Uri.ShouldContain("/pipelines/pipeline_"));
        var state = await test.Grace.Orchestrator.LoadAsync(test.Address.Uri.Split('/')[^1]);
        state.Has(Phase.Deploy).ShouldBeFalse();
        state.Plan!["risks"]!.AsArray().Last()!["risk"]!.ToString().ShouldBe("Nobody answers for it.");
        var criteria = state.Context["acceptance_criteria"]!.AsArray().Select(c => c!.ToString()).ToList();
        criteria.ShouldNotContain(c => c.StartsWith("An address that does not exist"));
        criteria.ShouldContain(c => c.StartsWith("GET /health"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_settled_in_the_plan_is_not_asked_again(bool settled)
    {
        await using var test = await StartAsync();
        var page = test.Open<NewPipeline>("/new?task=Write+a+compiler");
        await Press(page, "Plan first");
        PageTest.Until(page, () => page.Find(".plan ul button[aria-label*='only a data service would come']"));
        if (settled)
            await page.Find(".plan ul button[aria-label*='only a data service would come']").ClickAsync(new());
        await page.Find("form").SubmitAsync();
        PageTest.Until(page, () => test.Address.Uri.ShouldContain("/pipelines/pipeline_"));
        ((await test.Grace.Orchestrator.LoadAsync(test.Address.Uri.Split('/')[^1])).Question is null).ShouldBe(settled);
    }

    [Fact]
    public async Task A_plan_for_another_task_is_not_started_and_the_page_says_so()
    {
        await using var test = await StartAsync();
        var page = test.Open<NewPipeline>("/new?task=Build+Note(text:+text)");
        await Press(page, "Plan first");
        PageTest.Until(page, () => page.Find(".plan"));
        await page.Find("textarea").InputAsync("Build Order(text: text)");
        page.Find(".go [role=status]").TextContent.ShouldContain("plan again");
        await page.Find("form").SubmitAsync();
        page.Find("[role=alert]").TextContent.ShouldContain("plan.task");
        await Press(page, "Drop the plan");
        await page.Find("form").SubmitAsync();
        PageTest.Until(page, () => test.Address.Uri.ShouldContain("/pipelines/pipeline_"));
    }

    [Fact]
    public void Every_context_goes_through_the_form_unchanged()
    {
        const string context = """{"language":"python","framework":"flask","deployment_environment":"local","lint":"off","limits":{"minutes":2.5,"attempts":3},"documents":["a.md","b.md"],"sources":["rag","web"],"approvals":["design","deploy"],"playbooks":{"test":"run_tests"},"skip_tests":true,"custom_validation":true,"nested":{"a":[1,null]},"plain":"text","number":7}""";
        List<FieldError> errors = [];
        var draft = Draft.Read("x", null, null, context, errors);
        JsonNode.DeepEquals(draft.Context(errors), JsonNode.Parse(context)).ShouldBeTrue(draft.Context([]).ToJsonString());
        errors.ShouldBeEmpty();
        draft.Free.Select(f => f.Key).ShouldBe(["nested", "plain", "number"]);
        Draft.Read("x", "research,bake", null, "[1]", errors).Phases.ShouldBe([Phase.Research]);
        errors.Select(e => e.Field).ShouldBe(["phases", "context"]);
    }

    static Task Press(IRenderedComponent<NewPipeline> page, string button) =>
        page.FindAll("button").Single(b => b.TextContent.Trim() == button).ClickAsync(new());

    static IElement Field(IRenderedComponent<NewPipeline> page, string label) =>
        page.FindAll("label.field").Single(l => l.TextContent.TrimStart().StartsWith(label, StringComparison.Ordinal));
}
