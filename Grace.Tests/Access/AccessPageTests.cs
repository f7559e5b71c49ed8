using Bunit;
using Grace.Engine.Access;
using Grace.Engine.Guardian;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Pages;
using Grace.Web.Components.Parts;

namespace Grace.Tests.Access;

/// <summary>The access page, and what pages look like to those who may less.</summary>
public class AccessPageTests
{
    [Fact]
    public async Task The_owner_makes_a_key_sees_it_once_and_revokes_it()
    {
        await using var test = await PageTest.StartAsync();
        var page = test.Open<AccessPage>("/access");
        PageTest.Until(page, () => page.Markup.ShouldContain("No key yet."));
        page.Markup.ShouldContain("One owner");
        await page.Find("form[aria-label='New key'] input").ChangeAsync("ci");
        await page.Find("form[aria-label='New key'] select").ChangeAsync("operator");
        await page.Find("form[aria-label='New key']").SubmitAsync();
        PageTest.Until(page, () => page.Find("li.access b").TextContent.ShouldBe("ci"));
        var secret = page.Find(".secret code").TextContent.Trim();
        (await test.Grace.Get<ApiKeys>().FindAsync(secret))!.ShouldSatisfyAllConditions(k => k.Role.ShouldBe(Role.Operator), k => k.CreatedBy.ShouldBe("ada"));
        await page.Find("button:contains('I have it')").ClickAsync(new());
        page.Markup.ShouldNotContain(secret);

        await page.Find("button[aria-label='Revoke the key ci']").ClickAsync(new());
        page.Find("dialog").TextContent.ShouldContain("cannot be brought back");
        await page.Find("dialog button:contains('Revoke it')").ClickAsync(new());
        PageTest.Until(page, () => page.Markup.ShouldContain("No key yet."));
        (await test.Grace.Get<ApiKeys>().FindAsync(secret)).ShouldBeNull();
        (await test.Grace.Get<EventLog>().ReadStreamAsync(AccessEvents.Stream)).Select(e => e.Type).ShouldBe(["access.key_created", "access.key_revoked"]);
    }

    [Fact]
    public async Task A_name_that_makes_no_sense_is_said_to_be_so()
    {
        await using var test = await PageTest.StartAsync();
        var page = test.Open<AccessPage>("/access");
        PageTest.Until(page, () => page.Find("form[aria-label='New key']"));
        await page.Find("form[aria-label='New key'] input").ChangeAsync("two words");
        await page.Find("form[aria-label='New key']").SubmitAsync();
        PageTest.Until(page, () => page.Find("[role=alert]").TextContent.ShouldContain("'two words'"));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Guardian)]
    public async Task Whoever_is_no_administrator_finds_a_calm_page_with_what_they_may(Role role)
    {
        await using var test = await PageTest.StartAsync(role: role);
        var page = test.Open<AccessPage>("/access");
        PageTest.Until(page, () => page.Find(".calm").TextContent.ShouldContain("for administrators"));
        page.FindAll("form[aria-label='New key'], li.access").ShouldBeEmpty();
        page.Find("section[aria-label='You']").TextContent.ShouldContain(role.Name());
        page.FindAll("tbody td.you .yes").Count.ShouldBe(Rights.Of(role).Count());
    }

    [Fact]
    public async Task A_viewer_looks_and_is_told_who_may_do_what()
    {
        await using var test = await PageTest.StartAsync(role: Role.Viewer);
        var panel = test.Show<GuardianPanel>(p => p.Add(g => g.State, Given.APipeline().Taken().State));
        panel.FindAll("button, input").ShouldBeEmpty();
        panel.Find(".look-only").TextContent.ShouldBe("You may look, but not pause and resume pipelines (operators may); nor override pipelines or cancel pipelines (guardians may).");
    }

    [Fact]
    public async Task An_operator_pauses_and_does_not_override()
    {
        await using var test = await PageTest.StartAsync(role: Role.Operator);
        var panel = test.Show<GuardianPanel>(p => p.Add(g => g.State, Given.APipeline().Taken().State));
        panel.FindAll("button").Select(b => b.TextContent.Trim()).ShouldBe(["Pause"]);
        panel.Find(".look-only").TextContent.ShouldNotContain("pause");
    }

    [Fact]
    public async Task A_viewer_who_wants_to_start_a_pipeline_is_told_who_may()
    {
        await using var test = await PageTest.StartAsync(role: Role.Viewer);
        var page = test.Offer<SeniorDeveloper>().Offer<Submissions>().Open<NewPipeline>("/new");
        page.Find(".calm").TextContent.ShouldContain("You may look, but not submit pipelines (operators may).");
        page.FindAll("form, button").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_allowed_when_the_page_was_opened_is_asked_again_when_it_is_done()
    {
        await using var test = await PageTest.StartAsync(role: Role.Guardian);
        var id = await test.Grace.SubmitAsync();
        var before = await test.Grace.Orchestrator.LoadAsync(id);
        var panel = test.Show<GuardianPanel>(p => p.Add(g => g.State, before));
        var key = (await test.Grace.Get<ApiKeys>().ListAsync()).Single();
        await test.Grace.Get<ApiKeys>().RevokeAsync(key.Id, "eve");
        await panel.Find("button:contains('Pause')").ClickAsync(new());
        PageTest.Until(panel, () => panel.Find("[role=alert]").TextContent.ShouldContain("access has ended"));
        (await test.Grace.Orchestrator.LoadAsync(id)).Version.ShouldBe(before.Version);
        await Should.ThrowAsync<NotAllowed>(() => test.Grace.Get<GuardianControl>().ExecuteAsync(new(id, "cancel", "so"), test.Issuer));
    }

    [Fact]
    public async Task In_bulk_too_each_command_is_authorised_and_the_list_offers_only_what_one_may()
    {
        await using var test = await PageTest.StartAsync(role: Role.Viewer);
        var id = await test.Grace.SubmitAsync();
        test.Offer<PipelineQueries>();
        var list = test.Open<PipelineList>("/pipelines");
        PageTest.Until(list, () => list.Find("button:contains('Select all')"));
        list.Find(".look-only").TextContent.ShouldContain("pause");
        await list.Find("button:contains('Select all')").ClickAsync(new());
        PageTest.Until(list, () => list.Markup.ShouldContain("1 selected"));
        list.FindAll("button:contains('Pause…'), button:contains('Resume…'), button:contains('Cancel…')").ShouldBeEmpty();
        var bulk = test.Show<BulkDialog>(p => p.Add(b => b.Action, "cancel").Add(b => b.Ids, [id]));
        PageTest.Until(bulk, () => bulk.Find("[role=alert]").TextContent.ShouldContain("'cancel'"));
    }
}
