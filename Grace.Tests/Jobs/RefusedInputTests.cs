using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Jobs;

public class RefusedInputTests
{
    [Fact]
    public async Task What_the_database_refuses_fails_the_phase_once_in_words_that_can_be_stored_and_frees_the_slot()
    {
        var attempts = 0;
        await using var grace = await TestGrace.StartAsync(limit: 1, prepare: (o, _) => o.Orchestrator.AutoRecover = false, gate: work =>
            Interlocked.Increment(ref attempts) == 1 ? throw new InvalidOperationException("a line with \0 in it") : Task.CompletedTask);
        var id = await grace.SubmitAsync(Phase.Research);
        var failed = await grace.UntilAsync(id, PipelineStatus.Failed);
        failed.Error!.ShouldContain("PostgreSQL does not store what this phase made (22");
        failed[Phase.Research].Attempt.ShouldBe(1);
        attempts.ShouldBe(1);
        await grace.UntilAsync(await grace.SubmitAsync(Phase.Research), PipelineStatus.Completed);
        (await grace.UntilJobsAsync(() => grace.JobsAsync(new(State: "failed")), jobs => jobs.Count == 1))[0].PipelineId.ShouldBe(id);
    }
}
