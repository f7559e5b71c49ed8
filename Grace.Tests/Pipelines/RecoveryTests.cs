using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Tests.Pipelines;

public class RecoveryTests
{
    static readonly PipelinePolicy Twice = new(true, 2, (_, _) => null);

    static Given AFailedTestPhase(PipelinePolicy? policy = null, string error = "it broke") => Given.APipeline(policy ?? Twice).UpTo(Phase.Test).PhaseFails(error);

    static PipelineCommand.FinishRecovery Recovered(Given given, RecoveryReport report) => new(Phase.Test, given.State[Phase.Test].Recoveries, report);

    static readonly RecoveryReport Fixed = new("fix_formatting", null, []);

    [Fact]
    public void A_failed_phase_is_recovered_first()
    {
        var failed = AFailedTestPhase();
        failed.Events.OfType<RecoveryStarted>().Single().ShouldBe(new(Phase.Test, 1, 1, "it broke"));
        (failed.State.Status, failed.State.Recovering, failed.State.Worker).ShouldBe((PipelineStatus.Running, true, Given.Worker));
    }

    [Fact]
    public void A_fix_is_called_a_success_only_when_the_phase_completes_with_it()
    {
        var again = AFailedTestPhase();
        again.When(Recovered(again, Fixed)).Events.Select(e => e.GetType()).ShouldBe([typeof(RecoveryApplied), typeof(PhaseStarted)]);
        again.State[Phase.Test].Attempt.ShouldBe(2);
        again.PhaseDone().Events.OfType<RecoverySucceeded>().Single().Fix.ShouldBe("fix_formatting");
    }

    [Fact]
    public void A_fix_with_a_backoff_rests_and_whoever_takes_the_pipeline_then_tries_again()
    {
        var resting = AFailedTestPhase();
        resting.When(Recovered(resting, Fixed with { Backoff = TimeSpan.FromSeconds(30) })).Events.Select(e => e.GetType()).ShouldBe([typeof(RecoveryApplied)]);
        (resting.State.Status, resting.State.Worker, resting.State.Recovering).ShouldBe((PipelineStatus.Running, null, false));
        (resting.State.RetryAt - resting.State.UpdatedAt).ShouldBe(TimeSpan.FromSeconds(30));
        resting.When(new PipelineCommand.Take("other")).Events.Single().ShouldBe(new PhaseStarted(Phase.Test, 2, "other"));
        resting.State.RetryAt.ShouldBeNull();
        resting.PhaseDone().Events.OfType<RecoverySucceeded>().Single().Fix.ShouldBe("fix_formatting");
    }

    [Fact]
    public void A_phase_that_rests_is_paused_and_cancelled_at_once_and_a_pause_asked_for_before_takes_the_place_of_the_rest()
    {
        var resting = AFailedTestPhase();
        resting.When(Recovered(resting, Fixed with { Backoff = TimeSpan.FromSeconds(30) })).When(new PipelineCommand.Pause("look")).Events.Single().ShouldBe(new Paused("look"));
        resting.State.RetryAt.ShouldBeNull();

        var asked = AFailedTestPhase();
        asked.When(new PipelineCommand.Pause("look"));
        asked.When(Recovered(asked, Fixed with { Backoff = TimeSpan.FromSeconds(30) })).Events.Select(e => e.GetType()).ShouldBe([typeof(RecoveryApplied), typeof(Paused)]);
        asked.State.RetryAt.ShouldBeNull();
    }

    [Fact]
    public void A_fix_after_which_the_phase_fails_again_has_failed()
    {
        var again = AFailedTestPhase();
        again.When(Recovered(again, Fixed)).PhaseFails("it broke elsewhere");
        again.Events.OfType<RecoveryFailed>().Single().Reason.ShouldBe("The phase failed again after fix_formatting: it broke elsewhere");
        again.Events.OfType<RecoveryStarted>().Single().Recovery.ShouldBe(2);
    }

    [Fact]
    public void When_the_recoveries_are_used_up_the_guardian_decides_with_the_evidence()
    {
        var failed = AFailedTestPhase();
        failed.When(Recovered(failed, Fixed)).PhaseFails("b");
        failed.When(Recovered(failed, Fixed)).PhaseFails("c");
        failed.State.Status.ShouldBe(PipelineStatus.WaitingForGuardian);
        failed.Events.OfType<Escalated>().Single().Reason.ShouldBe("test still fails after 2 recoveries: c");
        failed.State.Waiting!.Evidence["error"]!.ToString().ShouldBe("c");
    }

    [Fact]
    public void Without_a_known_fix_the_guardian_decides_at_once()
    {
        var failed = AFailedTestPhase();
        failed.When(Recovered(failed, new(null, "No fix is known.", new() { ["issues"] = new JsonArray() })));
        failed.Events.Select(e => e.GetType()).ShouldBe([typeof(RecoveryFailed), typeof(Escalated)]);
        failed.State.Waiting!.Reason.ShouldBe("it broke No fix is known.");
        failed.State[Phase.Test].Status.ShouldBe(PhaseStatus.Failed, "never skipped, never passed");
    }

    [Fact]
    public void Failing_three_times_in_the_same_way_is_no_progress_however_many_recoveries_are_left()
    {
        var patient = new PipelinePolicy(true, 20, (_, _) => null);
        var failed = Given.APipeline(patient).UpTo(Phase.Test);
        PipelineCommand.Finish Same() => new(Phase.Test, failed.State.Current!.Attempt, Given.Report(Phase.Test) with { Error = "same", Fingerprint = new() { ["fingerprint"] = "abc" } });
        failed.When(Same());
        failed.When(Recovered(failed, Fixed)).When(Same());
        failed.State.Status.ShouldBe(PipelineStatus.Running);
        failed.When(Recovered(failed, Fixed)).When(Same());
        failed.Events.OfType<Escalated>().Single().Reason.ShouldBe("test failed 3 times in the same way, which is no progress: same");
    }

    [Fact]
    public void A_fix_to_the_code_is_the_tree_that_tests_and_deployment_have_to_prove()
    {
        const string mended = "5b825dc642cb6eb9a060e54bf8d69288fbee4904";
        var given = AFailedTestPhase();
        ProducedArtifact code = new("recovery_agent_1", "code", "sha256:01", 10, "application/json", [], []);
        given.When(Recovered(given, Fixed with { Tree = mended, Artifacts = [code] }));
        given.State[Phase.Implement].Proof!.Tree.ShouldBe(mended);
        given.State.CurrentArtifacts.Where(a => a.ArtifactType == "code").Select(a => a.ArtifactId).ShouldBe(["recovery_agent_1"]);
        given.When(new PipelineCommand.Finish(Phase.Test, 2, Given.Report(Phase.Test)));
        given.Events.OfType<PhaseFailed>().Single().Error.ShouldContain("the evidence is stale");

        given.When(Recovered(given, Fixed));
        given.When(new PipelineCommand.Finish(Phase.Test, 3, Given.Report(Phase.Test, new(mended, "dotnet test", 0, 3, 3, 0, 0))));
        given.State.Current!.Phase.ShouldBe(Phase.Deploy);
        given.When(new PipelineCommand.Finish(Phase.Deploy, 1, Given.Report(Phase.Deploy, new(mended))));
        given.Events.OfType<Completed>().Single().Artifacts.ShouldBe(5);
    }

    [Fact]
    public void What_a_fix_wants_the_next_attempt_to_know_is_merged_into_its_context()
    {
        var given = AFailedTestPhase();
        given.When(Recovered(given, Fixed with { Context = new() { ["recovery"] = new JsonObject { ["time_limit_seconds"] = 1200 } } }));
        given.State.Context["recovery"]!["time_limit_seconds"]!.GetValue<int>().ShouldBe(1200);
    }

    [Fact]
    public void A_pause_during_a_recovery_holds_when_the_recovery_ends()
    {
        var given = AFailedTestPhase();
        given.When(new PipelineCommand.Pause("look")).Events.Single().ShouldBe(new PauseRequested("look"));
        given.When(Recovered(given, Fixed)).State.Status.ShouldBe(PipelineStatus.Paused);
        given.When(new PipelineCommand.Resume(null)).Taken().State.Current!.ShouldSatisfyAllConditions(
            phase => phase.Attempt.ShouldBe(2), phase => phase.Fix.ShouldBe("fix_formatting"));
    }

    [Fact]
    public void Another_worker_begins_the_recovery_of_a_dead_one_again()
    {
        var given = AFailedTestPhase();
        given.When(new PipelineCommand.Take("another"));
        given.Events.Select(e => e.GetType()).ShouldBe([typeof(RecoveryFailed), typeof(RecoveryStarted)]);
        (given.State.Recovering, given.State.Worker, given.State[Phase.Test].Recoveries).ShouldBe((true, "another", 1));
    }

    [Fact]
    public void A_recovery_that_is_not_running_any_more_records_nothing()
    {
        var given = AFailedTestPhase();
        var late = Recovered(given, Fixed);
        given.When(new PipelineCommand.Cancel("enough"));
        Should.Throw<PipelineRejected>(() => given.When(late));
    }

    [Property]
    public Property However_a_phase_fails_it_ends_completed_or_with_a_person_and_is_never_tried_more_often_than_allowed() =>
        Prop.ForAll(Gen.Choose(0, 4).ToArbitrary(), Gen.Choose(0, 3).ListOf().ToArbitrary(), (allowed, script) =>
        {
            var given = Given.APipeline(new PipelinePolicy(true, allowed, (_, _) => null)).UpTo(Phase.Test);
            foreach (var step in script)
                if (given.State.Recovering)
                    given.When(Recovered(given, step == 0 ? new(null, "none", []) : Fixed));
                else if (given.State.Current is { Phase: Phase.Test })
                    given = step == 3 ? given.PhaseDone() : given.PhaseFails($"error {step}");
            var test = given.State[Phase.Test];
            test.Recoveries.ShouldBeLessThanOrEqualTo(allowed);
            test.Attempt.ShouldBeLessThanOrEqualTo(allowed + 1);
            if (given.State.Current is null && !given.State.Recovering)
                given.State.Status.ShouldBe(allowed == 0 ? PipelineStatus.Failed : PipelineStatus.WaitingForGuardian);
        });
}
