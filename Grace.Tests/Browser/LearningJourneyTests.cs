using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Hosting;
using Grace.Tests.Support;
using Grace.Tests.Web;
using Grace.Web.Bench;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>Playbooks, learning and the Guardian's inbox as a person uses them, against a real server.</summary>
public class LearningJourneyTests(RunningServer running) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_failure_waits_in_the_inbox_its_mission_is_approved_and_a_playbook_is_changed()
    {
        using var folder = new TestFolder();
        using var repository = new TestFolder();
        StoryMaterial.WriteTeamFiles(new DataFolder(folder.Path));
        await StoryMaterial.WriteRepositoryAsync(repository.Path);
        await using var server = await ServerProcess.StartAsync(folder.Path, await TestPostgres.NewDatabaseAsync());
        for (var n = 0; n < 3; n++)
        {
            var answer = await server.PostAsync("execute", new JsonObject { ["task"] = "Test the generated code", ["context"] = new JsonObject { ["generated"] = true }, ["phases"] = new JsonArray("test"), ["repository"] = repository.Path });
            var id = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["pipeline_id"]!.ToString();
            await server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.escalated");
        }
        await server.FeedUntilAsync("type=learning.mission.proposed", _ => true);
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("i");
        await Expect(page.GetByText("3 pipelines wait for a person, oldest first.")).ToBeVisibleAsync();
        // By keys alone: the first in the queue, looked at, rejected with a reason.
        await PressAsync(page, "j", "o");
        await Expect(page.GetByText("Resumed or retried: test runs again")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("r");
        await Expect(page.GetByLabel("Reason")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("the generator is being mended");
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty();
        await PageShots.ShootAsync(page, "guardian");
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, reject it" }).ClickAsync();
        await Expect(page.GetByText("2 pipelines wait for a person, oldest first.")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("e");
        await page.GetByRole(AriaRole.Link, new() { Name = "protocol" }).ClickAsync();
        await Expect(page.GetByText("waiting for approval")).ToBeVisibleAsync();
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty();
        await PageShots.ShootAsync(page, "mission");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve the trial…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
        await Expect(page.GetByText("on trial")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = StoryMaterial.PlaybookId }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "on trial" })).ToContainTextAsync("50 % of the pipelines, against version 1");
        await page.Locator("tr", new() { HasText = "on trial" }).GetByRole(AriaRole.Button, new() { Name = "Roll back…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Say why: the reason is kept in the log.")).ToBeVisibleAsync();
        await page.GetByLabel("Reason (needed)").FillAsync("not now");
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }).ClickAsync();
        await Expect(page.GetByText("rolled back").First).ToBeVisibleAsync();

        await WriteAsync(page, server);
        await LookAtDifferenceAsync(page);
        await page.Context.DisposeAsync();
    }

    /// <summary>In the editor: broken, mended by hand while somebody else publishes, and published at once after the last key.</summary>
    static async Task WriteAsync(IPage page, ServerProcess server)
    {
        await page.GetByText("Edit", new() { Exact = true }).ClickAsync();
        var text = page.GetByRole(AriaRole.Textbox, new() { Name = "YAML" });
        await Expect(page.Locator(".yaml-host .view-line").First).ToBeVisibleAsync();
        await text.PressAsync("Control+a");
        await text.EvaluateAsync("""
            (area, text) => {
              const clipboardData = new DataTransfer();
              clipboardData.setData('text/plain', text);
              area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
            }
            """, StoryMaterial.Playbook.Replace("run_tests\n", "run_tets\n"));
        await Expect(page.GetByText("there is no tool 'run_tets'")).ToBeVisibleAsync();
        await Expect(page.Locator(".squiggly-error")).Not.ToHaveCountAsync(0);
        (await page.EvaluateAsync<int>("monaco.editor.getModelMarkers({})[0].startLineNumber")).ShouldBe(17);
        await page.GetByRole(AriaRole.Button, new() { Name = "line 17" }).ClickAsync();
        await Expect(text).ToBeFocusedAsync();
        await PressAsync(page, "ArrowDown", "End", "Backspace", "Backspace");
        await page.Keyboard.TypeAsync("sts");
        await Expect(page.GetByText("It can be used.")).ToBeVisibleAsync();
        await Expect(page.Locator(".squiggly-error")).ToHaveCountAsync(0);
        // What the framework does when a link is followed before the page is live.
        await page.EvaluateAsync("document.documentElement.removeAttribute('data-theme')");
        foreach (var scheme in new[] { "light", "dark" })
        {
            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", scheme);
            await Expect(page.Locator($".yaml-host .monaco-editor.{(scheme == "dark" ? "vs-dark" : "vs")}").First).ToBeVisibleAsync();
            (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty($"editor, {scheme}");
            await PageShots.ShootAsync(page, $"playbook-edit-{scheme}");
            await page.EvaluateAsync("grace.toggleTheme()");
        }

        (await server.PostAsync("playbooks", new JsonObject { ["yaml"] = StoryMaterial.Playbook.Replace("Generates code", "Bakes code") })).EnsureSuccessStatusCode();
        await Expect(page.GetByText("Another version came into force since you began")).ToBeVisibleAsync();
        // Neither the text nor the place in it has moved.
        await page.Keyboard.TypeAsync(" # by hand");
        await PressAsync(page, "Control+s");
        var publish = page.GetByRole(AriaRole.Button, new() { Name = "Publish" });
        await Expect(publish).ToBeFocusedAsync();
        await text.FocusAsync();
        await PressAsync(page, "Escape", "Tab");
        await Expect(text).Not.ToBeFocusedAsync();
        await text.FocusAsync();
        await PressAsync(page, "Control+End");
        await page.Keyboard.TypeAsync("\n# the last word");
        await publish.ClickAsync();
        await Expect(page.Locator(".yaml-host")).ToHaveCountAsync(0);
        var yaml = (await server.GetAsync($"playbooks/{StoryMaterial.PlaybookId}"))["yaml"]!.ToString();
        yaml.ShouldContain("    tool: run_tests # by hand\n");
        yaml.TrimEnd().ShouldEndWith("# the last word");
        (await page.EvaluateAsync<int>("sessionStorage.length")).ShouldBe(0);
        (await page.EvaluateAsync<int>("monaco.editor.getModels().length")).ShouldBe(0);
    }

    /// <summary>The newest version against the first: side by side where there is room, in one column on a phone.</summary>
    static async Task LookAtDifferenceAsync(IPage page)
    {
        await page.SetViewportSizeAsync(1400, 900);
        await page.Locator("table.versions td button").First.ClickAsync();
        await page.GetByLabel("Compare with").SelectOptionAsync("1");
        var diff = page.Locator(".monaco-diff-editor");
        await Expect(diff.Locator(".modified .line-insert").First).ToBeAttachedAsync();
        await Expect(diff).ToContainTextAsync("# the last word".Replace(' ', '\u00a0'));
        await Expect(diff).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("side-by-side"));
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty("difference, wide, light");
        await PageShots.ShootAsync(page, "playbook-diff-1400");
        await page.SetViewportSizeAsync(400, 900);
        await page.EvaluateAsync("grace.toggleTheme()");
        await Expect(page.Locator(".monaco-diff-editor:not(.side-by-side).vs-dark")).ToHaveCountAsync(1);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(400);
        (await Axe.SeriousFindingsAsync(page)).ShouldBeEmpty("difference, narrow, dark");
        await PageShots.ShootAsync(page, "playbook-diff-400");
        await page.GetByLabel("Compare with").SelectOptionAsync("0");
        await Expect(diff).ToHaveCountAsync(0);
        await Expect(page.Locator("pre.mono", new() { HasText = "the last word" })).ToBeVisibleAsync();
        (await page.EvaluateAsync<int>("monaco.editor.getModels().length")).ShouldBe(0);
    }

    [Fact]
    public async Task Without_the_editor_s_scripts_a_playbook_is_written_as_plain_text_and_is_back_after_a_reload()
    {
        var page = await Support.Browser.NewPageAsync(new() { ViewportSize = new() { Width = 400, Height = 900 } });
        await page.RouteAsync("**/_content/BlazorMonaco/**", route => route.AbortAsync());
        await page.GotoAsync(running.Server.LoginLink);
        await page.GotoAsync($"{running.Server.Address}/playbooks/new");
        var text = page.GetByLabel("YAML");
        await text.FillAsync(StoryMaterial.Playbook.Replace("run_tests\n", "run_tets\n"));
        await page.GetByRole(AriaRole.Button, new() { Name = "line 17" }).ClickAsync();
        await Expect(text).ToBeFocusedAsync();
        (await text.EvaluateAsync<string>("t => t.value.slice(t.selectionStart, t.selectionEnd)")).ShouldBe("  - id: tests");
        await page.ReloadAsync();
        await Expect(text).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("run_tets"));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "line 17" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Throw it away" }).ClickAsync();
        await Expect(text).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^id: my_playbook"));
        await Expect(page.GetByText("It can be used.")).ToBeVisibleAsync();
        (await page.EvaluateAsync<bool>("!!window.monaco")).ShouldBeFalse();
        await page.Context.DisposeAsync();
    }

    static async Task PressAsync(IPage page, params string[] keys)
    {
        foreach (var key in keys)
            await page.Keyboard.PressAsync(key);
    }

    [Theory]
    [InlineData("playbooks", "/playbooks")]
    [InlineData("playbook", "/playbooks/run_tests")]
    [InlineData("playbook-new", "/playbooks/new")]
    [InlineData("learning", "/learning")]
    [InlineData("guardian-empty", "/guardian")]
    public async Task The_pages_fit_and_are_accessible(string name, string path)
    {
        await PageShots.LookAsync(running.Server, name, path, async page => await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync());
    }
}
