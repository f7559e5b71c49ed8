using System.Text.Json.Nodes;
using Grace.Engine.Deployments;
using Grace.Engine.Guardian;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Tests.Pipelines;

public class ApprovalTests
{
    static readonly DeployOptions Environments = new()
    {
        Environments = { ["production"] = new(), ["staging"] = new(), ["bank"] = new() { NeedsApproval = true, RequesterMayApprove = false } },
    };

    static readonly PipelinePolicy Policy = new(false, 0, (state, phase) => ApprovalPolicy.Of(state, phase, Environments));

    [Fact]
    public void Production_waits_for_a_person_with_the_evidence_to_decide_on()
    {
        var pipeline = To("production").UpTo(Phase.Test).PhaseDone();
        pipeline.State.Status.ShouldBe(PipelineStatus.WaitingForGuardian);
        var asked = pipeline.Events.OfType<ApprovalRequested>().Single();
        asked.Tree.ShouldBe(Given.Tree);
        asked.Evidence["tests"]!["passed"]!.GetValue<int>().ShouldBe(3);
        asked.Evidence["artifacts"]!.AsArray().Count.ShouldBe(4);
    }

    [Fact]
    public void An_approval_is_for_what_it_names_and_opens_no_other_gate()
    {
        var pipeline = Given.APipeline(Policy).When(Override("approvals", new JsonArray("design", "implement"))).Taken().PhaseDone();
        var first = pipeline.State.Waiting!.ApprovalId!;
        pipeline.When(new PipelineCommand.Approve("eve", null, first)).Taken().PhaseDone().State.Waiting!.ApprovalId.ShouldNotBe(first);
        var sentAgain = Should.Throw<PipelineRejected>(() => pipeline.When(new PipelineCommand.Approve("eve", null, first)));
        sentAgain.Message.ShouldContain($"the approval {first} is not what waits for a decision, {pipeline.State.Waiting!.ApprovalId} is");
        Should.Throw<PipelineRejected>(() => pipeline.When(new PipelineCommand.Reject("no", first)));
        pipeline.State.Waiting.ShouldNotBeNull();
        pipeline.When(new PipelineCommand.Approve("eve", null)).State.Waiting.ShouldBeNull("who names none decides what waits");
    }

    [Fact]
    public void An_approved_deployment_goes_ahead_of_the_queue_and_is_asked_for_once()
    {
        var pipeline = To("production").UpTo(Phase.Test).PhaseDone().When(new PipelineCommand.Approve("eve", "looks right"));
        pipeline.State.AheadOfQueue.ShouldBeTrue();
        pipeline.Taken().State.Current!.Phase.ShouldBe(Phase.Deploy);
        // Taken over by another worker: the approval still holds.
        pipeline.When(new PipelineCommand.Take("another")).State.Current!.Phase.ShouldBe(Phase.Deploy);
        pipeline.PhaseDone().State.Status.ShouldBe(PipelineStatus.Completed);
    }

    [Fact]
    public void A_rejected_deployment_does_not_happen()
    {
        var pipeline = To("production").UpTo(Phase.Test).PhaseDone().When(new PipelineCommand.Reject("not today"));
        pipeline.State.Status.ShouldBe(PipelineStatus.Failed);
        pipeline.State[Phase.Deploy].Attempt.ShouldBe(0);
    }

    [Fact]
    public void Other_environments_do_not_ask_unless_told_so() => To("staging").UpTo(Phase.Test).PhaseDone().State.Current!.Phase.ShouldBe(Phase.Deploy);

    [Fact]
    public void Whoever_asked_for_it_may_be_barred_from_approving()
    {
        var pipeline = To("bank").UpTo(Phase.Test).PhaseDone();
        Should.Throw<PipelineRejected>(() => pipeline.When(new PipelineCommand.Approve("ada", null))).Message.ShouldContain("another person");
        pipeline.When(new PipelineCommand.Approve("eve", null)).State.Status.ShouldBe(PipelineStatus.Queued);
    }

    [Fact]
    public void Any_phase_can_be_marked_for_approval()
    {
        var pipeline = Given.APipeline(Policy).When(Override("approvals", new JsonArray("design"))).Taken().PhaseDone();
        pipeline.State.Waiting!.Phase.ShouldBe(Phase.Design);
        pipeline.When(new PipelineCommand.Approve("eve", null)).Taken().PhaseDone().State.Current!.Phase.ShouldBe(Phase.Implement);
    }

    [Fact]
    public void An_untested_tree_is_deployed_only_when_a_person_agrees_to_exactly_that_tree()
    {
        var pipeline = Given.APipeline(Policy).UpTo(Phase.Implement).When(Override("skip_tests", true)).PhaseDone();
        pipeline.State.Waiting!.Tree.ShouldBe(Given.Tree);
        pipeline.State.Waiting.Reason.ShouldContain("untested");
        pipeline.When(new PipelineCommand.Approve("eve", "known good")).Taken();
        ProofGate.WhyNotDeployable(pipeline.State, Given.Tree).ShouldBeNull();
        ProofGate.WhyNotDeployable(pipeline.State, "another tree").ShouldNotBeNull();
    }

    [Fact]
    public void An_approval_before_a_retry_does_not_count_after_it()
    {
        var pipeline = To("production").UpTo(Phase.Test).PhaseDone().When(new PipelineCommand.Approve("eve", null)).Taken().PhaseFails()
            .When(new PipelineCommand.Retry(Phase.Implement, "once more")).Taken().PhaseDone().PhaseDone();
        pipeline.State.Status.ShouldBe(PipelineStatus.WaitingForGuardian);
    }

    [Fact]
    public void A_used_up_budget_pauses_with_the_reason_and_each_resume_grants_a_phase()
    {
        var pipeline = Given.APipeline(Policy).When(Override("limits", new JsonObject { ["attempts"] = 2 })).Taken().PhaseDone().PhaseDone();
        pipeline.State.Status.ShouldBe(PipelineStatus.Paused);
        pipeline.State.PauseReason!.ShouldContain("2 attempts");
        pipeline.When(new PipelineCommand.Resume(null)).Taken().State.Current!.Phase.ShouldBe(Phase.Implement);
        pipeline.PhaseDone().State.Status.ShouldBe(PipelineStatus.Paused);
    }

    [Fact]
    public void Cancelling_tells_what_stays_behind()
    {
        var cancelled = Given.APipeline(Policy).UpTo(Phase.Test).When(new PipelineCommand.Cancel("wrong task")).Events.OfType<Cancelled>().Single();
        cancelled.PartialEffects.ShouldContain(e => e.StartsWith("implement: completed, tree"));
        cancelled.PartialEffects.ShouldContain(e => e.StartsWith("test: attempt 1 was ended"));
    }

    static Given To(string environment) => Given.APipeline(Policy).When(Override("deployment_environment", environment));

    static PipelineCommand Override(string key, JsonNode value) => new PipelineCommand.Override(new() { [key] = value }, "so it shall be");
}
