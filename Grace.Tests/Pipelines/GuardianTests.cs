using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Tests.Pipelines;

public class GuardianTests
{
    static readonly PipelineCommand Pause = new PipelineCommand.Pause("look");
    static readonly PipelineCommand Resume = new PipelineCommand.Resume(null);

    [Fact]
    public void Pausing_lets_the_running_phase_complete_first()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Design).When(Pause);
        pipeline.State.Status.ShouldBe(PipelineStatus.Running);
        pipeline.PhaseDone().State.Status.ShouldBe(PipelineStatus.Paused);
        pipeline.State[Phase.Design].Status.ShouldBe(PhaseStatus.Completed);
        pipeline.State.Worker.ShouldBeNull();
    }

    [Fact]
    public void Pausing_in_the_queue_is_in_effect_at_once() => Given.APipeline().When(Pause).State.Status.ShouldBe(PipelineStatus.Paused);

    [Fact]
    public void Pausing_in_the_last_phase_has_nothing_left_to_hold() =>
        Given.APipeline().UpTo(Phase.Deploy).When(Pause).PhaseDone().State.Status.ShouldBe(PipelineStatus.Completed);

    [Fact]
    public void Pausing_twice_is_pausing_once()
    {
        Given.APipeline().When(Pause).When(Pause).Events.ShouldBeEmpty();
        Given.APipeline().Taken().When(Pause).When(Pause).Events.ShouldBeEmpty();
    }

    [Fact]
    public void Resuming_before_the_pause_took_effect_takes_it_back()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Design).When(Pause).When(Resume);
        pipeline.State.PauseRequested.ShouldBeFalse();
        pipeline.PhaseDone().State.Current!.Phase.ShouldBe(Phase.Implement);
    }

    [Fact]
    public void A_resumed_pipeline_goes_ahead_of_the_queue_and_on_where_it_was()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Design).When(Pause).PhaseDone().When(Resume);
        pipeline.State.AheadOfQueue.ShouldBeTrue();
        pipeline.Taken().State.Current!.Phase.ShouldBe(Phase.Implement);
    }

    [Fact]
    public void An_override_merges_into_the_context_and_logs_before_and_after()
    {
        var pipeline = Given.APipeline().When(new PipelineCommand.Override(new() { ["limits"] = new JsonObject { ["a"] = 1 } }, "first"))
            .When(new PipelineCommand.Override(new() { ["limits"] = new JsonObject { ["b"] = 2 } }, "second"));
        pipeline.State.Context.ToJsonString().ShouldBe("""{"limits":{"a":1,"b":2}}""");
        var logged = pipeline.Events.OfType<Overridden>().Single();
        (logged.Before.ToJsonString(), logged.After.ToJsonString(), logged.Reason).ShouldBe(("""{"limits":{"a":1}}""", """{"limits":{"a":1,"b":2}}""", "second"));
    }

    [Fact]
    public void What_has_ended_takes_no_more_orders()
    {
        foreach (var command in new[] { Pause, Resume, new PipelineCommand.Cancel("late"), new PipelineCommand.Override(new() { ["a"] = 1 }, "late") })
            Should.Throw<PipelineRejected>(() => Given.APipeline().UpTo(Phase.Deploy).PhaseDone().When(command));
    }

    [Fact]
    public void Cancelling_ends_it_wherever_it_is_and_once()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Design).When(new PipelineCommand.Cancel("wrong task"));
        pipeline.State.Status.ShouldBe(PipelineStatus.Cancelled);
        pipeline.When(new PipelineCommand.Cancel("again")).Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_failed_pipeline_can_be_retried_from_its_failed_phase_or_an_earlier_one()
    {
        Given.APipeline().UpTo(Phase.Test).PhaseFails().When(new PipelineCommand.Retry(null, null)).Taken().State.Current!.Phase.ShouldBe(Phase.Test);
        Given.APipeline().UpTo(Phase.Test).PhaseFails().When(new PipelineCommand.Retry(Phase.Design, null)).Taken().State.Current!.Phase.ShouldBe(Phase.Design);
        Should.Throw<PipelineRejected>(() => Given.APipeline().UpTo(Phase.Test).PhaseFails().When(new PipelineCommand.Retry(Phase.Deploy, null)));
    }

    [Fact]
    public void A_pause_that_lasted_too_long_waits_for_a_person_who_can_still_resume_it()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Design).When(Pause).PhaseDone().When(new PipelineCommand.Escalate("a day", []));
        pipeline.State.Status.ShouldBe(PipelineStatus.WaitingForGuardian);
        pipeline.When(Resume).Taken().State.Current!.Phase.ShouldBe(Phase.Implement);
    }

    /// <summary>Whatever commands come in whatever order: no surprise but a typed refusal, and the laws of the state hold.</summary>
    [Fact]
    public void Any_order_of_commands_leaves_one_consistent_state() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), script =>
        {
            var pipeline = Given.APipeline(new PipelinePolicy(true, 1, (_, _) => null));
            foreach (var step in script)
            {
                try
                {
                    Step(pipeline, step);
                }
                catch (PipelineRejected)
                {
                }
                var state = pipeline.State;
                state.Phases.Count(p => p.Status == PhaseStatus.Running).ShouldBeLessThanOrEqualTo(1);
                if (state.Status is PipelineStatus.Paused or PipelineStatus.Queued or PipelineStatus.WaitingForGuardian || state.Status.IsFinal())
                {
                    state.Worker.ShouldBeNull();
                    state.Current.ShouldBeNull();
                }
                if (state.Status == PipelineStatus.Completed)
                    state.Phases.ShouldAllBe(p => p.Status == PhaseStatus.Completed);
            }
        }).QuickCheckThrowOnFailure();

    static void Step(Given pipeline, byte step)
    {
        var state = pipeline.State;
        switch (step % 10)
        {
            case 0: pipeline.When(Pause); break;
            case 1: pipeline.When(Resume); break;
            case 2: pipeline.Taken(); break;
            case 3 or 4 or 5 when state.Current is not null && !state.Recovering: pipeline.PhaseDone(); break;
            case 6 when state.Current is not null && !state.Recovering: pipeline.PhaseFails(); break;
            case 7 when state.Recovering:
                var failed = state.Phases.First(p => p.Status == PhaseStatus.Failed);
                pipeline.When(new PipelineCommand.FinishRecovery(failed.Phase, failed.Recoveries, new(step > 127 ? "fixed" : null, null, [])));
                break;
            case 8: pipeline.When(new PipelineCommand.Retry(null, null)); break;
            case 9 when step > 200: pipeline.When(new PipelineCommand.Cancel("stop")); break;
        }
    }
}
