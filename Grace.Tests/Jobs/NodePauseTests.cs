using Grace.Engine.Jobs;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Jobs;

public class NodePauseTests
{
    [Fact]
    public async Task A_paused_node_completes_its_phase_and_another_goes_on_until_it_is_resumed()
    {
        var gates = PhaseOrder.All.ToDictionary(p => p, _ => new TaskCompletionSource());
        Task Gate(PhaseWork work) => gates[work.Pipeline.Current!.Phase].Task;
        await using var one = await TestGrace.StartAsync(limit: 1, gate: Gate);
        await using var two = await TestGrace.StartAsync(one.ConnectionString, limit: 1, gate: Gate);
        var id = await one.SubmitAsync();
        var running = await one.UntilAsync(id, p => p.Current?.Phase == Phase.Research);
        var (first, second) = Leads(running, one) ? (one, two) : (two, one);
        Leads(running, first).ShouldBeTrue();

        await Paused(first, by: second);
        (await second.Get<JobQueries>().OverviewAsync()).Slots[0].Node.ShouldBe(first.NodeId());
        gates[Phase.Research].SetResult();
        var moved = await second.UntilAsync(id, p => p.Current?.Phase == Phase.Design && Leads(p, second));
        moved[Phase.Research].Attempt.ShouldBe(1);
        (await second.Get<JobQueries>().OverviewAsync()).ShouldSatisfyAllConditions(
            now => now.Slots[0].Node.ShouldBe(second.NodeId()),
            now => now.Nodes.Single(n => n.Id == first.NodeId()).PausedBy.ShouldBe("ada"),
            now => now.Nodes.Single(n => n.Id == first.NodeId()).PausedReason.ShouldBe("upkeep"));

        await first.Get<JobAdmin>().ResumeNodeAsync(first.NodeId(), "linus");
        await first.UntilJobsAsync(() => Task.FromResult(first.Get<NodePause>().IsPaused), paused => !paused);
        await Paused(second, by: first);
        gates[Phase.Design].SetResult();
        await first.UntilAsync(id, p => p.Current?.Phase == Phase.Implement && Leads(p, first));
        foreach (var gate in gates.Values)
            gate.TrySetResult();
        var done = await first.UntilAsync(id, PipelineStatus.Completed);
        done.Artifacts.Count.ShouldBe(5);
        (await first.Get<LogVerifier>().VerifyAsync()).Faults.ShouldBeEmpty();
        (await first.HistoryAsync(new(Outcome: "action"))).Select(a => (a.Outcome, a.By)).ShouldBe([("pause", "ada"), ("resume", "linus"), ("pause", "ada")]);
    }

    [Fact]
    public async Task While_every_node_is_paused_nothing_is_taken_and_a_resume_takes_it()
    {
        await using var grace = await TestGrace.StartAsync(limit: 1);
        await using var web = await TestGrace.StartAsync(grace.ConnectionString, worker: false);
        await Paused(grace, by: web);
        var (first, second) = (await grace.SubmitAsync(), await web.SubmitAsync());
        (await web.Get<Submissions>().HasFreeSlotFor(first, default)).ShouldBeFalse();
        await web.Get<JobAdmin>().ResumeNodeAsync(grace.NodeId(), "ada");
        var resumed = (await web.HistoryAsync(new(Outcome: "action")))[0].At;
        foreach (var id in new[] { first, second })
            (await grace.UntilAsync(id, PipelineStatus.Completed)).StartedAt!.Value.ShouldBeGreaterThan(resumed);
    }

    [Fact]
    public async Task Nodes_are_listed_with_their_roles_and_one_without_slots_cannot_be_paused()
    {
        await using var worker = await TestGrace.StartAsync(limit: 1);
        await using (var web = await TestGrace.StartAsync(worker.ConnectionString, worker: false))
        {
            var nodes = await worker.UntilJobsAsync(Nodes, seen => seen.Count == 2);
            nodes.Select(n => (n.Id, n.Roles, n.Stale)).ShouldBe([(worker.NodeId(), "worker", false), (web.NodeId(), "web", false)]);
            (await Should.ThrowAsync<JobRefused>(() => web.Get<JobAdmin>().PauseNodeAsync(web.NodeId(), "ada"))).Message.ShouldContain("takes no slots");
        }
        (await Nodes()).ShouldHaveSingleItem().Id.ShouldBe(worker.NodeId());
        await TestPostgres.TamperAsync(worker.ConnectionString, "insert into grace.nodes values ('far:1:1', 'far', 1, 1, 'worker', now() - interval '1 hour', now() - interval '1 minute')");
        (await Nodes()).Single(n => n.Host == "far").ShouldSatisfyAllConditions(n => n.Stale.ShouldBeTrue(), n => n.SecondsSinceSeen.ShouldBeInRange(60, 120));

        async Task<IReadOnlyList<NodeRow>> Nodes() => (await worker.Get<JobQueries>().OverviewAsync()).Nodes;
    }

    static bool Leads(Pipeline pipeline, TestGrace grace) => pipeline.Worker?.StartsWith(grace.NodeId() + "/", StringComparison.Ordinal) == true;

    static async Task Paused(TestGrace node, TestGrace by)
    {
        await by.Get<JobAdmin>().PauseNodeAsync(node.NodeId(), "ada", "upkeep");
        await node.UntilJobsAsync(() => Task.FromResult(node.Get<NodePause>().IsPaused), paused => paused);
    }
}
