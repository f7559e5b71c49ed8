using Grace.Engine.Jobs;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Npgsql;

namespace Grace.Tests.Jobs;

/// <summary>What a pipeline costs, in numbers that do not depend on the machine. They may shrink; who makes them grow says why.</summary>
public class RoundTripTests
{
    [Fact]
    public async Task A_submission_is_one_round_trip_and_a_phase_boundary_another()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        (await RoundTrips.OfAsync(() => grace.SubmitAsync())).ShouldBe(1);
        var running = (await grace.TakeAsync(1, "node/w"))!;
        var content = Content.Of("{}"u8.ToArray());
        PhaseReport report = Given.Report(Phase.Research) with { Artifacts = [new("research_agent_1", "research_doc", content.Hash, content.Bytes.Length, "application/json", [], [])] };
        (await RoundTrips.OfAsync(() => grace.Orchestrator.StepAsync(running, new PipelineCommand.Finish(Phase.Research, 1, report), "node/w", [content], default))).ShouldBe(1);
    }

    [Fact]
    public async Task A_stretch_reads_its_pipeline_once_and_writes_once_to_take_it_and_once_a_phase()
    {
        await using var grace = await TestGrace.StartAsync(limit: 1, prepare: (o, _) => o.Worker.Queues = ["elsewhere"]);
        var stretch = grace.Get<Stretch>(); // which no worker of this node begins by itself
        var id = await grace.SubmitAsync();
        var (slot, ticket) = await DispatchedAsync(grace, id);
        (await RoundTrips.OfAsync(() => stretch.RunAsync(id, "Build it", "research", slot, ticket, "default", null))).ShouldBe(1 + 1 + PhaseOrder.All.Count);
        (await grace.Orchestrator.LoadAsync(id)).Status.ShouldBe(PipelineStatus.Completed);
    }

    static async Task<(int Slot, long Ticket)> DispatchedAsync(TestGrace grace, string id)
    {
        await grace.UntilJobsAsync(() => grace.JobsAsync(new(State: "waiting")), jobs => jobs.Count == 1);
        await using var command = grace.Get<NpgsqlDataSource>().CreateCommand("select number, ticket from grace.slots where pipeline_id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt32(0), reader.GetInt64(1));
    }
}
