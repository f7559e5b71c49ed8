using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Live;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Tests.Live;

/// <summary>Given what happened and when, then lanes with what lasted and who did what.</summary>
public class StoryTests
{
    [Fact]
    public void A_phase_that_fails_recovers_and_completes_is_two_attempts_with_a_recovery_between() =>
        Lane(Told(
            (new Started(), 1), (new PhaseStarted(Phase.Test, 1, "w"), 1), (new PhaseFailed(Phase.Test, 1, "1 of 22 failed", 9), 10),
            (new RecoveryStarted(Phase.Test, 1, 1, "1 of 22 failed"), 10), (new RecoveryApplied(Phase.Test, 1, "reinstall", [], null, null), 12),
            (new PhaseStarted(Phase.Test, 2, "w"), 13), (new PhaseCompleted(Phase.Test, 2, 1, 7, [], null), 20), (new RecoverySucceeded(Phase.Test, 1, "reinstall", []), 20)), Phase.Test)
            .Spans.Select(Short).ShouldBe(["Attempt 1 failed 1-10", "Recovery 1 succeeded 10-12", "Attempt 2 completed 13-20"]);

    [Fact]
    public void A_pause_is_a_span_with_who_asked_for_it_and_who_ended_it()
    {
        var lane = Lane(Told((new Paused("lunch"), 5), (new Resumed("back"), 3600), (new PhaseStarted(Phase.Test, 1, "w"), 3602)), null);
        lane.Spans.Select(Short).ShouldBe(["Queue 0 ended 0-5", "Pause 0 ended 5-3600", "Queue 0 ended 3600-3602"]);
        (lane.Spans[1].By, lane.Spans[1].Why).ShouldBe(("grace", "lunch"));
        lane.Marks.Select(m => $"{m.Kind} {m.By}").ShouldBe(["submit grace", "pause grace", "resume grace"]);
    }

    [Fact]
    public void A_pause_that_was_only_asked_for_makes_nothing_wait() =>
        Lane(Told((new PhaseStarted(Phase.Test, 1, "w"), 1), (new PauseRequested("look"), 2), (new Resumed("never mind"), 3)), null)
            .Spans.Select(Short).ShouldBe(["Queue 0 ended 0-1"]);

    [Fact]
    public void An_approval_is_a_wait_with_a_mark_where_it_was_asked_for_and_one_with_the_name_of_who_gave_it()
    {
        var lane = Lane(Told((new ApprovalRequested("a1", Phase.Test, "Run the tests?", [], null, false), 2), (new Approved("a1", Phase.Test, null, "fine"), 90)), Phase.Test);
        lane.Spans.Select(Short).ShouldBe(["Wait 0 approved 2-90"]);
        lane.Marks.Select(m => $"{m.Kind} {m.By}".Trim()).ShouldBe(["asked", "approved grace"]);
    }

    [Fact]
    public void What_a_person_rejects_ends_the_wait_and_the_pipeline()
    {
        var story = Told((new Escalated(Phase.Test, "no progress", []), 2), (new Rejected(null, Phase.Test, "no"), 9), (new Failed(Phase.Test, "Rejected: no"), 9));
        Lane(story, Phase.Test).Spans.Select(Short).ShouldBe(["Wait 0 rejected 2-9"]);
        story.Ended.ShouldBe(Given.Noon.AddSeconds(9));
    }

    [Fact]
    public void An_override_and_a_retry_carry_the_persons_name_and_a_retry_opens_the_story_again()
    {
        var story = Told((new Failed(Phase.Test, "it broke"), 5), (new Resumed("again", Phase.Test), 60), (new Overridden(new() { ["note"] = "mind" }, [], [], "lost tags"), 61));
        story.Ended.ShouldBeNull();
        Lane(story, Phase.Test).Marks.Single().ShouldSatisfyAllConditions(m => m.Kind.ShouldBe("retry"), m => m.By.ShouldBe("grace"));
        Lane(story, null).Marks[^1].Text.ShouldBe("changed note: lost tags");
        Lane(story, null).Spans[^1].Until.ShouldBeNull("it waits for a slot");
    }

    [Fact]
    public void An_attempt_whose_worker_died_was_interrupted_and_the_pipelines_end_ends_what_runs()
    {
        Lane(Told((new PhaseStarted(Phase.Test, 1, "w"), 1), (new PhaseStarted(Phase.Test, 2, "v"), 5)), Phase.Test).Spans.Select(Short).ShouldBe(["Attempt 1 interrupted 1-5", "Attempt 2 running 5-"]);
        Lane(Told((new PhaseStarted(Phase.Test, 1, "w"), 1), (new Cancelled("no", []), 5)), Phase.Test).Spans.Select(Short).ShouldBe(["Attempt 1 interrupted 1-5"]);
    }

    [Fact]
    public void A_weekend_of_waiting_is_a_break_that_says_how_long_and_leaves_the_work_to_scale()
    {
        var story = Weekend();
        var scale = StoryScale.Of(story, story.Began, story.Ended!.Value, Given.Noon.AddDays(9));
        var gap = scale.Breaks.Single();
        gap.Width.ShouldBe(5);
        StoryPicture.Lasted(gap.Until - gap.From).ShouldStartWith("1 d 23 h");
        Width(scale, 0, 600).ShouldBe(Width(scale, 172_800, 172_800 + 600), 1e-6, "as long, as wide");
        Width(scale, 0, 600).ShouldBeGreaterThan(40);
        scale.TimeAt(scale.At(Given.Noon.AddSeconds(300))).ShouldBe(Given.Noon.AddSeconds(300), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Ticks_are_round_and_never_closer_than_they_can_be_read()
    {
        var story = Weekend();
        var ticks = StoryScale.Of(story, story.Began, story.Ended!.Value, Given.Noon).Ticks();
        ticks[0].ShouldBe(new(0, "31 Jan 12:00"));
        ticks.Select(t => t.Text).ShouldContain("12:05");
        ticks.Select(t => t.Text).ShouldContain(t => t.StartsWith("2 Feb"));
        ticks.Zip(ticks.Skip(1)).ShouldAllBe(pair => pair.Second.Left - pair.First.Left >= 12);
    }

    [Fact]
    public void Thousands_of_attempts_are_drawn_as_few_that_say_how_many_they_are()
    {
        var story = Told([.. Enumerable.Range(1, 5000).SelectMany(n => new (PipelineEvent, int)[]
        {
            (new PhaseStarted(Phase.Test, n, "w"), 10 * n), (new PhaseFailed(Phase.Test, n, "no", 1), 10 * n + 8), (new Overridden(new() { ["n"] = n }, [], [], "try"), 10 * n + 9),
        })]);
        var now = Given.Noon.AddSeconds(50_100);
        var whole = StoryPicture.Of(story, story.Began, now, now);
        whole.Rows.Sum(r => r.Bars.Count + r.Marks.Count).ShouldBeLessThan(300);
        whole.Rows.Single(r => r.Name == "test").Bars.Sum(b => b.Count).ShouldBe(5000);
        whole.Rows.Single(r => r.Name == "pipeline").Marks.Sum(b => b.Count).ShouldBe(5001);
        whole.Folded.ShouldBeGreaterThan(9000);
        var group = whole.Rows.Single(r => r.Name == "test").Bars.First(b => b.Count > 1);
        group.Look.ShouldBe("attempt failed group");
        group.Text.ShouldContain($"{group.Count} attempt failed");
        // Its own stretch of time shows each of them.
        var near = StoryPicture.Of(story, Given.Noon.AddSeconds(10), Given.Noon.AddSeconds(99), now);
        near.Rows.Single(r => r.Name == "test").Bars.ShouldAllBe(b => b.Count == 1);
    }

    [Fact]
    public void Zooming_steps_over_a_break_as_wide_as_it_looks_and_out_again_to_the_whole()
    {
        var story = Weekend();
        var now = story.Ended!.Value;
        var nearer = StoryWindow.Zoom(story, null, now, .5)!;
        (nearer.Until!.Value - nearer.From).ShouldBeGreaterThan(TimeSpan.FromDays(1.9));
        var earlier = StoryWindow.Move(story, nearer, now, -1)!;
        earlier.From.ShouldBe(story.Began, TimeSpan.FromSeconds(1));
        StoryWindow.Zoom(story, nearer, now, 2).ShouldBeNull();
    }

    [Fact]
    public void While_it_runs_zooming_in_keeps_now_in_sight()
    {
        var story = Told((new PhaseStarted(Phase.Test, 1, "w"), 1));
        var seen = StoryWindow.Zoom(story, null, Given.Noon.AddSeconds(101), .5)!;
        seen.Until.ShouldBeNull();
        seen.From.ShouldBe(Given.Noon.AddSeconds(50.5), TimeSpan.FromSeconds(1));
    }

    static Story Weekend() => Told(
        (new PhaseStarted(Phase.Implement, 1, "w"), 0), (new PhaseCompleted(Phase.Implement, 1, 1, 600, [], null), 600),
        (new ApprovalRequested("a1", Phase.Test, "Run the tests?", [], null, false), 600), (new Approved("a1", Phase.Test, null, null), 172_799),
        (new PhaseStarted(Phase.Test, 1, "w"), 172_800), (new PhaseCompleted(Phase.Test, 1, 1, 600, [], null), 173_400), (new Completed(2, 173_400), 173_400));

    static double Width(StoryScale scale, int from, int until) => scale.At(Given.Noon.AddSeconds(until)) - scale.At(Given.Noon.AddSeconds(from));

    static StoryLane Lane(Story story, Phase? phase) => story.Lanes.Single(l => l.Phase == phase);

    static string Short(StorySpan s) => $"{s.Kind} {s.Number} {s.Outcome} {Second(s.From)}-{(s.Until is { } end ? Second(end) : "")}";

    static string Second(DateTimeOffset at) => $"{(at - Given.Noon).TotalSeconds:0}";

    internal static Story Told(params (PipelineEvent Change, int Second)[] events) =>
        events.Prepend((new Submitted("Build it", [], [Phase.Implement, Phase.Test], null, "grace", null), 0)).Index()
            .Aggregate(Story.Untold, (story, e) => story.Evolve(e.Item.Item1, Given.Noon.AddSeconds(e.Item.Item2), "grace", e.Index + 1));
}
