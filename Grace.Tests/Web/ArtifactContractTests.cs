using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>Artifacts over HTTP, against a real server process.</summary>
public class ArtifactContractTests(RunningServer running) : IClassFixture<RunningServer>
{
    ServerProcess Server => running.Server;

    static bool IsEnd(JsonObject e) => e["event_type"]!.ToString() == "agent.pipeline.completed";

    [Theory]
    [InlineData("artifacts/artifact_none", 404)]
    [InlineData("artifacts/compare?left=artifact_none&right=artifact_none", 404)]
    [InlineData("artifacts/compare?left=artifact_none", 422)]
    [InlineData("pipelines/pipeline_none/provenance", 404)]
    [InlineData("pipelines/pipeline_none/attestation", 404)]
    [InlineData("artifacts?type=%00", 422)]
    [InlineData("artifacts?review=liked", 422)]
    [InlineData("artifacts?phase=bake", 422)]
    [InlineData("artifacts?limit=51", 422)]
    [InlineData("artifacts?search=x&after=1001", 422)]
    public async Task What_is_not_there_or_makes_no_sense_is_a_problem(string path, int status) =>
        await IsProblem(await Server.Http.GetAsync($"/api/agent-pipeline/{path}"), status);

    [Fact]
    public async Task An_artifact_is_found_read_questioned_and_compared()
    {
        var id = await Server.SubmitAsync("Build a zeppelin service: Zeppelin(name: string)", "research", "design");
        await Server.FeedUntilAsync($"pipeline_id={id}", IsEnd);
        var made = (await Server.GetAsync($"pipelines/{id}/artifacts"))["artifacts"]!.AsArray();
        var (document, spec) = (made[0]!["artifact_id"]!.ToString(), made[1]!["artifact_id"]!.ToString());

        foreach (var (body, status) in new[]
        {
            ("""{"verdict": "questioned"}""", 422), ("""{"verdict": "liked"}""", 422), ("""{}""", 422), ("""{"verdict": 3}""", 422), ("""{"verdict": "accepted", "by": "eve"}""", 422), ("[]", 400),
        })
            await IsProblem(await Server.PostAsync($"artifacts/{document}/review", JsonNode.Parse(body)!), status);
        await IsProblem(await Server.PostAsync("artifacts/artifact_none/review", new JsonObject { ["verdict"] = "accepted" }), 404);

        var answer = await Server.PostAsync($"artifacts/{document}/review", new JsonObject { ["verdict"] = "questioned", ["comment"] = "Which sources?" });
        var reviewed = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        (reviewed["review"]!.ToString(), reviewed["reviewed_by"]!.ToString()).ShouldBe(("questioned", "api-key"), reviewed.ToJsonString());

        var artifact = await Server.GetAsync($"artifacts/{document}");
        artifact["history"]!.AsArray().Select(e => e!["event_type"]!.ToString()).ShouldBe(["artifact.created", "artifact.reviewed"]);
        artifact["history"]![1]!["artifact_id"]!.ToString().ShouldBe(document);
        artifact["provenance"]!["playbooks"]![0]!["id"]!.ToString().ShouldBe("research_and_gather");

        // The read side follows: told by the feed of reviews, then by the list itself.
        var told = await Server.FeedUntilAsync("type=artifact.reviewed", e => e["artifact_id"]!.ToString() == document);
        (told[^1]["pipeline_id"]!.ToString(), told[^1]["data"]!["comment"]!.ToString()).ShouldBe((id, "Which sources?"));
        JsonArray found;
        do
            found = (await Server.GetAsync($"artifacts?search=zeppelin&review=questioned&pipeline_id={id}"))["artifacts"]!.AsArray();
        while (found.Count == 0);
        var excerpt = found[0]!["excerpt"]!;
        var mark = excerpt["highlights"]![0]!;
        excerpt["text"]!.ToString().Substring(mark["start"]!.GetValue<int>(), mark["length"]!.GetValue<int>()).ToLowerInvariant().ShouldStartWith("zeppelin");

        var difference = await Server.GetAsync($"artifacts/compare?left={document}&right={spec}");
        (difference["identical"]!.GetValue<bool>(), difference["left"]!["artifact_id"]!.ToString()).ShouldBe((false, document));
        difference["parts"]![0]!["diff"]!.ToString().ShouldContain("@@ ");
    }

    [Fact]
    public async Task Whoever_follows_pipelines_hears_only_of_pipelines_and_an_artifact_is_none()
    {
        var id = await Server.SubmitAsync("Look around", "research");
        var all = await Server.FeedUntilAsync("after=0", e => IsEnd(e) && e["pipeline_id"]!.ToString() == id);
        all.ShouldNotContain(e => e["event_type"]!.ToString().StartsWith("artifact."));
        foreach (var pipeline in all.GroupBy(e => e["pipeline_id"]!.ToString()))
            pipeline.Select(e => e["version"]!.GetValue<long>()).ShouldBe(Enumerable.Range(1, pipeline.Count()).Select(v => (long)v));

        var artifact = all.Last(e => e["event_type"]!.ToString() == "agent.artifact.created")["data"]!["artifact_id"]!.ToString();
        (await Server.FeedUntilAsync($"artifact_id={artifact}", _ => true))[0]["event_type"]!.ToString().ShouldBe("artifact.created");
        foreach (var path in new[] { $"pipelines/{artifact}", $"pipelines/{artifact}/events", $"pipelines/{artifact}/artifacts" })
            await IsProblem(await Server.Http.GetAsync($"/api/agent-pipeline/{path}"), 404);
        await IsProblem(await Server.PostAsync("guardian/control", new JsonObject { ["pipeline_id"] = artifact, ["action"] = "pause" }), 404);
    }

    [Fact]
    public async Task A_services_code_tells_where_its_lines_come_from_signed_with_the_installations_key()
    {
        var id = await Server.SubmitAsync("Build a zeppelin service: Zeppelin(name: string)", "design", "implement");
        await Server.FeedUntilAsync($"pipeline_id={id}", IsEnd);
        var all = await Server.GetAsync($"pipelines/{id}/provenance");
        var store = all["files"]!.AsArray().Single(f => f!["path"]!.ToString().EndsWith("ZeppelinStore.cs"))!;
        var line = store["lines"]!.AsArray().ShouldHaveSingleItem()!;
        (line["phase"]!.ToString(), line["attempt"]!.GetValue<int>(), line["commit"]!.ToString(), line["playbook"]!["id"]!.ToString())
            .ShouldBe(("implement", 1, all["commit"]!.ToString(), "implement_code"));
        var one = await Server.GetAsync($"pipelines/{id}/provenance?path={Uri.EscapeDataString(store["path"]!.ToString())}");
        one["files"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldBe(store.ToJsonString());
        await IsProblem(await Server.Http.GetAsync($"/api/agent-pipeline/pipelines/{id}/provenance?path=..%2Fsecret"), 404);

        var envelope = await Server.GetAsync($"pipelines/{id}/attestation");
        var key = await Server.GetAsync("attestation/key");
        using var reader = System.Security.Cryptography.ECDsa.Create();
        reader.ImportFromPem(key["public_key"]!.ToString());
        var payload = Convert.FromBase64String(envelope["payload"]!.ToString());
        reader.VerifyData(
            Grace.Engine.Provenance.Envelope.Signed(envelope["payloadType"]!.ToString(), payload), Convert.FromBase64String(envelope["signatures"]![0]!["sig"]!.ToString()),
            System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
        JsonNode.Parse(payload)!["subject"]![1]!["digest"]!["gitTree"]!.ToString().ShouldBe(all["tree"]!.ToString());
    }

    static async Task IsProblem(HttpResponseMessage answer, int status)
    {
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.ToString().ShouldNotBeEmpty();
    }
}
