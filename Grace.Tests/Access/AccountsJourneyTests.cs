using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grace.Tests.Access;

/// <summary>Accounts as people meet them: one server, a real browser, from the first administrator to the limits.</summary>
public class AccountsJourneyTests(AccountsServer running) : IClassFixture<AccountsServer>
{
    const string AdaPassword = "correct horse battery";
    const string BobPassword = "another long password";

    ServerProcess Server => running.Server;

    [Fact]
    public async Task From_the_first_administrator_to_a_colleague_who_is_signed_out_while_the_page_is_open()
    {
        var ada = await NewAsync(1400, ColorScheme.Light);
        await ada.GotoAsync(Server.LoginLink);
        await PageShots.LookAsync(ada, "access-first");
        await ada.GetByLabel("Name").FillAsync("ada");
        await ada.GetByLabel("Password").FillAsync(AdaPassword);
        await ada.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(ada.GetByRole(AriaRole.Heading, new() { Name = "People" })).ToBeVisibleAsync();

        // The link has done its work, for whoever else has it too.
        var stranger = await NewAsync(400, ColorScheme.Dark);
        await stranger.GotoAsync(Server.LoginLink);
        await Expect(stranger.GetByRole(AriaRole.Alert)).ToContainTextAsync("there is an administrator");
        await PageShots.LookAsync(stranger, "access-login");

        await ada.GetByLabel("Invite somebody").GetByLabel("Name").FillAsync("bob");
        await ada.GetByLabel("Invite somebody").GetByLabel("Role").SelectOptionAsync("operator");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        var link = (await ada.Locator(".secret code").TextContentAsync())!.Trim();
        await PageShots.LookAsync(ada, "access-people");

        // Bob joins on a narrow screen, without a script for the forms, and the link is used up.
        var bob = stranger;
        await bob.GotoAsync(link);
        await PageShots.LookAsync(bob, "access-invited");
        await bob.GetByLabel("Password").FillAsync(BobPassword);
        await bob.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await bob.GotoAsync(Server.Address + "/access");
        await Expect(bob.GetByText("Ask ada when you need")).ToBeVisibleAsync();
        await Expect(bob.GetByRole(AriaRole.Button, new() { Name = "Make a key" })).ToHaveCountAsync(0);
        await PageShots.LookAsync(bob, "access-operator");
        var other = await NewAsync(1400, ColorScheme.Dark);
        await other.GotoAsync(link);
        await Expect(other.GetByRole(AriaRole.Heading)).ToHaveTextAsync("This link is used up");

        // A name that nobody has and a wrong password look the same; what was wanted comes after the sign-in.
        await other.GotoAsync(Server.Address + "/pipelines?status=failed");
        var answers = new List<string?>();
        foreach (var (name, password) in new[] { ("bob", "wrong"), ("nobody-here", "wrong") })
        {
            await SignInAsync(other, name, password);
            answers.Add(await other.GetByRole(AriaRole.Alert).TextContentAsync());
        }
        answers[0].ShouldBe(answers[1]);
        await SignInAsync(other, "bob", BobPassword);
        await Expect(other).ToHaveURLAsync(Server.Address + "/pipelines?status=failed");
        await Expect(other.GetByText("You may look, but not cancel").Or(other.GetByText("No pipeline matches"))).ToBeVisibleAsync();

        // Another role counts on the pages that are open; disabled, both of them end by themselves.
        await ada.GetByLabel("Role of bob").SelectOptionAsync("viewer");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Make viewer" }).ClickAsync();
        await Expect(other.GetByText("You may look, but not pause and resume pipelines (operators may); nor cancel pipelines (guardians may).")).ToBeVisibleAsync();
        await PageShots.LookAsync(other, "access-look-only");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Disable bob" }).ClickAsync();
        await ada.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        foreach (var page in new[] { bob, other })
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your access has ended" })).ToBeVisibleAsync();
        await PageShots.LookAsync(bob, "access-ended");
        await other.GotoAsync(Server.Address + "/pipelines");
        await SignInAsync(other, "bob", BobPassword);
        (await other.GetByRole(AriaRole.Alert).TextContentAsync()).ShouldBe(answers[0]);

        // The last administrator stays one.
        await ada.GetByLabel("Role of ada").SelectOptionAsync("viewer");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Make viewer" }).ClickAsync();
        await Expect(ada.Locator("dialog[open]").GetByRole(AriaRole.Alert)).ToContainTextAsync("last administrator");
        await ada.Keyboard.PressAsync("Escape");
        await Expect(ada.GetByLabel("Role of ada")).ToHaveValueAsync("admin");

        await ada.Keyboard.PressAsync("g");
        await ada.Keyboard.PressAsync("l");
        foreach (var type in new[] { "access.person_joined", "access.person_invited", "access.role_changed", "access.person_disabled" })
            await Expect(ada.GetByRole(AriaRole.Button, new() { Name = type }).First).ToBeVisibleAsync();
        await ada.GotoAsync(Server.Address + "/access");
        await ada.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(ada).ToHaveURLAsync(Server.Address + "/login");
        await ada.GotoAsync(Server.Address + "/access");
        await Expect(ada.GetByLabel("Password")).ToBeVisibleAsync();
        foreach (var page in new[] { ada, bob, other })
            await page.Context.DisposeAsync();
        await TooManyAsync();
    }

    /// <summary>Last, since nobody signs in from this address for a minute afterwards.</summary>
    async Task TooManyAsync()
    {
        var key = (await (await Server.PostAsync("access/keys", new JsonObject { ["name"] = "busy", ["role"] = "viewer" })).Content.ReadFromJsonAsync<JsonObject>())!["key"]!.ToString();
        using var busy = new HttpClient { BaseAddress = new(Server.Address), DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
        var answers = await Task.WhenAll(Enumerable.Range(0, 3 * AccountsServer.RequestsPerMinute).Select(_ => busy.GetAsync("/api/agent-pipeline/access/me")));
        answers.Count(a => a.IsSuccessStatusCode).ShouldBeGreaterThanOrEqualTo(AccountsServer.RequestsPerMinute);
        var refused = answers.First(a => (int)a.StatusCode == 429);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await AccessContractTests.Problem(refused, 429))["detail"]!.ToString().ShouldContain("'key:busy'");
        (await Server.GetAsync("access/me"))["name"]!.ToString().ShouldBe("api-key");

        using var guesser = new HttpClient { BaseAddress = new(Server.Address) };
        var wrongKeys = await Task.WhenAll(Enumerable.Range(0, 12 * AccountsServer.FailuresPerMinute).Select(_ =>
            guesser.SendAsync(new(HttpMethod.Get, "/api/agent-pipeline/pipelines") { Headers = { { "Authorization", "Bearer wrong" } } })));
        wrongKeys.Select(a => (int)a.StatusCode).Distinct().Order().ShouldBe([401, 429]);
        await AccessContractTests.Problem(wrongKeys.First(a => (int)a.StatusCode == 429), 429);

        HttpResponseMessage last = null!;
        for (var attempt = 0; attempt <= AccountsServer.FailuresPerMinute; attempt++)
            last = await guesser.GetAsync("/login?token=wrong");
        ((int)last.StatusCode).ShouldBe(429);
        last.Headers.RetryAfter.ShouldNotBeNull();
        (await last.Content.ReadAsStringAsync()).ShouldContain("Too many attempts");
    }

    async Task SignInAsync(IPage page, string name, string password)
    {
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    static Task<IPage> NewAsync(int width, ColorScheme scheme) => Support.Browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
}
