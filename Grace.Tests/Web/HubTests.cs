using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Tests.Support;

namespace Grace.Tests.Web;

public class HubTests(RunningServer running) : IClassFixture<RunningServer>
{
    ServerProcess Server => running.Server;

    [Fact]
    public async Task A_stranger_is_not_let_in()
    {
        await using var client = await HubClient.ConnectAsync(Server.Address, "a-wrong-key-0123456789");
        client.Hello["refused"]!.ToString().ShouldContain("401");
    }

    [Fact]
    public async Task Watching_replays_from_a_version_and_goes_on_live_without_a_hole()
    {
        await using var client = await HubClient.ConnectAsync(Server.Address, ServerProcess.Key);
        var id = await Server.SubmitAsync("Look around", "research");
        await client.InvokeAsync("Watch", id, 0);
        var all = await client.EventsUntilAsync(IsEnd);
        all.Select(e => e["version"]!.GetValue<long>()).ShouldBe(Enumerable.Range(1, all.Count).Select(v => (long)v));
        all[0].Select(p => p.Key).ShouldBe(["position", "pipeline_id", "version", "event_type", "severity", "at", "by", "data", "hash"]);

        // Another client that saw the first three, as after a reconnect.
        await using var again = await HubClient.ConnectAsync(Server.Address, ServerProcess.Key);
        await again.InvokeAsync("Watch", id, 3);
        (await again.EventsUntilAsync(IsEnd)).Select(e => e["version"]!.GetValue<long>()).ShouldBe(all.Skip(3).Select(e => e["version"]!.GetValue<long>()));
    }

    [Fact]
    public async Task Watching_all_tells_of_every_pipeline_after_a_position()
    {
        var first = await Server.SubmitAsync("Look around", "research");
        var seen = await Server.FeedUntilAsync($"pipeline_id={first}", IsEnd);
        await using var client = await HubClient.ConnectAsync(Server.Address, ServerProcess.Key);
        await client.InvokeAsync("WatchAll", seen[^1]["position"]!.GetValue<long>());
        var second = await Server.SubmitAsync("Look around again", "research");
        var told = await client.EventsUntilAsync(e => IsEnd(e) && e["pipeline_id"]!.ToString() == second);
        told.ShouldNotContain(e => e["pipeline_id"]!.ToString() == first);
    }

    [Fact]
    public async Task The_Guardians_topics_pause_resume_and_override()
    {
        await using var client = await HubClient.ConnectAsync(Server.Address, ServerProcess.Key);
        // A budget that the first phase uses up: so the pipeline stands still, whatever the machine's speed.
        var submitted = await Server.PostAsync("execute", JsonNode.Parse("""{"task": "Build Note(text: text)", "phases": ["research", "design"], "context": {"limits": {"minutes": 0.00001}}}""")!);
        var id = (await submitted.Content.ReadFromJsonAsync<JsonObject>())!["pipeline_id"]!.ToString();
        await Server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.paused");

        var paused = (await client.InvokeAsync("Publish", "guardian.pause_pipeline", new { pipeline_id = id, reason = "look" }))["answer"]!;
        (paused["status"]!.ToString(), paused["in_effect"]!.GetValue<bool>()).ShouldBe(("paused", true));
        var overridden = await client.InvokeAsync("Publish", "guardian.override_pipeline", new { pipeline_id = id, @override = new { skip_tests = false }, reason = "so" });
        overridden["answer"]!["version"]!.GetValue<long>().ShouldBeGreaterThan(paused["version"]!.GetValue<long>());
        (await client.InvokeAsync("Publish", "guardian.resume_pipeline", new { pipeline_id = id }))["answer"]!["status"]!.ToString().ShouldBe("running");
        await Server.FeedUntilAsync($"pipeline_id={id}", IsEnd);
    }

    [Fact]
    public async Task A_wrong_topic_or_payload_is_refused_with_the_reason()
    {
        await using var client = await HubClient.ConnectAsync(Server.Address, ServerProcess.Key);
        (await client.InvokeAsync("Publish", "guardian.explode", new { pipeline_id = "x" }))["failed"]!.ToString().ShouldContain("is no topic");
        (await client.InvokeAsync("Publish", "guardian.pause_pipeline", new { }))["failed"]!.ToString().ShouldContain("pipeline_id is missing");
        (await client.InvokeAsync("Publish", "guardian.pause_pipeline", new { pipeline_id = "pipeline_none" }))["failed"]!.ToString().ShouldContain("no pipeline");
    }

    static bool IsEnd(JsonObject e) => e["event_type"]!.ToString() == "agent.pipeline.completed";
}
