using System.Collections.Immutable;
using System.Text.Json;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Live;

namespace Grace.Tests.Live;

public class PipelineReplayTests
{
    [Fact]
    public async Task Every_version_is_as_the_orchestrator_folds_it()
    {
        await using var grace = await ToldRun.StartAsync();
        using var told = new ToldRun(grace);
        var run = await told.TellAsync();
        var replay = new PipelineReplay(grace.Get<EventLog>(), run.Id);
        await replay.CatchUpAsync(default);
        for (var version = 1L; version <= run.Version; version++)
            Text((await replay.AtAsync(version, default)).State).ShouldBe(Text(await grace.Orchestrator.LoadAsync(run.Id, version)));
        (await replay.AtAsync(1000, default)).State.Version.ShouldBe(run.Version);
    }

    [Fact]
    public async Task A_long_stream_keeps_few_moments_and_tells_any_version()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var id = await ToldRun.LongAsync(grace, 6000);
        var replay = new PipelineReplay(grace.Get<EventLog>(), id);
        await replay.CatchUpAsync(default);
        replay.Now.State.Version.ShouldBe(6000);
        replay.Kept.ShouldBeInRange(10, PipelineReplay.MostKept);
        foreach (var version in new long[] { 1, 2, 63, 64, 65, 3001, 5999 })
            (await replay.AtAsync(version, default)).State.Version.ShouldBe(version);
        (await replay.AtAsync(1, default)).State.Status.ShouldBe(PipelineStatus.Queued);
    }

    [Fact]
    public void A_phase_costs_what_its_attempts_took_together()
    {
        var effort = Told(
            (new PipelineEvent.PhaseStarted(Phase.Test, 1, "w"), 0), (new PipelineEvent.PhaseFailed(Phase.Test, 1, "it broke", 3), 3),
            (new PipelineEvent.PhaseStarted(Phase.Test, 2, "w"), 10), (new PipelineEvent.PhaseStarted(Phase.Test, 2, "v"), 14));
        effort.Attempts.ShouldBe(3);
        effort.Newest.Select(a => (a.Number, a.Outcome)).ShouldBe([(1, "failed"), (2, "interrupted"), (2, "running")]);
        effort.Total(Given.Noon.AddSeconds(20)).ShouldBe(3 + 4 + 6);
    }

    [Fact]
    public void The_pipelines_end_ends_the_phase_that_runs()
    {
        var effort = Told((new PipelineEvent.PhaseStarted(Phase.Test, 1, "w"), 0), (new PipelineEvent.Cancelled("no", []), 5));
        (effort.Newest[0].Outcome, effort.Total(Given.Noon.AddHours(1))).ShouldBe(("failed", 5d));
    }

    [Fact]
    public void Of_many_attempts_only_the_newest_are_kept_and_all_are_counted()
    {
        var effort = Told([.. Enumerable.Range(1, 50).SelectMany(n => new (PipelineEvent, int)[]
        {
            (new PipelineEvent.PhaseStarted(Phase.Test, n, "w"), 2 * n), (new PipelineEvent.PhaseFailed(Phase.Test, n, "no", 1), 2 * n + 1),
        })]);
        (effort.Attempts, effort.Newest.Count, effort.Ended).ShouldBe((50, PhaseEffort.Kept, 50d));
    }

    [Fact]
    public void Every_event_has_its_line()
    {
        foreach (var type in PipelineEvents.Known)
        {
            var data = JsonSerializer.Serialize(Sample(type), type, Wire.Json);
            var name = PipelineEvents.Name((PipelineEvent)Sample(type));
            EventStory.Of(new(1, "pipeline_1", 1, name, data, Given.Noon, "ada", [1], 1)).ShouldNotBeEmpty(name);
        }
        EventStory.Of(new(1, "pipeline_1", 1, "of.the.future", "{}", Given.Noon, "ada", [1], 1)).ShouldBeEmpty();
    }

    /// <summary>An event with something in each of its fields.</summary>
    static object Sample(Type type)
    {
        var made = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return made.Invoke([.. made.GetParameters().Select(p => Value(Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType))]);

        static object? Value(Type t) => t == typeof(string) ? "said" : t == typeof(int) ? 1 : t == typeof(long) ? 1L : t == typeof(double) ? 1.5 : t == typeof(bool) ? true
            : t == typeof(Phase) ? Phase.Test : t == typeof(System.Text.Json.Nodes.JsonObject) || t == typeof(System.Text.Json.Nodes.JsonNode) ? new System.Text.Json.Nodes.JsonObject { ["key"] = 1 }
            : t == typeof(IReadOnlyList<string>) ? new[] { "one" } : t == typeof(IReadOnlyList<Phase>) ? new[] { Phase.Test } : null;
    }

    static PhaseEffort Told(params (PipelineEvent Change, int Second)[] events) =>
        events.Aggregate(ImmutableDictionary<Phase, PhaseEffort>.Empty, (efforts, e) => PhaseEffort.Evolve(efforts, e.Change, Given.Noon.AddSeconds(e.Second)))[Phase.Test];

    static string Text(Pipeline state) => JsonSerializer.Serialize(state, Wire.Json);
}
