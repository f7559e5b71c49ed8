using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>What clients of the feed may ask for, and what they are told when it is wrong.</summary>
public class FeedContractTests(RunningServer running) : IClassFixture<RunningServer>
{
    ServerProcess Server => running.Server;

    [Fact]
    public async Task Types_and_families_narrow_the_stream_and_the_hub()
    {
        var id = await Server.SubmitAsync("Look around", "research");
        string[] wanted = ["agent.phase.started", "agent.phase.completed", "agent.pipeline.completed"];
        foreach (var query in new[] { "type=agent.phase.*&type=agent.pipeline.completed", "type=agent.phase.*,agent.pipeline.completed" })
            (await Server.FeedUntilAsync($"pipeline_id={id}&{query}", IsEnd)).Select(e => e["event_type"]!.ToString()).ShouldBe(wanted);

        await using var client = await HubClient.ConnectAsync(Server.Address, ServerProcess.Key);
        await client.InvokeAsync("WatchTypes", 0, new[] { "agent.phase.*", "agent.pipeline.completed" });
        (await client.EventsUntilAsync(e => IsEnd(e) && e["pipeline_id"]!.ToString() == id)).Where(e => e["pipeline_id"]!.ToString() == id)
            .Select(e => e["event_type"]!.ToString()).ShouldBe(wanted);
    }

    [Fact]
    public async Task The_hub_refuses_what_it_cannot_begin_from()
    {
        var id = await Server.SubmitAsync("Look around", "research");
        await Server.FeedUntilAsync($"pipeline_id={id}", IsEnd);
        await using var client = await HubClient.ConnectAsync(Server.Address, ServerProcess.Key);
        await Refused("must be a whole number from 0", "WatchAll", -1);
        await Refused("must be a whole number from 0", "WatchAll", "soon");
        await Refused("must be a whole number from 0", "WatchAll", 1.5);
        await Refused("the log's newest position is", "WatchAll", 999_999_999);
        await Refused("is at version", "Watch", id, 999);
        await Refused("must be a whole number from 0", "Watch", id, -3);
        await Refused("no pipeline 'pipeline_none'", "Watch", "pipeline_none", 0);
        await Refused("is no event type", "WatchTypes", 0, new[] { "agent.phase.finished" });
        (await client.InvokeAsync("Unwatch", "never-watched"))["failed"].ShouldBeNull();

        async Task Refused(string reason, string method, params object?[] arguments) =>
            (await client.InvokeAsync(method, arguments))["failed"]!.ToString().ShouldContain(reason);
    }

    [Theory]
    [InlineData("after=-1", 422, "after")]
    [InlineData("after=soon", 422, "after")]
    [InlineData("after=999999999", 422, "after")]
    [InlineData("type=agent.phase.finished", 422, "type")]
    [InlineData("pipeline_id=pipeline_none", 404, null)]
    public async Task The_stream_refuses_what_it_cannot_begin_from(string query, int status, string? field)
    {
        using var answer = await Server.Http.GetAsync($"/api/agent-pipeline/events?{query}", HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe((HttpStatusCode)status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        if (field is not null)
            (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]![field]!.AsArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Curl_goes_on_after_the_last_it_saw()
    {
        var id = await Server.SubmitAsync("Look around", "research");
        var seen = await Server.FeedUntilAsync($"pipeline_id={id}", IsEnd);
        var got = await CurlAsync(seen[2]["position"]!.ToString(), id, seen.Count - 3);
        got.ShouldBe(seen.Skip(3).Select(e => e["position"]!.ToString()));
    }

    async Task<List<string>> CurlAsync(string last, string id, int count)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sN", "-H", $"Authorization: Bearer {ServerProcess.Key}", "-H", $"Last-Event-ID: {last}", $"{Server.Address}/api/agent-pipeline/events?pipeline_id={id}"])
        {
            RedirectStandardOutput = true,
        })!;
        List<string> ids = [];
        while (ids.Count < count && await curl.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                ids.Add(line["id: ".Length..]);
        curl.Kill();
        await curl.WaitForExitAsync();
        return ids;
    }

    static bool IsEnd(JsonObject e) => e["event_type"]!.ToString() == "agent.pipeline.completed";
}
