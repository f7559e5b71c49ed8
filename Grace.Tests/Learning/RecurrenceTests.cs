using Grace.Engine.Failures;
using Grace.Engine.Learning;

namespace Grace.Tests.Learning;

public class RecurrenceTests
{
    static readonly DateTimeOffset Noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly RecurrencePolicy ThreeInAWeek = new(3, TimeSpan.FromDays(7), 2);

    static Cluster SeenAt(params (string Pipeline, double HoursAgo)[] sightings) => sightings
        .Aggregate(TriageState.Empty, (state, s) => state.Add(new("agent.tests.failed", s.Pipeline, "test", null, null, null, "KeyError: 'a'", Noon.AddHours(-s.HoursAgo))).State)
        .Clusters.Values.Single();

    [Fact]
    public void Given_enough_failures_in_enough_pipelines_within_the_window_then_it_recurs() =>
        Recurrence.Judge(SeenAt(("a", 1), ("a", 2), ("b", 3)), ThreeInAWeek, Noon)
            .ShouldBe(new(true, "It recurs: seen 3 times in 2 pipelines within 7 days."));

    [Fact]
    public void Given_one_pipeline_that_fails_again_and_again_then_it_does_not_recur() =>
        Recurrence.Judge(SeenAt(("a", 1), ("a", 2), ("a", 3)), ThreeInAWeek, Noon)
            .ShouldBe(new(false, "It does not recur yet: seen 3 times in 1 pipeline within 7 days; 2 different pipelines are asked for."));

    [Fact]
    public void Given_failures_before_the_window_then_they_do_not_count() =>
        Recurrence.Judge(SeenAt(("a", 1), ("b", 24 * 8), ("c", 24 * 9)), ThreeInAWeek, Noon)
            .ShouldBe(new(false, "It does not recur yet: seen 1 time in 1 pipeline within 7 days; 3 times are asked for."));

    [Fact]
    public void Given_a_pipeline_that_failed_before_and_within_the_window_then_only_what_is_sure_counts() =>
        Recurrence.Judge(SeenAt(("a", 24 * 8), ("a", 24 * 9), ("a", 1), ("b", 1)), ThreeInAWeek, Noon).Recurring.ShouldBeFalse();

    [Theory]
    [InlineData(10, true, "It recurs: seen 3 times in 2 pipelines within 7 days (20 % of 10).")]
    [InlineData(100, false, "It does not recur yet: seen 3 times in 2 pipelines within 7 days (2 % of 100); 10 % of the pipelines are asked for.")]
    public void Given_how_many_pipelines_ran_then_the_share_is_asked_for(int ran, bool recurring, string reason) =>
        Recurrence.Judge(SeenAt(("a", 1), ("a", 2), ("b", 3)), ThreeInAWeek with { MinRate = 0.1 }, Noon, ran).ShouldBe(new(recurring, reason));

    [Fact]
    public void Given_more_pipelines_than_a_cluster_remembers_then_the_reason_says_at_least() =>
        Recurrence.Judge(SeenAt([.. Enumerable.Range(0, 80).Select(i => ($"p{i}", i / 60.0))]), ThreeInAWeek, Noon).Reason
            .ShouldBe("It recurs: seen at least 50 times in at least 50 pipelines within 7 days.");
}
