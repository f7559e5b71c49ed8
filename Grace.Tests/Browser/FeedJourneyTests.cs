using System.Net;
using System.Net.Sockets;
using Grace.Tests.Support;
using Grace.Tests.Webhooks;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Browser;

/// <summary>A browser's own EventSource, and the webhooks' page.</summary>
public class FeedJourneyTests
{
    [Fact]
    public async Task An_EventSource_misses_and_doubles_nothing_when_the_server_dies_and_comes_back()
    {
        using var data = new TestFolder();
        var (database, urls) = (await TestPostgres.NewDatabaseAsync(), $"http://127.0.0.1:{FreePort()}");
        var server = await ServerProcess.StartAsync(data.Path, database, urls);
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(server.LoginLink);
        // A page of Grace's own would load itself anew when the server is back.
        await page.GotoAsync($"{server.Address}/openapi/v1.json");
        var first = await server.SubmitAsync("Look around", "research");
        await page.EvaluateAsync("""
            () => {
              window.seen = [];
              new EventSource('/api/agent-pipeline/events').onmessage = m => window.seen.push({ id: m.lastEventId, ...JSON.parse(m.data) });
            }
            """);
        await SeenAsync(page, first);
        await server.KillAsync();
        server = await ServerProcess.StartAsync(data.Path, database, urls);
        var second = await server.SubmitAsync("Look around again", "research");
        await SeenAsync(page, second);

        var all = await server.FeedUntilAsync("after=0", e => e["event_type"]!.ToString() == "agent.pipeline.completed" && e["pipeline_id"]!.ToString() == second);
        (await page.EvaluateAsync<string[]>("window.seen.map(e => e.id)")).ShouldBe(all.Select(e => e["position"]!.ToString()));
        await page.Context.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_is_registered_fails_is_seen_and_sent_again()
    {
        using var data = new TestFolder();
        await using var server = await ServerProcess.StartAsync(data.Path, await TestPostgres.NewDatabaseAsync());
        await using var receiver = await Receiver.StartAsync();
        var page = await Support.Browser.NewPageAsync();
        await page.GotoAsync(server.LoginLink);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("w");
        await page.GetByLabel("Address").FillAsync(receiver.Url);
        await page.GetByLabel("Types").FillAsync("agent.pipeline.*");
        await page.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();
        await Expect(page.Locator("#webhook-secret")).ToContainTextAsync("whsec_");
        await page.GetByRole(AriaRole.Button, new() { Name = "I have kept it" }).ClickAsync();

        receiver.Answer = (_, http) => Receiver.Status(http, 503);
        await server.SubmitAsync("Look around", "research");
        await Expect(page.GetByText("not taken, trying again")).ToBeVisibleAsync();
        receiver.Answer = (_, http) => Receiver.Status(http, 200);
        await receiver.UntilAsync(c => c.Type == "agent.pipeline.completed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Deliveries" }).ClickAsync();
        await Expect(page.Locator("li.delivery")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).First.ClickAsync();
        await receiver.NextAsync();
        await Expect(page.Locator("li.delivery")).ToHaveCountAsync(3);
        await PageShots.LookAsync(page, "webhooks");
        await page.Context.DisposeAsync();
    }

    static Task SeenAsync(IPage page, string pipeline) =>
        page.WaitForFunctionAsync("id => window.seen.some(e => e.pipeline_id === id && e.event_type === 'agent.pipeline.completed')", pipeline, new() { Timeout = 60_000 });

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
