using Grace.Engine;
using Grace.Engine.Jobs;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Jobs;

public class QueueTests
{
    [Fact]
    public async Task A_phase_runs_only_where_its_queue_is_taken_from_and_the_rest_where_it_was()
    {
        await using var first = await StartAsync(null);
        await using var second = await StartAsync(first.ConnectionString, "builders");
        var id = await first.SubmitAsync(Phase.Research, Phase.Implement, Phase.Test);
        await first.UntilAsync(id, PipelineStatus.Completed);
        var log = await first.Get<EventLog>().ReadStreamAsync(id);
        var (here, there) = (first.Get<ThisNode>().Id, second.Get<ThisNode>().Id);
        // The last to start a phase is who completed it.
        log.Where(e => e.Type == "agent.phase.started").Select(e => (PipelineEvent.PhaseStarted)PipelineEvents.Read(e.Type, e.Data))
            .GroupBy(e => e.Phase).Select(starts => starts.Last().Worker.Split('/')[0]).ShouldBe([here, there, here]);
        log.Count(e => e.Type == "agent.phase.interrupted").ShouldBe(2, "once to the builders, once back");
    }

    [Fact]
    public async Task What_no_node_takes_from_waits_in_its_slot_and_is_told()
    {
        await using var grace = await StartAsync(null);
        var id = await grace.SubmitAsync(Phase.Research, Phase.Implement);
        await grace.UntilAsync(id, p => p.Has(Phase.Research) && p[Phase.Research].Status == PhaseStatus.Completed && p.Worker is null);
        SlotRow slot;
        while ((slot = (await grace.Get<JobQueries>().OverviewAsync()).Slots.Single(s => s.PipelineId == id)) is { Queue: "default" } or { JobId: null })
            await Task.Yield();
        (slot.Queue, slot.Node).ShouldBe(("builders", null));
        await using var builder = await StartAsync(grace.ConnectionString, "builders", "default");
        await grace.UntilAsync(id, PipelineStatus.Completed);
    }

    [Theory]
    [InlineData("Builders", "research", "builders", "Grace:Worker:Queues names the queue 'Builders'; allowed are lower-case letters, digits, dashes and underscores, 40 at most.")]
    [InlineData("default", "build", "builders", "Grace:Orchestrator:PhaseQueues names 'build', which is no phase; allowed are research, design, implement, test, deploy.")]
    [InlineData("default", "test", "", "Grace:Orchestrator:PhaseQueues:test names the queue ''; allowed are lower-case letters, digits, dashes and underscores, 40 at most.")]
    public void A_wrong_name_is_told(string takes, string phase, string queue, string says)
    {
        var options = new GraceOptions { Worker = { Queues = [takes] }, Orchestrator = { PhaseQueues = { [phase] = queue } } };
        options.Check().ShouldBe([says]);
    }

    static Task<TestGrace> StartAsync(string? connectionString, params string[] queues) => TestGrace.StartAsync(connectionString, prepare: (options, _) =>
    {
        options.Orchestrator.PhaseQueues["implement"] = "builders";
        options.Worker.Queues = queues;
    });
}
