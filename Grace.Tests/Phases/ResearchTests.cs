using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Phases;

public class ResearchTests
{
    [Fact]
    public async Task The_first_pipeline_on_a_fresh_database_already_finds_the_handbook()
    {
        await using var grace = await TestGrace.StartAsync(shippedAgents: true);
        var document = await Research(grace, new("Build an HTTP API with paging and validation", [], ["research"], null));
        document["findings"]!.AsArray().ShouldContain(f => f!["source"]!["uri"]!.ToString().StartsWith("handbook/"));
    }

    [Fact]
    public async Task A_source_that_was_asked_for_and_is_not_configured_is_named_as_a_gap()
    {
        await using var grace = await TestGrace.StartAsync(shippedAgents: true);
        var document = await Research(grace, new("Research Kubernetes autoscaling", new() { ["sources"] = new JsonArray("web", "rag") }, ["research"], null));
        document["gaps"]!.AsArray().Select(g => g!["source"]!.ToString()).ShouldContain("web");
        document["markdown"]!.ToString().ShouldContain("Grace:Search:Provider");
    }

    [Fact]
    public async Task What_one_pipeline_designed_the_next_one_finds()
    {
        await using var grace = await TestGrace.StartAsync(shippedAgents: true);
        var first = await grace.Get<Submissions>().SubmitAsync(new("Build a zeppelin registry: Zeppelin(name: string)", [], ["research", "design"], null), "ada", null);
        await grace.UntilAsync(first.Id, PipelineStatus.Completed);
        await Indexed(grace);
        var document = await Research(grace, new("How is a zeppelin registry built", [], ["research"], null));
        document["findings"]!.AsArray().ShouldContain(f => f!["source"]!["uri"]!.ToString().Contains(first.Id));
    }

    static async Task<JsonNode> Research(TestGrace grace, Submission submission)
    {
        var submitted = await grace.Get<Submissions>().SubmitAsync(submission, "ada", null);
        var done = await grace.UntilAsync(submitted.Id, p => p.Status.IsFinal());
        done.Error.ShouldBeNull();
        return JsonNode.Parse(await grace.Get<ContentShelf>().ReadAsync(done.Artifacts.Single().ContentHash))!;
    }

    /// <summary>Until the knowledge base has followed the log to its end.</summary>
    static async Task Indexed(TestGrace grace) => await grace.FollowedAsync(KnowledgeFollower.Name, (await grace.NewestAsync()).Position);
}
