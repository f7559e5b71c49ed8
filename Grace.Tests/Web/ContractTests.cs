using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>The HTTP API from outside, against a real server process.</summary>
public class ContractTests(RunningServer running) : IClassFixture<RunningServer>
{
    ServerProcess Server => running.Server;

    [Theory]
    [InlineData("""{"task": ""}""", 422, "task")]
    [InlineData("""{}""", 422, "task")]
    [InlineData("""{"task": 3}""", 422, "task")]
    [InlineData("""{"task": "x", "phases": ["bake"]}""", 422, "phases")]
    [InlineData("""{"task": "x", "phases": ["test", "design"]}""", 422, "phases")]
    [InlineData("""{"task": "x", "phases": ["design", "design"]}""", 422, "phases")]
    [InlineData("""{"task": "x", "phases": []}""", 422, "phases")]
    [InlineData("""{"task": "x", "phases": ["deploy"]}""", 422, "phases")]
    [InlineData("""{"task": "x", "phase": ["design"]}""", 422, "phase")]
    [InlineData("""{"task": "x", "context": []}""", 422, "context")]
    [InlineData("""{"task": "x", "context": {"language": "cobol"}}""", 422, "context.language")]
    [InlineData("""{"task": "x", "context": {"deployment_environment": "moon"}}""", 422, "context.deployment_environment")]
    [InlineData("""{"task": "x", "context": {"playbooks": {"test": "implement_code"}}}""", 422, "context.playbooks.test")]
    [InlineData("""{"task": "x", "context": {"playbooks": {"bake": "run_tests"}}}""", 422, "context.playbooks.bake")]
    [InlineData("""{"task": "x", "context": {"model": "clever-1"}}""", 422, "context.model")]
    [InlineData("""{"task": "x", "context": {"lint": "sometimes"}}""", 422, "context.lint")]
    [InlineData("""{"task": "Note(text: prose)"}""", 422, "task")]
    [InlineData("""{"task": "x", "repository": "/there/is/nothing/here", "phases": ["test"]}""", 422, "repository")]
    [InlineData("""{"task": "x", "repository": "/tmp", "phases": ["implement"]}""", 422, "phases")]
    [InlineData("""{"task": "x" """, 400, null)]
    [InlineData("""["task"]""", 400, null)]
    [InlineData("", 400, null)]
    public async Task Bad_submissions_are_refused_before_any_effect(string body, int status, string? field)
    {
        var before = (await Server.GetAsync("pipelines"))["total"]!.GetValue<long>();
        var answer = await Server.Http.PostAsync("/api/agent-pipeline/execute", new StringContent(body, Encoding.UTF8, "application/json"));
        await IsProblem(answer, status, field);
        (await Server.GetAsync("pipelines"))["total"]!.GetValue<long>().ShouldBe(before);
    }

    [Fact]
    public async Task A_task_of_100_KB_is_too_large() =>
        await IsProblem(await Server.PostAsync("execute", new JsonObject { ["task"] = new string('x', 100_000) }), 413, "task");

    [Theory]
    [InlineData("""{"pipeline_id": "pipeline_none", "action": "pause"}""", 404, null)]
    [InlineData("""{"pipeline_id": "pipeline_none", "action": "explode"}""", 422, "action")]
    [InlineData("""{"action": "pause"}""", 422, "pipeline_id")]
    [InlineData("""{"pipeline_id": "pipeline_none", "action": "override", "reason": "because"}""", 422, "override")]
    [InlineData("""{"pipeline_id": "pipeline_none", "action": "override", "override": {"skip_tests": "yes"}, "reason": "because"}""", 422, "override.skip_tests")]
    [InlineData("""{"pipeline_id": "pipeline_none", "action": "cancel"}""", 422, "reason")]
    [InlineData("""{"pipeline_id": 7, "action": "pause"}""", 422, "pipeline_id")]
    public async Task Bad_guardian_requests_are_refused(string body, int status, string? field) =>
        await IsProblem(await Server.PostAsync("guardian/control", JsonNode.Parse(body)!), status, field);

    [Theory]
    [InlineData("pipelines/pipeline_none", 404)]
    [InlineData("pipelines/pipeline_none/artifacts", 404)]
    [InlineData("pipelines/pipeline_none/events", 404)]
    [InlineData("log/export/pipeline_none", 404)]
    [InlineData("nothing/here", 404)]
    [InlineData("pipelines?status=sleeping", 422)]
    [InlineData("pipelines?limit=0", 422)]
    [InlineData("pipelines?from=yesterday", 422)]
    public async Task What_is_not_there_or_makes_no_sense_is_a_problem(string path, int status) =>
        await IsProblem(await Server.Http.GetAsync($"/api/agent-pipeline/{path}"), status, null);

    [Fact]
    public async Task A_pipeline_is_seen_from_its_submission_to_its_artifacts()
    {
        var id = await Server.SubmitAsync("Build a note service: Note(text: text)", "research", "design");
        var events = await Server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.completed");
        events.Select(e => e["version"]!.GetValue<long>()).ShouldBe(Enumerable.Range(1, events.Count).Select(v => (long)v));

        var pipeline = await Server.GetAsync($"pipelines/{id}");
        pipeline["status"]!.ToString().ShouldBe("completed");
        pipeline["phase_results"]!["design"]!["status"]!.ToString().ShouldBe("completed");
        (await Server.GetAsync($"pipelines/{id}?at_version=1"))["status"]!.ToString().ShouldBe("queued");
        // What a script reads is there although nothing stands in it.
        pipeline.ContainsKey("current_phase").ShouldBeTrue();
        (await Server.GetAsync($"pipelines?search={id}")).ContainsKey("next").ShouldBeTrue();
        (await Server.GetAsync($"pipelines/{id}/events")).ContainsKey("next").ShouldBeTrue();

        var artifacts = await Server.GetAsync($"pipelines/{id}/artifacts?type=design_spec");
        artifacts["total"]!.GetValue<int>().ShouldBe(1);
        var artifact = artifacts["artifacts"]![0]!;
        artifact["content"]!["resources"]![0]!["name"]!.ToString().ShouldBe("Note");
        artifact["provenance"]!["inputs"]!.AsArray().Count.ShouldBe(1);
        var bytes = await Server.Http.GetByteArrayAsync($"/api/agent-pipeline/pipelines/{id}/artifacts/{artifact["artifact_id"]}/content");
        $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))}".ShouldBe(artifact["content_hash"]!.ToString());
        (await Server.GetAsync("log/verify"))["whole"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task The_same_idempotency_key_is_one_pipeline_and_another_request_with_it_is_refused()
    {
        async Task<HttpResponseMessage> Post(string task)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/agent-pipeline/execute") { Content = JsonContent.Create(new { task, phases = new[] { "research" } }) };
            request.Headers.Add("Idempotency-Key", "once");
            return await Server.Http.SendAsync(request);
        }

        var answers = await Task.WhenAll(Post("Look around"), Post("Look around"), Post("Look around"));
        var ids = await Task.WhenAll(answers.Select(async a => (await a.Content.ReadFromJsonAsync<JsonObject>())!["pipeline_id"]!.ToString()));
        ids.Distinct().Count().ShouldBe(1);
        await IsProblem(await Post("Something else"), 409, null);
    }

    [Fact]
    public async Task Expected_version_is_honoured_with_the_current_one_in_the_answer()
    {
        var id = await Server.SubmitAsync("Look around", "research");
        var answer = await Server.PostAsync("guardian/control", new JsonObject { ["pipeline_id"] = id, ["action"] = "pause", ["expected_version"] = 999 });
        (await IsProblem(answer, 409, null))["version"]!.GetValue<long>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_feed_goes_on_after_the_last_event_a_client_saw()
    {
        var id = await Server.SubmitAsync("Look around", "research");
        var all = await Server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.completed");
        var rest = await Server.FeedUntilAsync($"after={all[2]["position"]}&pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.completed");
        rest.Select(e => e["position"]!.GetValue<long>()).ShouldBe(all.Skip(3).Select(e => e["position"]!.GetValue<long>()));
    }

    [Theory]
    [InlineData("/api/agent-pipeline/pipelines")]
    [InlineData("/api/agent-pipeline/events")]
    [InlineData("/api/agent-pipeline/log/verify")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/hubs/pipelines")]
    public async Task Nothing_is_open_without_a_login(string path)
    {
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new(Server.Address) };
        (await stranger.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.GetAsync("/")).Headers.Location!.ToString().ShouldContain("/login");
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "a-wrong-key-0123456789");
        (await stranger.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.PostAsync("/hubs/pipelines/negotiate?negotiateVersion=1", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_OpenAPI_document_names_the_contracts_routes()
    {
        var paths = (await Server.Http.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!["paths"]!.AsObject().Select(p => p.Key).ToList();
        foreach (var path in new[] { "execute", "pipelines", "pipelines/{id}", "pipelines/{id}/artifacts", "pipelines/{id}/events", "events", "guardian/control", "log/verify" })
            paths.ShouldContain($"/api/agent-pipeline/{path}");
    }

    static async Task<JsonObject> IsProblem(HttpResponseMessage answer, int status, string? field)
    {
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        problem["title"].ShouldNotBeNull();
        problem["detail"]!.ToString().ShouldNotContain("   at ");
        if (field is not null)
            problem["errors"]![field].ShouldNotBeNull($"{problem}");
        return problem;
    }
}
