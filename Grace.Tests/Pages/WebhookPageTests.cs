using Bunit;
using Grace.Engine.Webhooks;
using Grace.Tests.Support;
using Grace.Tests.Webhooks;
using Page = Grace.Web.Components.Pages.Webhooks;

namespace Grace.Tests.Pages;

public class WebhookPageTests
{
    [Fact]
    public async Task One_is_registered_its_secret_shown_once_paused_and_deleted()
    {
        await using var test = await StartAsync();
        var page = test.Open<Page>("/webhooks");
        PageTest.Until(page, () => page.Find("input[type=url]"));
        await page.Find("input[type=url]").InputAsync(new() { Value = "http://169.254.169.254/" });
        await page.Find("form").SubmitAsync();
        PageTest.Until(page, () => page.Find("[role=alert]").TextContent.ShouldContain("never call it"));

        await page.Find("input[type=url]").InputAsync(new() { Value = "http://127.0.0.1:9/hook" });
        await page.Find("form").SubmitAsync();
        PageTest.Until(page, () => page.Find("#webhook-secret").TextContent.ShouldStartWith("whsec_"));
        var hook = (await test.Grace.Get<WebhookBook>().AllAsync()).ShouldHaveSingleItem();
        (hook.CreatedBy, hook.Url).ShouldBe(("ada", "http://127.0.0.1:9/hook"));
        await ClickAsync(page, "button:contains('I have kept it')");
        page.FindAll("#webhook-secret").ShouldBeEmpty();
        page.Markup.ShouldNotContain("whsec_");

        await ClickAsync(page, "button:contains('Pause…')");
        await page.Find("dialog input").InputAsync(new() { Value = "it moves" });
        await ClickAsync(page, "dialog button:contains('Pause')");
        PageTest.Until(page, () => page.Find(".webhook").TextContent.ShouldContain("it moves"));
        await ClickAsync(page, "button:contains('Delete…')");
        await ClickAsync(page, "dialog button:contains('Delete')");
        PageTest.Until(page, () => page.FindAll(".webhook").ShouldBeEmpty());
    }

    [Fact]
    public async Task A_dead_delivery_stands_there_with_its_reason_and_is_sent_again()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) => Receiver.Status(http, 500);
        await using var test = await StartAsync();
        var (hook, _) = await test.Grace.Get<WebhookDesk>().RegisterAsync(new(receiver.Url, ["agent.pipeline.submitted"], null, null, null), "ada", default);
        await test.Grace.SubmitAsync();
        var page = test.Open<Page>("/webhooks");
        PageTest.Until(page, () => page.Find(".figures .error").TextContent.ShouldContain("1 dead"));
        await ClickAsync(page, "button:contains('Deliveries')");
        PageTest.Until(page, () => page.Find(".delivery").TextContent.ShouldContain("The receiver answered 500."));
        receiver.Answer = (_, http) => Receiver.Status(http, 200);
        await ClickAsync(page, "button:contains('Send again')");
        PageTest.Until(page, () => page.Markup.ShouldContain("None: everything was taken."));
        PageTest.Until(page, () => page.Find(".figures").TextContent.ShouldContain("1 delivered"));
        await ClickAsync(page, "button:contains('Test')");
        PageTest.Until(page, () => page.Markup.ShouldContain("It took the test with 200"));
        (await test.Grace.Get<WebhookBook>().FindAsync(hook.Id))!.Delivered.ShouldBe(1);
    }

    /// <summary>Found and clicked in one go: the page draws itself anew whenever something is sent.</summary>
    static Task ClickAsync(IRenderedComponent<Page> page, string button)
    {
        PageTest.Until(page, () => page.Find(button));
        return page.InvokeAsync(() => page.Find(button).ClickAsync(new()));
    }

    static async Task<PageTest> StartAsync() =>
        (await PageTest.StartAsync(worker: true, prepare: options => options.Webhooks = new() { AllowPrivate = true, Attempts = 1 })).Offer<WebhookBook>().Offer<WebhookDesk>().Offer<WebhookBell>();
}
