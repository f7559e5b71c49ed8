using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Engine.Provenance;
using Grace.Tests.Support;

namespace Grace.Tests.Provenance;

/// <summary>Which commit counts and whose work each is: pure.</summary>
public class PipelineCodeTests
{
    readonly Dictionary<string, JsonNode?> contents = [];

    PhaseReport Wrote(string id, string commit, string tree, int overrides = 0, string? error = null)
    {
        var hash = $"sha256:{id}";
        contents[hash] = new JsonObject { ["commit"] = commit, ["tree"] = tree };
        var provenance = new JsonObject
        {
            ["playbooks"] = new JsonArray(new JsonObject { ["id"] = "helper", ["version"] = 1 }, new JsonObject { ["id"] = "implement_code", ["version"] = 7 }),
            ["tools"] = new JsonArray("write_service"),
            ["overrides"] = new JsonArray([.. Enumerable.Range(0, overrides).Select(i => (JsonNode)new JsonObject { ["n"] = i })]),
            ["inputs"] = new JsonArray(new JsonObject { ["artifact_id"] = "spec", ["content_hash"] = "sha256:77" }),
        };
        return new(error, [new(id, "code", hash, 10, "application/json", [], provenance)], [new("implement_code", 7, "implement_agent", null, 1, [])], new(tree));
    }

    static Given Implementing(PipelinePolicy? policy = null) => Given.APipeline(policy, Phase.Implement, Phase.Test).Taken();

    static Given Finishes(Given given, PhaseReport report) => given.When(new PipelineCommand.Finish(given.State.Current!.Phase, given.State.Current.Attempt, report));

    [Fact]
    public void The_commit_of_the_tree_that_was_proven_counts_and_not_what_a_fix_that_failed_left()
    {
        var given = Finishes(Implementing(PipelinePolicy.None with { AutoRecover = true, RecoveryAttempts = 1 }), Wrote("code_1", "c1", "t1")).PhaseFails();
        given.When(new PipelineCommand.FinishRecovery(Phase.Test, 1, new(null, "It did not help.", [], Artifacts: Wrote("code_2", "c2", "t2").Artifacts)));
        given.State.Artifacts.Count(PipelineCode.IsCode).ShouldBe(2);
        var code = PipelineCode.Of(given.State, contents)!;
        (code.Commit, code.Tree, code.Made.ArtifactId).ShouldBe(("c1", "t1", "code_1"));
        code.Origins.Keys.ShouldBe(["c1", "c2"], "it is known all the same");
    }

    [Fact]
    public void While_nothing_is_proven_the_last_one_counts()
    {
        var given = Finishes(Implementing(), Wrote("code_1", "c1", "t1"));
        given.When(new PipelineCommand.Cancel("look")).When(new PipelineCommand.Retry(Phase.Implement, "again")).Taken();
        PipelineCode.Of(Finishes(given, Wrote("code_2", "c2", "t2", error: "it broke")).State, contents)!.Commit.ShouldBe("c2");
    }

    [Fact]
    public void Each_commit_is_the_work_of_the_artifact_that_named_it_first_with_the_overrides_of_then()
    {
        var given = Implementing().When(new PipelineCommand.Override(new() { ["a"] = 1 }, "First.")).When(new PipelineCommand.Override(new() { ["b"] = 2 }, "Second."));
        given = Finishes(given, Wrote("code_1", "c1", "t1", 1));
        given.When(new PipelineCommand.Cancel("look")).When(new PipelineCommand.Retry(Phase.Implement, "again")).Taken();
        var code = PipelineCode.Of(Finishes(given, Wrote("code_2", "c1", "t1", overrides: 2)).State, contents)!;
        var origin = code.Origins.ShouldHaveSingleItem().Value;
        (origin.ArtifactId, origin.Attempt, origin.Playbook, origin.Tools[0]).ShouldBe(("code_1", 1, new PlaybookUsed("implement_code", 7), "write_service"));
        origin.Overrides.Select(o => (o.Reason, o.By)).ShouldBe([("First.", "ada")]);
        origin.Inputs.ShouldBe([("spec", "sha256:77")]);
        code.Made.ArtifactId.ShouldBe("code_2", "the newer names the same commit, and counts");
    }

    [Fact]
    public void What_names_no_commit_is_no_code()
    {
        var given = Finishes(Implementing(), Wrote("code_1", "c1", "t1"));
        contents["sha256:code_1"] = new JsonObject { ["tree"] = "t1" };
        PipelineCode.Of(given.State, contents).ShouldBeNull();
        contents["sha256:code_1"] = null;
        PipelineCode.Of(given.State, contents).ShouldBeNull();
        PipelineCode.Of(given.State, new Dictionary<string, JsonNode?>()).ShouldBeNull();
    }
}
