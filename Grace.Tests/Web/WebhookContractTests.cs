using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Webhooks;
using Grace.Tests.Support;
using Grace.Tests.Webhooks;

namespace Grace.Tests.Web;

/// <summary>Webhooks over HTTP, against a real server with its defaults.</summary>
public class WebhookContractTests(RunningServer running) : IClassFixture<RunningServer>
{
    ServerProcess Server => running.Server;

    [Fact]
    public async Task One_is_registered_told_tested_paused_resumed_and_deleted()
    {
        await using var receiver = await Receiver.StartAsync();
        var made = await RegisterAsync(new() { ["url"] = receiver.Url, ["types"] = new JsonArray("agent.pipeline.*"), ["description"] = "The wall" });
        var (id, secret) = (made["id"]!.ToString(), made["secret"]!.ToString());
        var key = new WebhookSecret(Convert.FromBase64String(secret["whsec_".Length..]));
        var pipeline = await Server.SubmitAsync("Look around", "research");
        var got = await receiver.UntilAsync(c => c.Type == "agent.pipeline.completed" && c.Event["pipeline_id"]!.ToString() == pipeline);
        got.ShouldAllBe(c => c.Signature == key.Sign(c.Id, c.Timestamp, c.Body));

        (await PostAsync($"webhooks/{id}/test"))["delivered"]!.GetValue<bool>().ShouldBeTrue();
        (await receiver.NextAsync()).Type.ShouldBe("webhook.test");
        (await PostAsync($"webhooks/{id}/pause", new JsonObject { ["reason"] = "it moves" }))["paused_because"]!.ToString().ShouldBe("it moves");
        (await PostAsync($"webhooks/{id}/resume"))["status"]!.ToString().ShouldBe("active");
        var shown = await Server.GetAsync($"webhooks/{id}");
        shown.ShouldNotContainKey("secret");
        (await Server.GetAsync("webhooks"))["webhooks"]!.ToJsonString().ShouldNotContain("whsec");
        shown["description"]!.ToString().ShouldBe("The wall");

        var sent = (await Server.GetAsync($"webhooks/{id}/deliveries?status=delivered"))["deliveries"]!.AsArray();
        sent.Count.ShouldBeGreaterThanOrEqualTo(2);
        using (var again = await Server.PostAsync($"webhooks/deliveries/{sent[0]!["id"]}/retry", new JsonObject()))
            again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var doubled = await receiver.NextAsync();
        doubled.Position.ShouldBe(sent[0]!["position"]!.GetValue<long>());
        got.ShouldContain(c => c.Id == doubled.Id);

        (await Server.Http.DeleteAsync($"/api/agent-pipeline/webhooks/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Server.Http.GetAsync($"/api/agent-pipeline/webhooks/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Server.FeedUntilAsync("type=webhook.*", e => e["event_type"]!.ToString() == "webhook.deleted")).Select(e => e["stream_id"]!.ToString()).ShouldAllBe(s => s == id);
    }

    [Theory]
    [InlineData("{}", 422, "url")]
    [InlineData("""{"url": 7}""", 422, "url")]
    [InlineData("""{"url": "gopher://example.org"}""", 422, "url")]
    [InlineData("""{"url": "http://169.254.169.254/latest"}""", 422, "url")]
    [InlineData("""{"url": "http://no-such-host.invalid/"}""", 422, "url")]
    [InlineData("""{"url": "http://127.0.0.1:9/", "types": "agent.phase.*"}""", 422, "types")]
    [InlineData("""{"url": "http://127.0.0.1:9/", "types": ["agent.phase.finished"]}""", 422, "types")]
    [InlineData("""{"url": "http://127.0.0.1:9/", "pipeline_id": "pipeline_none"}""", 422, "pipeline_id")]
    [InlineData("""{"url": "http://127.0.0.1:9/", "after": 999999999}""", 422, "after")]
    [InlineData("""{"url": "http://127.0.0.1:9/", "retries": 3}""", 422, "retries")]
    [InlineData("[]", 400, null)]
    public async Task A_wrong_one_is_refused_before_anything_happens(string body, int status, string? field)
    {
        using var answer = await Server.PostAsync("webhooks", JsonNode.Parse(body)!);
        answer.StatusCode.ShouldBe((HttpStatusCode)status);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        if (field is not null)
            problem["errors"]![field].ShouldNotBeNull();
        (await Server.GetAsync("webhooks"))["webhooks"]!.AsArray().Where(w => w!["url"]!.ToString() == "http://127.0.0.1:9/").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "webhooks/webhook_none", 404)]
    [InlineData("DELETE", "webhooks/webhook_none", 404)]
    [InlineData("POST", "webhooks/webhook_none/pause", 404)]
    [InlineData("POST", "webhooks/webhook_none/test", 404)]
    [InlineData("GET", "webhooks/webhook_none/deliveries", 404)]
    [InlineData("GET", "webhooks/webhook_none/deliveries?status=lost", 422)]
    [InlineData("POST", "webhooks/deliveries/999999/retry", 404)]
    public async Task What_is_not_there_is_said(string method, string path, int status)
    {
        using var answer = await Server.Http.SendAsync(new(new(method), $"/api/agent-pipeline/{path}"));
        answer.StatusCode.ShouldBe((HttpStatusCode)status);
        using var stranger = new HttpClient();
        (await stranger.SendAsync(new(new(method), $"{Server.Address}/api/agent-pipeline/{path}"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    async Task<JsonObject> RegisterAsync(JsonObject wish)
    {
        using var answer = await Server.PostAsync("webhooks", wish);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    async Task<JsonObject> PostAsync(string path, JsonObject? body = null)
    {
        using var answer = await Server.PostAsync(path, body ?? []);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
