using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>The specification's own example ("API Usage"), to the letter.</summary>
public class SpecificationExampleTests
{
    const string Example = """
        {
          "task": "Build user authentication system",
          "context": {
            "language": "python",
            "framework": "fastapi",
            "database": "postgresql"
          },
          "phases": ["research", "design", "implement", "test"]
        }
        """;

    [Fact]
    public async Task It_is_taken_and_becomes_a_tested_service_on_FastAPI()
    {
        using var data = new TestFolder();
        await using var server = await ServerProcess.StartAsync(
            data.Path, await TestPostgres.NewDatabaseAsync(), environment: new() { ["Grace__Tools__Path__0"] = Pythons.WithFastApi(data.Path) });
        foreach (var unknown in new[] { "django", "kubernetes-client" })
        {
            var refused = await server.PostAsync("execute", new JsonObject { ["task"] = "Build Kubernetes autoscaler", ["context"] = new JsonObject { ["language"] = "python", ["framework"] = unknown } });
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await refused.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!["context.framework"]!.ToJsonString()
                .ShouldContain("there is: standard library, http.server, unittest, fastapi, pytest.");
        }

        var answer = await server.Http.PostAsync("/api/agent-pipeline/execute", new StringContent(Example, Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var started = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        started.Select(p => p.Key).ShouldBe(["pipeline_id", "status", "task"]);
        (started["status"]!.ToString(), started["task"]!.ToString()).ShouldBe(("started", "Build user authentication system"));
        var id = started["pipeline_id"]!.ToString();
        var events = await server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() is "agent.pipeline.completed" or "agent.pipeline.failed" or "agent.pipeline.escalated");
        events[^1]["event_type"]!.ToString().ShouldBe("agent.pipeline.completed", events[^1].ToJsonString());

        var artifacts = (await server.GetAsync($"pipelines/{id}/artifacts"))["artifacts"]!.AsArray().ToDictionary(a => a!["artifact_type"]!.ToString(), a => a!);
        artifacts["design_spec"]["content"]!["assumptions"]!.AsArray().Select(a => a!.ToString()).Count(a => a.Contains("is asked for")).ShouldBe(1);
        artifacts["design_spec"]["content"]!["assumptions"]!.AsArray().ShouldContain(a => a!.ToString().StartsWith("postgresql is asked for; "));
        artifacts["code"]["metadata"]!["framework"]!.ToString().ShouldBe("fastapi");
        artifacts["code"]["content"]!["files"]!.AsArray().ShouldContain(f => f!["path"]!.ToString() == "service/routes.py");
        artifacts["test_results"]["content"]!["commands"]!.ToJsonString().ShouldContain("pytest");
    }

    [Fact]
    public async Task Without_FastAPI_it_is_done_on_the_standard_library_and_says_so()
    {
        await using var grace = await TestGrace.StartAsync(shippedAgents: true, prepare: (options, data) => options.Tools.Path = [Pythons.Bare(data.Root)]);
        var given = JsonNode.Parse(Example)!;
        var phases = given["phases"]!.AsArray().Select(p => p!.ToString()).ToList();
        var id = (await grace.Get<Submissions>().SubmitAsync(new(given["task"]!.ToString(), given["context"]!.DeepClone().AsObject(), phases, null), "ada", null)).Id;

        var ended = await grace.UntilAsync(id, p => p.Status is not (PipelineStatus.Queued or PipelineStatus.Running));

        ended.Status.ShouldBe(PipelineStatus.Completed, ended.Waiting?.Reason);
        var code = ended.CurrentArtifacts.Single(a => a.ArtifactType == "code").Metadata;
        code["framework"]!.ToString().ShouldBe("standard library");
        var why = code["assumptions"]![0]!.ToString();
        why.ShouldStartWith("fastapi is asked for; it is not installed where this runs (");
        var design = JsonNode.Parse(await grace.Get<ContentShelf>().ReadAsync(ended.CurrentArtifacts.Single(a => a.ArtifactType == "design_spec").ContentHash))!;
        design["assumptions"]!.AsArray().Select(a => a!.ToString()).ShouldContain(why);
    }
}
