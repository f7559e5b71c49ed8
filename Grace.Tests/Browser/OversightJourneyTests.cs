using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Tests.Support;
using Grace.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>One person decides, another looks on from a narrow screen; neither ever reloads.</summary>
public class OversightJourneyTests(RunningServer running) : IClassFixture<RunningServer>
{
    readonly List<IPage> pages = [];

    [Fact]
    public async Task Two_people_follow_a_pipeline_from_its_start_to_its_approval_and_the_verified_log()
    {
        var server = running.Server;
        // No slot is taken, so that the pipeline stays where it is put until somebody has decided.
        var node = Uri.EscapeDataString((await server.GetAsync("jobs/nodes"))["nodes"]![0]!["id"]!.ToString());
        (await server.PostAsync($"jobs/nodes/{node}/pause", new JsonObject { ["reason"] = "one thing at a time" })).EnsureSuccessStatusCode();

        var ada = await SignInAsync(1400);
        var context = Uri.EscapeDataString("""{"approvals":["design"]}""");
        await ada.GotoAsync($"{server.Address}/new?task={Uri.EscapeDataString("Build a note service: Note(text: text)")}&phases=research,design&context={context}");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await Expect(ada).ToHaveURLAsync(new Regex("/pipelines/pipeline_"));
        var bob = await SignInAsync(400);
        await bob.GotoAsync(ada.Url);
        await BothSeeAsync("queued");

        await ada.GetByLabel("Reason").FillAsync("let me look first");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await BothSeeAsync("paused");

        await ada.GetByLabel("Reason").FillAsync("the smaller of the two");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Override…" }).ClickAsync();
        await ada.GetByLabel("Other keys, as JSON").FillAsync("""{"limits": {"minutes": 30}}""");
        await Expect(ada.Locator(".override td").First).ToHaveTextAsync("limits");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Override", Exact = true }).ClickAsync();
        foreach (var page in pages)
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "agent.pipeline.overridden" })).ToBeVisibleAsync();

        await ada.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();
        await BothSeeAsync("queued");
        (await server.PostAsync($"jobs/nodes/{node}/resume", new JsonObject())).EnsureSuccessStatusCode();
        await BothSeeAsync("waiting for guardian");
        await bob.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
        await BothSeeAsync("completed");

        await ada.Locator("details summary", new() { HasText = "design_spec" }).First.ClickAsync();
        await Expect(ada.Locator(".markdown").GetByText("Acceptance criteria").First).ToBeVisibleAsync();
        await ada.GetByRole(AriaRole.Button, new() { Name = "Verify this chain" }).ClickAsync();
        await Expect(ada.GetByText("✓ chain whole")).ToBeVisibleAsync();
        await PageShots.ShootAsync(ada, "oversight");
        await PageShots.ShootAsync(bob, "oversight-narrow");
        await Task.WhenAll(pages.Select(page => page.Context.DisposeAsync().AsTask()));
    }

    async Task<IPage> SignInAsync(int width)
    {
        pages.Add(await Support.Browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 } }));
        await pages[^1].GotoAsync(running.Server.LoginLink);
        await Expect(pages[^1].GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        return pages[^1];
    }

    async Task BothSeeAsync(string status)
    {
        foreach (var page in pages)
            await Expect(page.Locator(".head > .status")).ToHaveTextAsync(status);
    }
}
