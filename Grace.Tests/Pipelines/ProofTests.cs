using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Pipelines;

/// <summary>No green without proof.</summary>
public class ProofTests
{
    [Theory]
    [InlineData(Phase.Research)]
    [InlineData(Phase.Design)]
    [InlineData(Phase.Implement)]
    [InlineData(Phase.Test)]
    [InlineData(Phase.Deploy)]
    public void A_phase_without_its_artifact_fails(Phase phase) =>
        Finish(phase, Given.Report(phase) with { Artifacts = [] }).Error!.ShouldContain($"produced no {phase.Produces()}");

    [Fact]
    public void An_artifact_of_another_type_or_without_content_does_not_count()
    {
        Finish(Phase.Research, Given.Report(Phase.Design)).Error!.ShouldContain("produced no research_doc");
        var empty = Given.Report(Phase.Research);
        Finish(Phase.Research, empty with { Artifacts = [empty.Artifacts[0] with { Size = 0 }] }).Status.ShouldBe(PipelineStatus.Failed);
    }

    [Fact]
    public void A_phase_that_used_no_playbook_did_nothing() =>
        Finish(Phase.Research, Given.Report(Phase.Research) with { Playbooks = [] }).Error!.ShouldContain("no playbook");

    [Theory]
    [InlineData(0, 0, 0, 0, 0, "No test passed")]
    [InlineData(0, 3, 0, 0, 3, "No test passed")]
    [InlineData(0, 3, 2, 1, 0, "exit code and counts disagree")]
    [InlineData(1, 3, 3, 0, 0, "exit code and counts disagree")]
    [InlineData(1, 3, 2, 1, 0, "1 of 3 tests failed")]
    [InlineData(0, 5, 3, 0, 0, "do not add up")]
    public void Tests_pass_only_with_counts_that_say_so(int exit, int total, int passed, int failed, int skipped, string why) =>
        Finish(Phase.Test, Given.Report(Phase.Test, new(Given.Tree, "dotnet test", exit, total, passed, failed, skipped))).Error!.ShouldContain(why);

    [Fact]
    public void Tests_without_complete_evidence_prove_nothing()
    {
        var whole = new PhaseProof(Given.Tree, "dotnet test", 0, 3, 3, 0, 0);
        foreach (var lacking in new[] { whole with { Command = "" }, whole with { ExitCode = null }, whole with { Passed = null }, whole with { Tree = "" } })
            Finish(Phase.Test, Given.Report(Phase.Test, lacking)).Status.ShouldBe(PipelineStatus.Failed);
    }

    [Fact]
    public void Tests_of_another_tree_than_was_written_are_stale() =>
        Finish(Phase.Test, Given.Report(Phase.Test, new("other", "dotnet test", 0, 3, 3, 0, 0))).Error!.ShouldContain("stale");

    [Fact]
    public void Deploying_another_tree_than_was_tested_is_refused() =>
        Finish(Phase.Deploy, Given.Report(Phase.Deploy, new("other"))).Error!.ShouldContain("stale");

    [Fact]
    public void Skipped_tests_do_not_open_the_deploy_gate()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Implement)
            .When(new PipelineCommand.Override(new() { ["skip_tests"] = true }, "urgent")).PhaseDone();
        pipeline.State[Phase.Test].Status.ShouldBe(PhaseStatus.Skipped);
        ProofGate.WhyNotDeployable(pipeline.State, Given.Tree)!.ShouldContain("no passing test evidence");
    }

    static Pipeline Finish(Phase phase, PhaseReport report)
    {
        var pipeline = Given.APipeline().UpTo(phase);
        return pipeline.When(new PipelineCommand.Finish(phase, pipeline.State.Current!.Attempt, report)).State;
    }
}
