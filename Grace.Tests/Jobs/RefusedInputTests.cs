using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Jobs;

public class RefusedInputTests
{
    [Fact]
    public async Task What_cannot_be_kept_in_a_failure_is_shown_by_a_sign_and_the_phase_is_tried_once()
    {
        var attempts = 0;
        await using var grace = await TestGrace.StartAsync(limit: 1, prepare: (o, _) => o.Orchestrator.AutoRecover = false, gate: work =>
            Interlocked.Increment(ref attempts) == 1 ? throw new InvalidOperationException("a line with \0 and \ud83d in it") : Task.CompletedTask);
        var id = await grace.SubmitAsync(Phase.Research);
        var failed = await grace.UntilAsync(id, PipelineStatus.Failed);
        failed.Error!.ShouldContain("a line with \u2400 and \ufffd in it");
        failed[Phase.Research].Attempt.ShouldBe(1);
        attempts.ShouldBe(1);
        await grace.UntilAsync(await grace.SubmitAsync(Phase.Research), PipelineStatus.Completed);
        (await grace.UntilJobsAsync(() => grace.JobsAsync(new(State: "failed")), jobs => jobs.Count == 1))[0].PipelineId.ShouldBe(id);
    }

    [Fact]
    public async Task What_the_database_refuses_all_the_same_fails_the_phase_once_and_frees_the_slot()
    {
        await using var grace = await TestGrace.StartAsync(limit: 1, prepare: (o, _) => o.Orchestrator.AutoRecover = false);
        await TestPostgres.TamperAsync(grace.ConnectionString, """
            create function grace.too_large() returns trigger language plpgsql as $$ begin raise exception 'too large' using errcode = '54000'; end $$;
            create trigger too_large before insert on grace.contents for each row execute function grace.too_large();
            """);
        var failed = await grace.UntilAsync(await grace.SubmitAsync(Phase.Research), PipelineStatus.Failed);
        failed.Error!.ShouldContain("PostgreSQL does not store what this phase made (54000: too large)");
        failed[Phase.Research].Attempt.ShouldBe(1);
        await TestPostgres.TamperAsync(grace.ConnectionString, "drop trigger too_large on grace.contents");
        await grace.UntilAsync(await grace.SubmitAsync(Phase.Research), PipelineStatus.Completed);
    }
}
