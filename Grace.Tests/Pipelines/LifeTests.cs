using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Tests.Pipelines;

public class LifeTests
{
    [Fact]
    public void A_submitted_pipeline_waits_in_the_queue() => Given.APipeline().State.Status.ShouldBe(PipelineStatus.Queued);

    [Fact]
    public void The_same_submission_twice_is_one_pipeline() =>
        Given.APipeline().When(new PipelineCommand.Submit("Again", [], PhaseOrder.All, null, "bob")).Events.ShouldBeEmpty();

    [Fact]
    public void A_worker_that_takes_it_starts_the_first_phase()
    {
        var pipeline = Given.APipeline().Taken();
        pipeline.Events.Select(e => e.GetType()).ShouldBe([typeof(Started), typeof(PhaseStarted)]);
        pipeline.State.Current!.Phase.ShouldBe(Phase.Research);
    }

    [Fact]
    public void Each_phase_starts_the_next_and_the_last_completes_the_pipeline()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Deploy).PhaseDone();
        pipeline.State.Status.ShouldBe(PipelineStatus.Completed);
        pipeline.Events.OfType<Completed>().Single().Artifacts.ShouldBe(5);
    }

    [Fact]
    public void Only_the_phases_that_were_asked_for_run()
    {
        var pipeline = Given.APipeline(null, Phase.Research, Phase.Design).Taken().PhaseDone();
        pipeline.State.Current!.Phase.ShouldBe(Phase.Design);
        pipeline.PhaseDone().State.Status.ShouldBe(PipelineStatus.Completed);
    }

    [Fact]
    public void A_failing_phase_fails_the_pipeline_when_nothing_recovers_it()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Implement).PhaseFails("no compiler");
        pipeline.State.Status.ShouldBe(PipelineStatus.Failed);
        pipeline.State.Error.ShouldBe("no compiler");
    }

    [Fact]
    public void What_a_dead_worker_left_is_interrupted_and_started_again()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Design).When(new PipelineCommand.Take("another"));
        pipeline.Events.Select(e => e.GetType()).ShouldBe([typeof(PhaseInterrupted), typeof(PhaseStarted)]);
        pipeline.State.Current!.Attempt.ShouldBe(2);
        pipeline.State.Worker.ShouldBe("another");
    }

    [Fact]
    public void The_outcome_of_an_attempt_that_was_taken_over_is_not_recorded()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Design).When(new PipelineCommand.Take("another"));
        Should.Throw<PipelineRejected>(() => pipeline.When(new PipelineCommand.Finish(Phase.Design, 1, Given.Report(Phase.Design))));
    }

    [Fact]
    public void A_phase_is_completed_once()
    {
        var pipeline = Given.APipeline().UpTo(Phase.Design).PhaseDone();
        Should.Throw<PipelineRejected>(() => pipeline.When(new PipelineCommand.Finish(Phase.Design, 1, Given.Report(Phase.Design))));
    }

    [Fact]
    public void Every_event_evolves_and_has_a_name()
    {
        var events = typeof(PipelineEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(PipelineEvent))).ToList();
        events.ShouldNotBeEmpty();
        PipelineEvents.Known.ShouldBe(events, ignoreOrder: true);
        foreach (var type in events)
        {
            var change = (PipelineEvent)System.Text.Json.JsonSerializer.Deserialize(
                """{"phase":"research","task":"x","context":{},"phases":["research"],"after":{},"override":{},"before":{},"approval_id":"a","artifact_type":"t","metadata":{},"provenance":{},"evidence":{},"details":{},"fingerprint":{}}""",
                type, Grace.Engine.Log.Wire.Json)!;
            Should.NotThrow(() => Pipeline.Unborn.Evolve(change, Given.Noon, null), type.Name);
        }
    }
}
