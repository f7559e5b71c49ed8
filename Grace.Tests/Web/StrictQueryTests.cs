using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>A parameter that nobody reads is a question that nobody answers: it is refused by name, at every address.</summary>
public partial class StrictQueryTests(RunningServer running) : IClassFixture<RunningServer>
{
    ServerProcess Server => running.Server;

    [Fact]
    public async Task Every_call_refuses_what_it_does_not_know()
    {
        var calls = await CallsAsync();
        calls.Count.ShouldBeGreaterThan(40);
        foreach (var (method, path, known) in calls)
            foreach (var name in known.Select(Misspelt).Append("no_such_parameter").Append("access_token"))
            {
                var said = await RefusedAsync(method, $"{path}?{name}=1", name);
                foreach (var allowed in known)
                    said.ShouldContain(allowed, customMessage: $"{method} {path}");
            }
    }

    [Fact]
    public async Task Every_parameter_is_taken_once_but_types_may_be_several()
    {
        foreach (var (method, path, known) in await CallsAsync())
            foreach (var name in known.Except(["type"], StringComparer.Ordinal))
                await RefusedAsync(method, $"{path}?{name}=1&{name}=2", name);
        await Server.SubmitAsync("Look", "research");
        var events = await Server.FeedUntilAsync("type=agent.pipeline.submitted&type=agent.pipeline.started&type=access.*", _ => true);
        events.ShouldNotBeEmpty();
        await RefusedAsync(HttpMethod.Get, "/api/agent-pipeline/pipelines/p/artifacts?type=a&type=b", "type");
    }

    [Theory]
    [InlineData("pipelines?limt=5", "limt")]
    [InlineData("pipelines?Status=failed", "Status")]
    [InlineData("pipelines?status=failed&STATUS=paused", "STATUS")]
    [InlineData("pipelines?limit=", "limit")]
    [InlineData("pipelines?limit", "limit")]
    [InlineData("pipelines?from=1/2/2026", "from")]
    [InlineData("pipelines?to=12", "to")]
    [InlineData("pipelines?=x", "")]
    [InlineData("pipelines?status[]=failed", "status[]")]
    [InlineData("pipelines/pipeline_none?id=other", "id")]
    [InlineData("pipelines/pipeline_none?at_Version=1", "at_Version")]
    [InlineData("pipelines/pipeline_none/artifacts?phase=deploi", "phase")]
    [InlineData("events?pipeline=x", "pipeline")]
    [InlineData("events?pipeline_id=a&artifact_id=b", "artifact_id")]
    [InlineData("log/verify?pipeline=x", "pipeline")]
    [InlineData("webhooks?limit=3", "limit")]
    public async Task What_is_misspelt_or_miswritten_is_told_by_its_name(string address, string name) =>
        await RefusedAsync(HttpMethod.Get, $"/api/agent-pipeline/{address}", name);

    [Theory]
    [InlineData("pipelines?status=failed&phase=research&search=x&from=2026-01-31&to=2026-01-31T12:00:00%2B02:00&limit=5&after=0")]
    [InlineData("pipelines?search=")]
    [InlineData("log/verify")]
    [InlineData("jobs/history?outcome=failed")]
    public async Task What_is_known_is_taken(string address) => (await Server.Http.GetAsync($"/api/agent-pipeline/{address}")).EnsureSuccessStatusCode();

    [Fact]
    public async Task Nothing_is_done_by_a_call_that_is_refused()
    {
        var before = (await Server.GetAsync("pipelines"))["total"]!.GetValue<long>();
        await RefusedAsync(HttpMethod.Post, "/api/agent-pipeline/execute?dry_run=true", "dry_run", """{"task": "Look", "phases": ["research"]}""");
        (await Server.GetAsync("pipelines"))["total"]!.GetValue<long>().ShouldBe(before);
    }

    [Fact]
    public async Task A_log_of_nobody_is_not_called_whole() =>
        ((int)(await Server.Http.GetAsync("/api/agent-pipeline/log/verify?pipeline_id=pipeline_none")).StatusCode).ShouldBe(404);

    [Fact]
    public async Task A_feed_is_asked_for_from_one_place()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/agent-pipeline/events");
        request.Headers.Add("Last-Event-ID", ["1", "2"]);
        var answer = await Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        ((int)answer.StatusCode).ShouldBe(422);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Last-Event-ID");
    }

    [Theory]
    [InlineData("/health/live?probe=1", 200)]
    [InlineData("/openapi/v1.json?cached=no", 200)]
    [InlineData("/pipelines?status=failed&whatever=1", 200)]
    [InlineData("/api/agent-pipeline/nothing/here?x=1", 404)]
    public async Task Elsewhere_a_query_is_the_business_of_its_page(string address, int status) =>
        ((int)(await Server.Http.GetAsync(address)).StatusCode).ShouldBe(status, address);

    /// <summary>Every call that the interface document lists, with what it says of its query.</summary>
    async Task<List<(HttpMethod Method, string Path, string[] Known)>> CallsAsync()
    {
        var document = (await Server.Http.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;
        return [.. from path in document["paths"]!.AsObject()
                   where path.Key.StartsWith("/api/agent-pipeline/", StringComparison.Ordinal)
                   from call in path.Value!.AsObject()
                   let parameters = call.Value!["parameters"]?.AsArray() ?? []
                   select (HttpMethod.Parse(call.Key), InBraces().Replace(path.Key, "1"),
                       parameters.Where(p => p!["in"]!.ToString() == "query").Select(p => p!["name"]!.ToString()).ToArray())];
    }

    async Task<string> RefusedAsync(HttpMethod method, string address, string name, string body = "{}")
    {
        using var request = new HttpRequestMessage(method, address);
        if (method != HttpMethod.Get && method != HttpMethod.Delete)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        ((int)answer.StatusCode).ShouldBe(422, $"{method} {address}");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var said = await answer.Content.ReadAsStringAsync();
        JsonNode.Parse(said)!["errors"]!.AsObject().ShouldContainKey(name, $"{method} {address}: {said}");
        return said;
    }

    static string Misspelt(string name) => name.Contains('_') ? name.Replace("_", "") : char.ToUpperInvariant(name[0]) + name[1..];

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex InBraces();
}
