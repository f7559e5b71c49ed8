using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Bunit;
using Grace.Engine.Access;
using Grace.Engine.Guardian;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Pages;
using Grace.Web.Components.Parts;
using Grace.Web.Live;

namespace Grace.Tests.Pages;

public class GuardianInboxTests
{
    static async Task<PageTest> StartAsync(Role role = Role.Admin) => (await PageTest.StartAsync(gate: _ => Task.CompletedTask, worker: true, role: role)).Offer<Inbox>();

    /// <summary>One that completed its research and waits for design to be approved.</summary>
    static async Task<string> WaitingAsync(PageTest test, string task = "Build it", string by = "bob")
    {
        var id = $"pipeline_{Guid.NewGuid():N}";
        var context = new JsonObject { ["approvals"] = new JsonArray("design") };
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Submit(task, context, [Phase.Research, Phase.Design], null, by), new(by));
        await test.Grace.UntilAsync(id, PipelineStatus.WaitingForGuardian);
        return id;
    }


    static IElement Button(IRenderedComponent<GuardianInbox> page, string text) => page.FindAll("button").First(b => b.TextContent.Trim() == text);

    static IEnumerable<string?> Tasks(IRenderedComponent<GuardianInbox> page) => page.FindAll("article").Select(a => a.GetAttribute("aria-label"));

    [Fact]
    public async Task An_empty_one_says_that_nothing_waits()
    {
        await using var test = await StartAsync();
        var page = test.Open<GuardianInbox>("/guardian");
        PageTest.Until(page, () => page.Markup.ShouldContain("Nothing waits for a person."));
    }

    [Fact]
    public async Task A_look_shows_what_led_here_and_what_comes_after()
    {
        await using var test = await StartAsync();
        var id = await WaitingAsync(test);
        var page = test.Open<GuardianInbox>("/guardian");
        PageTest.Until(page, () => page.Find("article .status").TextContent.ShouldBe("approval"));
        await Button(page, "Look and decide").ClickAsync(new());
        page.Find(".led-here tbody tr").TextContent.ShouldContain("completed");
        page.Find(".led-here a").GetAttribute("href").ShouldNotBeNull().ShouldStartWith($"/pipelines/{id}?artifact=");
        page.Find("article").TextContent.ShouldContain("Approved: design runs, and the pipeline is complete after it.");
        await Button(page, "Close").ClickAsync(new());
        page.FindAll(".led-here").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_look_that_the_database_does_not_answer_says_so_and_the_next_one_succeeds()
    {
        await using var test = await StartAsync();
        await WaitingAsync(test);
        var page = test.Open<GuardianInbox>("/guardian");
        PageTest.Until(page, () => Button(page, "Look and decide"));
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, "alter table grace.mt_events rename to gone");
        await Button(page, "Look and decide").ClickAsync(new());
        page.Find("article [role=alert]").TextContent.ShouldContain("does not answer");
        await TestPostgres.TamperAsync(test.Grace.ConnectionString, "alter table grace.gone rename to mt_events");
        await Button(page, "Look and decide").ClickAsync(new());
        page.FindAll("article [role=alert]").ShouldBeEmpty();
        page.Find(".led-here").ShouldNotBeNull();
    }

    [Fact]
    public async Task It_is_narrowed_by_kind_and_words_and_the_address_says_so()
    {
        await using var test = await StartAsync();
        await WaitingAsync(test, "Build a cart");
        await WaitingAsync(test, "Build a shop", by: "eve");
        var page = test.Open<GuardianInbox>("/guardian?q=EVE");
        PageTest.Until(page, () => Tasks(page).ShouldBe(["Build a shop"]));
        page.Find(".inbox-bar [role=status]").TextContent.ShouldContain("2 pipelines wait for a person, 1 of them here");
        await page.FindAll(".chip input")[1].ChangeAsync(new() { Value = true });
        test.Address.Uri.ShouldEndWith("kind=escalation");
        var escalations = test.Open<GuardianInbox>("/guardian?kind=escalation");
        PageTest.Until(escalations, () => escalations.Markup.ShouldContain("Nothing that waits matches."));
        await Button(escalations, "Clear filters").ClickAsync(new());
        test.Address.Uri.ShouldEndWith("/guardian");
    }

    [Fact]
    public async Task Many_are_approved_at_once_after_a_look_at_what_that_does_to_each()
    {
        await using var test = await StartAsync();
        var ids = new[] { await WaitingAsync(test), await WaitingAsync(test) };
        var page = test.Open<GuardianInbox>("/guardian");
        PageTest.Until(page, () => Tasks(page).Count().ShouldBe(2));
        await Button(page, "Select all").ClickAsync(new());
        await Button(page, "Approve…").ClickAsync(new());
        PageTest.Until(page, () => Button(page, "Approve 2 pipelines"));
        page.FindAll("dialog li > span.small").Select(says => says.TextContent).ShouldBe(["goes on: design runs", "goes on: design runs"]);
        await Button(page, "Approve 2 pipelines").ClickAsync(new());
        foreach (var id in ids)
            await test.Grace.UntilAsync(id, PipelineStatus.Completed);
    }

    [Fact]
    public async Task In_bulk_too_an_approval_is_of_what_was_looked_at_and_of_nothing_that_came_to_wait_since()
    {
        await using var test = await StartAsync();
        var id = await WaitingAsync(test);
        var bulk = test.Show<BulkDialog>(p => p.Add(b => b.Action, "approve").Add(b => b.Ids, [id]).Add(b => b.Approvals, new Dictionary<string, string?> { [id] = "another" }));
        PageTest.Until(bulk, () => bulk.Find("li").TextContent.ShouldContain("the approval another is not what waits"));
        bulk.FindAll("button").ShouldNotContain(b => b.TextContent.Contains("Approve 1"));
        (await test.Grace.Orchestrator.LoadAsync(id)).Status.ShouldBe(PipelineStatus.WaitingForGuardian);
    }

    [Fact]
    public async Task Rejecting_many_needs_a_reason()
    {
        await using var test = await StartAsync();
        var id = await WaitingAsync(test);
        var bulk = test.Show<BulkDialog>(p => p.Add(b => b.Action, "reject").Add(b => b.Ids, [id]));
        PageTest.Until(bulk, () => bulk.Find("li").TextContent.ShouldContain("fails before design; it can be retried"));
        PageTest.Until(bulk, () => bulk.FindAll("button").ShouldContain(b => b.TextContent.Contains("Reject 1")));
        await bulk.FindAll("button").First(b => b.TextContent.Contains("Reject 1")).ClickAsync(new());
        bulk.Find("[role=alert]").TextContent.ShouldContain("Say why");
        (await test.Grace.Orchestrator.LoadAsync(id)).Status.ShouldBe(PipelineStatus.WaitingForGuardian);
    }

    [Fact]
    public async Task Whoever_may_only_look_is_offered_no_decision()
    {
        await using var test = await StartAsync(Role.Viewer);
        await WaitingAsync(test);
        await WaitingAsync(test);
        var page = test.Open<GuardianInbox>("/guardian");
        PageTest.Until(page, () => Tasks(page).Count().ShouldBe(2));
        await Button(page, "Select all").ClickAsync(new());
        page.FindAll("button").Select(b => b.TextContent.Trim()).ShouldNotContain(text => text == "Approve…" || text == "Reject…" || text == "Resume…");
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("approval", "cart ADA", true)]
    [InlineData("approval", "cart bob", false)]
    [InlineData("escalation", null, false)]
    [InlineData("nonsense", "  ", true)]
    [InlineData(null, "design", true)]
    public void What_is_shown_is_of_the_kind_and_has_every_word(string? kind, string? search, bool shown) =>
        InboxView.Read(kind, search).Shows(new("pipeline_1", "Check the cart", "ada", 3, DateTimeOffset.UnixEpoch,
            new() { ["kind"] = "approval", ["phase"] = "design", ["reason"] = "Start design" })).ShouldBe(shown);
}
