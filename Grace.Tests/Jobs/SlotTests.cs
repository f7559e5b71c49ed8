using System.Collections.Concurrent;
using Grace.Engine.Log;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Jobs;

public class SlotTests
{
    [Fact]
    public async Task A_pipeline_runs_its_phases_and_ends_completed()
    {
        await using var grace = await TestGrace.StartAsync();
        var id = await grace.SubmitAsync();
        var done = await grace.UntilAsync(id, PipelineStatus.Completed);
        done.Artifacts.Select(a => a.ArtifactType).ShouldBe(["research_doc", "design_spec", "code", "test_results", "deployment_manifest"]);
    }

    [Fact]
    public async Task Never_more_run_at_once_than_there_are_slots_and_none_is_forgotten()
    {
        var (running, most) = (0, 0);
        await using var grace = await TestGrace.StartAsync(limit: 2, gate: async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
        });
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => grace.SubmitAsync()));
        foreach (var id in ids)
            await grace.UntilAsync(id, PipelineStatus.Completed);
        most.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task The_third_waits_in_the_queue_until_a_slot_is_free()
    {
        var gates = new ConcurrentDictionary<string, TaskCompletionSource>();
        await using var grace = await TestGrace.StartAsync(limit: 2, gate: work => Gate(gates, work).Task);
        var (first, second, third) = (await grace.SubmitAsync(Phase.Research), await grace.SubmitAsync(Phase.Research), await grace.SubmitAsync(Phase.Research));
        await grace.UntilAsync(first, PipelineStatus.Running);
        await grace.UntilAsync(second, PipelineStatus.Running);
        (await grace.Orchestrator.LoadAsync(third)).Status.ShouldBe(PipelineStatus.Queued);
        gates[first].SetResult();
        await grace.UntilAsync(third, PipelineStatus.Running);
        gates[second].SetResult();
        (await Until(gates, third)).SetResult();
        await grace.UntilAsync(third, PipelineStatus.Completed);
    }

    [Fact]
    public async Task A_paused_pipeline_frees_its_slot_and_a_resumed_one_goes_ahead_of_the_queue()
    {
        var gates = new ConcurrentDictionary<string, TaskCompletionSource>();
        await using var grace = await TestGrace.StartAsync(limit: 1, gate: work => Gate(gates, work).Task);
        var first = await grace.SubmitAsync(Phase.Research, Phase.Design);
        await grace.UntilAsync(first, PipelineStatus.Running);
        var (second, third) = (await grace.SubmitAsync(Phase.Research), await grace.SubmitAsync(Phase.Research));
        await grace.Orchestrator.ExecuteAsync(first, new PipelineCommand.Pause("look"), new("ada"));
        (await Until(gates, first)).SetResult();
        await grace.UntilAsync(first, PipelineStatus.Paused);

        await grace.UntilAsync(second, PipelineStatus.Running);
        gates.TryRemove(first, out _);
        await grace.Orchestrator.ExecuteAsync(first, new PipelineCommand.Resume(null), new("ada"));
        (await Until(gates, second)).SetResult();
        await grace.UntilAsync(first, p => p.Current?.Phase == Phase.Design);
        (await grace.Orchestrator.LoadAsync(third)).Status.ShouldBe(PipelineStatus.Queued);
        (await Until(gates, first)).SetResult();
        (await Until(gates, third)).SetResult();
        await grace.UntilAsync(third, PipelineStatus.Completed);
    }

    [Fact]
    public async Task Cancelling_ends_the_running_phase()
    {
        await using var grace = await TestGrace.StartAsync(gate: _ => new TaskCompletionSource().Task);
        var id = await grace.SubmitAsync();
        await grace.UntilAsync(id, PipelineStatus.Running);
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Cancel("wrong"), new("ada"));
        // The slot is free again: another pipeline in a limit of 2 that are both taken would wait for ever.
        (await grace.Orchestrator.LoadAsync(id)).Status.ShouldBe(PipelineStatus.Cancelled);
    }

    [Fact]
    public async Task An_orderly_stop_hands_the_phase_over_and_the_next_node_goes_on()
    {
        var reached = new TaskCompletionSource();
        var connection = await TestPostgres.NewDatabaseAsync();
        string id;
        await using (var first = await TestGrace.StartAsync(connection, gate: work =>
        {
            reached.TrySetResult();
            return work.Pipeline.Current!.Phase == Phase.Design ? new TaskCompletionSource().Task : Task.CompletedTask;
        }))
        {
            id = await first.SubmitAsync();
            await first.UntilAsync(id, p => p.Current?.Phase == Phase.Design);
        }
        await using var second = await TestGrace.StartAsync(connection);
        var done = await second.UntilAsync(id, PipelineStatus.Completed);
        done[Phase.Research].Attempt.ShouldBe(1);
        done[Phase.Design].Attempt.ShouldBe(2);
        (await second.Get<LogVerifier>().VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_whose_lease_went_to_another_cannot_write()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var id = await grace.SubmitAsync();
        var taken = (await grace.TakeAsync(1, "first"))!;
        await TestPostgres.TamperAsync(grace.ConnectionString, "update grace.pipelines set lease_until = now() - interval '1 second'");
        (await grace.TakeAsync(1, "second"))!.Current!.Attempt.ShouldBe(2);
        await Should.ThrowAsync<LeaseLost>(() => grace.Orchestrator.StepAsync(
            taken, new PipelineCommand.Finish(Phase.Research, 1, Given.Report(Phase.Research)), "first", [], default));
        (await grace.Orchestrator.LoadAsync(id)).Artifacts.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_row_that_names_another_worker_undoes_the_whole_write()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var id = await grace.SubmitAsync();
        var taken = (await grace.TakeAsync(1, "first"))!;
        await TestPostgres.TamperAsync(grace.ConnectionString, "update grace.pipelines set worker = 'second'");
        await Should.ThrowAsync<LeaseLost>(() => grace.Orchestrator.StepAsync(
            taken, new PipelineCommand.Finish(Phase.Research, 1, Given.Report(Phase.Research)), "first", [], default));
        (await grace.Orchestrator.LoadAsync(id)).Version.ShouldBe(taken.Version);
    }

    static TaskCompletionSource Gate(ConcurrentDictionary<string, TaskCompletionSource> gates, PhaseWork work) =>
        gates.GetOrAdd(work.Pipeline.Id, _ => new());

    static Task<TaskCompletionSource> Until(ConcurrentDictionary<string, TaskCompletionSource> gates, string id) =>
        Task.FromResult(gates.GetOrAdd(id, _ => new()));
}
