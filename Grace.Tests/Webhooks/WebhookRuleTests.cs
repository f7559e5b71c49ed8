using System.Net;
using Grace.Engine.Webhooks;

namespace Grace.Tests.Webhooks;

public class WebhookRuleTests
{
    static readonly WebhookOptions Options = new() { FirstRetry = TimeSpan.FromSeconds(5), LongestRetry = TimeSpan.FromMinutes(15) };

    [Fact]
    public void A_signature_is_what_the_convention_s_own_example_says() =>
        new WebhookSecret(Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
            .Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8.ToArray()).ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void A_secret_shows_itself_only_when_asked_to()
    {
        var secret = WebhookSecret.New();
        secret.Reveal().ShouldStartWith("whsec_");
        Convert.FromBase64String(secret.Reveal()["whsec_".Length..]).Length.ShouldBe(32);
        $"{secret}".ShouldBe("whsec_…");
    }

    [Theory]
    [InlineData(1, 0.5, 5)]
    [InlineData(2, 0.5, 10)]
    [InlineData(4, 0.5, 40)]
    [InlineData(1, 0, 4)]
    [InlineData(1, 1, 6)]
    [InlineData(40, 0.5, 900)]
    [InlineData(int.MaxValue, 0.5, 900)]
    public void The_wait_doubles_give_or_take_a_fifth_up_to_the_longest(int failures, double chance, double seconds) =>
        Backoff.After(failures, chance, Options).TotalSeconds.ShouldBe(seconds, 0.001);

    [Theory]
    [InlineData(60, 60)]
    [InlineData(1, 5)]
    [InlineData(-7, 5)]
    [InlineData(100_000, 900)]
    public void A_receiver_may_ask_for_a_longer_wait_but_not_for_ever(double asked, double seconds) =>
        Backoff.After(1, 0.5, Options, TimeSpan.FromSeconds(asked)).TotalSeconds.ShouldBe(seconds, 0.001);

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("100.100.100.200")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public void Some_addresses_are_never_called(string address) => WebhookAddress.Refusal(IPAddress.Parse(address), allowPrivate: true).ShouldNotBeNull();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("fd12::1")]
    [InlineData("::7f00:1")]
    public void Private_ones_only_where_that_is_allowed(string address)
    {
        WebhookAddress.Refusal(IPAddress.Parse(address), allowPrivate: false)!.ShouldContain("AllowPrivate");
        WebhookAddress.Refusal(IPAddress.Parse(address), allowPrivate: true).ShouldBeNull();
    }

    [Theory]
    [InlineData("93.184.216.34")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:2800:220:1::1")]
    public void All_others_may_be_called(string address) => WebhookAddress.Refusal(IPAddress.Parse(address), allowPrivate: false).ShouldBeNull();

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("example.org/hook", "must be an http or https address")]
    [InlineData("ftp://example.org", "must be an http or https address")]
    [InlineData("file:///etc/passwd", "must be an http or https address")]
    [InlineData("https://ada:secret@example.org/", "name or password")]
    [InlineData("https://example.org/#part", "never sent")]
    [InlineData("http://169.254.169.254/latest/meta-data", "never call it")]
    [InlineData("http://[fe80::1]/", "never call it")]
    [InlineData("http://2852039166/", "never call it")]
    [InlineData("http://0x7f000001/", "AllowPrivate")]
    public void A_wrong_address_is_refused_with_the_reason(string? url, string reason) =>
        WebhookRules.Check(new(url, [], null, null, null), allowPrivate: false).ShouldHaveSingleItem().Message.ShouldContain(reason);

    [Theory]
    [InlineData("agent.phase.finished", "agent.phase.completed")]
    [InlineData("agent.phaze.*", "is no event type")]
    [InlineData("", "is no event type")]
    [InlineData("webhook.*", "which webhooks are not told")]
    public void A_wrong_type_is_refused_and_the_near_ones_named(string type, string reason) =>
        WebhookRules.Check(new("https://example.org/", [type], null, null, null), false).ShouldHaveSingleItem().Message.ShouldContain(reason);
}
