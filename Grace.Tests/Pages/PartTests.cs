using System.Text;
using System.Text.Json.Nodes;
using Bunit;
using Bunit.TestDoubles;
using Grace.Engine.Access;
using Grace.Engine.Guardian;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Parts;
using Grace.Web.Live;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Grace.Tests.Pages;

public class PartTests
{
    [Fact]
    public void The_rail_tells_each_phases_state_in_words_and_not_by_colour_alone()
    {
        using var page = new BunitContext();
        var rail = page.Render<PhaseRail>(p => p.Add(r => r.Phases, [new("research", "completed", 1, 3.2), new("design", "running", 2, 61)]));
        rail.FindAll("li").Select(li => li.ClassName).ShouldBe(["completed", "running"]);
        rail.Markup.ShouldContain("attempt 2");
        rail.Markup.ShouldContain("61 s");
    }

    [Fact]
    public async Task What_is_typed_while_a_search_is_answered_stays()
    {
        await using var page = new BunitContext();
        page.Services.AddSingleton(TimeProvider.System);
        List<string?> asked = [];
        var box = page.Render<SearchField>(p => p.Add(f => f.Wanted, asked.Add));
        await box.Find("input").InputAsync("4987");
        asked.ShouldBe(["4987"]);
        var typing = box.Find("input").InputAsync("49876");
        box.Render(p => p.Add(f => f.Value, "4987"));
        box.Find("input").GetAttribute("value").ShouldBe("49876");
        await typing;
        asked.ShouldBe(["4987", "49876"]);
        box.Render(p => p.Add(f => f.Value, "49876"));
        box.Render(p => p.Add(f => f.Value, null));
        box.Find("input").GetAttribute("value").ShouldBeNullOrEmpty();
    }

    [Fact]
    public async Task The_Guardian_panel_offers_what_the_state_allows()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        using var page = Page(grace);
        Buttons(page, Given.APipeline()).ShouldBe(["Pause", "Override…", "Cancel…"]);
        Buttons(page, Given.APipeline().When(new PipelineCommand.Pause(null))).ShouldBe(["Resume", "Override…", "Retry…", "Cancel…"]);
        Buttons(page, Given.APipeline().When(new PipelineCommand.Escalate("help", []))).ShouldBe(["Resume", "Override…", "Retry…", "Reject…", "Cancel…"]);
        Buttons(page, Given.APipeline().When(new PipelineCommand.Cancel("no"))).ShouldBe(["Retry…"]);
        Buttons(page, Given.APipeline().UpTo(Phase.Deploy).PhaseDone()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pausing_from_the_panel_goes_the_Guardians_one_path()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        using var page = Page(grace);
        var state = await grace.Orchestrator.LoadAsync(await grace.SubmitAsync());
        var panel = page.Render<GuardianPanel>(p => p.Add(g => g.State, state));
        await panel.Find("input").InputAsync("let me look");
        await panel.FindAll("button")[0].ClickAsync(new());
        var after = await grace.Orchestrator.LoadAsync(state.Id);
        (after.Status, after.PauseReason).ShouldBe((PipelineStatus.Paused, "let me look"));
        // Busy until the page has seen the effect, which a new state brings.
        panel.FindAll("button").ShouldContain(b => b.TextContent.Contains("Pausing"));
        panel.Render(p => p.Add(g => g.State, after));
        panel.FindAll("button").ShouldNotContain(b => b.TextContent.Contains("Pausing"));
    }

    [Fact]
    public async Task An_override_shows_before_and_after_and_needs_a_reason()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        using var page = Page(grace);
        var state = await grace.Orchestrator.LoadAsync(await grace.SubmitAsync());
        var panel = page.Render<GuardianPanel>(p => p.Add(g => g.State, state));
        await Press(panel, "Override…");
        await panel.Find("textarea").InputAsync("{\"note\": ");
        panel.Find("[role=alert]").TextContent.ShouldStartWith("The JSON cannot be read");
        await panel.Find("textarea").InputAsync("{\"limits\": {\"minutes\": 0}}");
        panel.Find("[role=alert]").TextContent.ShouldBe("minutes is 0; it must be a number above 0.");
        await panel.Find("textarea").InputAsync("{\"note\": \"x\"}");
        await panel.FindAll("select")[0].ChangeAsync(new() { Value = "false" });
        panel.FindAll("tbody tr").Select(r => r.TextContent).ShouldBe(["note–\"x\"", "skip_tests–false"]);
        panel.FindAll("button").Single(b => b.TextContent.Trim() == "Override").HasAttribute("disabled").ShouldBeTrue();
        await panel.Find("input").InputAsync("as agreed");
        await Press(panel, "Override");
        var after = await grace.Orchestrator.LoadAsync(state.Id);
        (after.Context.ToJsonString(), after.Overrides.Single().Reason).ShouldBe(("{\"note\":\"x\",\"skip_tests\":false}", "as agreed"));
    }

    [Fact]
    public async Task An_approval_shows_its_evidence_and_is_given()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        using var page = Page(grace);
        var id = await grace.SubmitAsync();
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Override(new() { ["approvals"] = new JsonArray("research") }, "careful"), new("ada"));
        await grace.TakeAsync(1, "node/w");
        var panel = page.Render<GuardianPanel>(p => p.Add(g => g.State, grace.Orchestrator.LoadAsync(id).Result));
        panel.Markup.ShouldContain("Waiting for approval");
        await Press(panel, "Approve");
        (await grace.Orchestrator.LoadAsync(id)).Approvals.Keys.ShouldBe([Phase.Research]);
    }

    [Fact]
    public async Task An_escalation_shows_what_the_tool_said_which_tests_failed_and_what_was_tried()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        using var page = Page(grace);
        var evidence = JsonNode.Parse("""
            {
              "fingerprint": { "said": "door.c:3: error: the door has no key", "tests": ["a", "b", "c", "d", "e", "f", "g"] },
              "fixes": [{ "playbook": "fix_formatting", "version": 2, "success": false, "error": "The formatter is missing." }],
              "similar": [{ "quote": "Keys open doors.", "title": "Doors", "heading": "Keys" }]
            }
            """)!.AsObject();
        var state = Given.APipeline().When(new PipelineCommand.Escalate("The build failed.", evidence)).State;
        var panel = page.Render<GuardianPanel>(p => p.Add(g => g.State, state));
        panel.Find(".tool-said").TextContent.ShouldBe("door.c:3: error: the door has no key");
        panel.FindAll(".evidence > ul.mono li").Select(li => li.TextContent).ShouldBe(["a", "b", "c", "d", "e", "and 2 more"]);
        panel.Markup.ShouldContain("The formatter is missing.");
        panel.Find("blockquote").TextContent.ShouldBe("Keys open doors.Doors, Keys");
    }

    [Fact]
    public async Task Every_page_tells_how_many_pipelines_wait_for_a_person()
    {
        await using var test = await PageTest.StartAsync();
        using var waiting = new WaitingCount(test.Grace.Get<LogTail>(), test.Grace.Get<NpgsqlDataSource>(), TimeProvider.System);
        await waiting.StartAsync(default);
        var badge = test.With(waiting).Show<WaitingBadge>(_ => { });
        badge.Markup.ShouldBeEmpty();
        var id = await test.Grace.SubmitAsync();
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Escalate("help", []), new("system"));
        PageTest.Until(badge, () => badge.Find(".badge").TextContent.ShouldBe("1 waits"));
        await test.Grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Cancel("no"), new("ada"));
        PageTest.Until(badge, () => badge.Markup.ShouldBeEmpty());
        await waiting.StopAsync(default);
    }

    static Task Press(IRenderedComponent<GuardianPanel> panel, string button) =>
        panel.FindAll("button").Single(b => b.TextContent.Trim() == button).ClickAsync(new());

    [Fact]
    public async Task What_the_state_does_not_allow_is_said_on_the_page()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        using var page = Page(grace);
        var old = await grace.Orchestrator.LoadAsync(await grace.SubmitAsync());
        await grace.Orchestrator.ExecuteAsync(old.Id, new PipelineCommand.Cancel("gone"), new("eve"));
        var panel = page.Render<GuardianPanel>(p => p.Add(g => g.State, old));
        await panel.FindAll("button")[0].ClickAsync(new());
        panel.Find("[role=alert]").TextContent.ShouldContain("cancelled");
    }

    [Fact]
    public async Task An_artifact_cannot_bring_markup_or_script_of_its_own()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        using var page = Page(grace);
        var content = Content.Of(Encoding.UTF8.GetBytes(new JsonObject { ["markdown"] = "# Title\n<script>alert(1)</script>\n[click](javascript:alert(1)) ![x](data:text/html,1)" }.ToJsonString()));
        await using (var batch = grace.Get<NpgsqlDataSource>().CreateBatch())
        {
            batch.BatchCommands.Add(ContentShelf.Put(content));
            await batch.ExecuteNonQueryAsync();
        }
        var artifact = new ArtifactRef("a", "research_doc", Phase.Research, 1, content.Hash, 10, "application/json", [], [], Given.Noon);
        var view = page.Render<ArtifactView>(p => p.Add(a => a.Artifact, artifact));
        await view.Find("details").TriggerEventAsync("ontoggle", EventArgs.Empty);
        view.WaitForElement(".markdown h3").TextContent.ShouldBe("Title");
        view.FindAll("script").ShouldBeEmpty();
        view.FindAll("[href^='javascript'], [src^='data']").ShouldBeEmpty();
    }

    [Fact]
    public async Task Content_that_was_changed_behind_Graces_back_is_not_shown()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        using var page = Page(grace);
        await TestPostgres.TamperAsync(grace.ConnectionString, "insert into grace.contents values ('sha256:00', 2, '{}')");
        var view = page.Render<ArtifactView>(p => p.Add(a => a.Artifact, new ArtifactRef("a", "code", Phase.Implement, 1, "sha256:00000000000000000", 2, "application/json", [], [], Given.Noon) with { ContentHash = "sha256:00" + new string(' ', 20) }));
        await view.Find("details").TriggerEventAsync("ontoggle", EventArgs.Empty);
        view.WaitForElement("[role=alert]");
    }

    static List<string> Buttons(BunitContext page, Given pipeline) =>
        [.. page.Render<GuardianPanel>(p => p.Add(g => g.State, pipeline.State)).FindAll("button").Select(b => b.TextContent.Trim())];

    static BunitContext Page(TestGrace grace)
    {
        var page = new BunitContext();
        page.JSInterop.Mode = JSRuntimeMode.Loose;
        page.Services.AddSingleton(grace.Get<GuardianControl>()).AddSingleton(grace.Get<ContentShelf>()).AddSingleton(TimeProvider.System).AddSingleton(grace.Get<Vocabulary>());
        SignedIn.As(page, grace, "ada", Role.Admin);
        return page;
    }
}
