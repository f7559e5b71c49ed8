using Grace.Engine.Jobs;
using Grace.Tests.Support;
using Quartz;

namespace Grace.Tests.Jobs;

public class JobAdminTests
{
    [Fact]
    public async Task A_node_without_slots_runs_retries_and_deletes_what_a_worker_then_does()
    {
        await using var worker = await TestGrace.StartAsync();
        await using var web = await TestGrace.StartAsync(worker.ConnectionString, worker: false);
        await worker.AddJobAsync<FailingJob>("break");
        var admin = web.Get<JobAdmin>();

        await admin.RunAsync("tests.break", "ada", "does it still break?");
        var failed = await web.UntilJobsAsync(() => web.JobAsync("tests.break"), j => j is { State: "failed", Runs: 1 });
        (failed!.Error, failed.Node, failed.Failures, failed.LastOutcome).ShouldBe(("the disk is full", worker.NodeId(), 1, "failed"));
        var run = (await web.HistoryAsync(new(Outcome: "failed"))).ShouldHaveSingleItem();
        (run.Target, run.Node, run.Says, run.Kind).ShouldBe(("tests.break", worker.NodeId(), "the disk is full", "run"));
        run.Seconds!.Value.ShouldBeLessThan(10);

        await admin.RetryAsync("tests.break", "linus");
        await web.UntilJobsAsync(() => web.JobAsync("tests.break"), j => j is { State: "failed", Runs: 2 });
        await admin.DeleteAsync("tests.break", "ada", "it only ever breaks");
        (await web.JobAsync("tests.break")).ShouldBeNull();
        (await (await worker.SchedulerAsync()).Exists(new JobKey("break", "tests"))).ShouldBeFalse();

        (await web.HistoryAsync(new(Job: "tests.break"))).Select(h => (h.Outcome, h.By)).ShouldBe(
            [("delete", "ada"), ("failed", null), ("retry", "linus"), ("failed", null), ("run", "ada")]);
        (await web.HistoryAsync(new(Outcome: "action", Search: "ONLY EVER"))).ShouldHaveSingleItem().Reason.ShouldBe("it only ever breaks");
        (await Should.ThrowAsync<JobRefused>(() => admin.RunAsync("tests.break", "ada"))).IsUnknown.ShouldBeTrue();
        (await web.HistoryAsync(new(Outcome: "action"))).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_retry_that_waits_comes_at_once()
    {
        await using var grace = await TestGrace.StartAsync();
        await grace.AddJobAsync<FailingJob>("flaky");
        await (await grace.SchedulerAsync()).ScheduleJob(
            TriggerBuilder.Create().ForJob("flaky", "tests").WithRetryPolicy(RetryPolicy.Fixed(3, TimeSpan.FromHours(1))).StartNow().Build());
        var waits = await grace.UntilJobsAsync(() => grace.JobAsync("tests.flaky"), j => j is { State: "retrying" });
        (waits!.RetryAttempt, waits.RetryLimit, waits.Error).ShouldBe((1, 3, "the disk is full"));
        (waits.NextAt - waits.LastAt)!.Value.TotalMinutes.ShouldBeInRange(59, 61);
        (await grace.HistoryAsync(new(Outcome: "retrying"))).ShouldHaveSingleItem().Target.ShouldBe("tests.flaky");

        await grace.Get<JobAdmin>().RetryAsync("tests.flaky", "ada");
        await grace.UntilJobsAsync(() => grace.JobAsync("tests.flaky"), j => j is { State: "retrying", RetryAttempt: 2, Runs: 2 });
    }

    [Fact]
    public async Task A_trigger_in_error_is_freed_and_keeps_its_time()
    {
        await using var grace = await TestGrace.StartAsync();
        await grace.AddJobAsync<QuietJob>("nightly");
        await (await grace.SchedulerAsync()).ScheduleJob(TriggerBuilder.Create().ForJob("nightly", "tests").WithIdentity("later", "tests").StartAt(Given.Noon.AddYears(20)).Build());
        await TestPostgres.TamperAsync(grace.ConnectionString, "update grace_jobs.qrtz_triggers set trigger_state = 'ERROR' where trigger_name = 'later'");
        (await grace.JobAsync("tests.nightly"))!.State.ShouldBe("failed");
        await grace.Get<JobAdmin>().RetryAsync("tests.nightly", "ada");
        var again = (await grace.JobAsync("tests.nightly"))!;
        (again.State, again.NextAt).ShouldBe(("scheduled", Given.Noon.AddYears(20)));
        again.Triggers.ShouldHaveSingleItem().State.ShouldBe("waiting");
    }

    [Fact]
    public async Task What_the_state_does_not_allow_is_refused_with_why_and_leaves_no_trace()
    {
        await using var grace = await TestGrace.StartAsync(limit: 1);
        await grace.AddJobAsync<QuietJob>("fine");
        await TestPostgres.TamperAsync(grace.ConnectionString, """
            insert into grace_jobs.qrtz_job_status (sched_name, job_group, job_name, first_fired_time, last_fired_time, last_result, last_run_time, last_instance_name, last_failure_message, consecutive_failures, run_count, failure_count)
            values ('grace', 'tests', 'once', 1, 1, 1, 1, 'n', 'it broke', 1, 1, 1)
            """);
        var admin = grace.Get<JobAdmin>();
        (await Should.ThrowAsync<JobRefused>(() => admin.DeleteAsync("slots.slot-1", "ada"))).Message.ShouldContain("MaxConcurrentPipelines");
        (await Should.ThrowAsync<JobRefused>(() => admin.RetryAsync("tests.fine", "ada"))).Message.ShouldContain("idle");
        (await Should.ThrowAsync<JobRefused>(() => admin.RetryAsync("tests.once", "ada"))).Message.ShouldContain("last trigger");
        (await Should.ThrowAsync<JobRefused>(() => admin.PauseNodeAsync("nobody", "ada"))).IsUnknown.ShouldBeTrue();
        (await Should.ThrowAsync<JobRefused>(() => admin.ResumeNodeAsync(grace.NodeId(), "ada"))).Message.ShouldContain("not paused");
        (await grace.HistoryAsync(new(Outcome: "action"))).ShouldBeEmpty();

        // What is left of a job that is gone can be cleared.
        (await grace.JobAsync("tests.once"))!.ShouldSatisfyAllConditions(j => j.Gone.ShouldBeTrue(), j => j.State.ShouldBe("failed"), j => j.Error.ShouldBe("it broke"));
        await admin.DeleteAsync("tests.once", "ada");
        (await grace.JobAsync("tests.once")).ShouldBeNull();
    }

    [Fact]
    public async Task A_slot_wakes_when_told_and_tells_what_it_did()
    {
        await using var grace = await TestGrace.StartAsync(limit: 1);
        await grace.Get<JobAdmin>().RunAsync("slots.slot-1", "ada");
        await grace.UntilJobsAsync(() => grace.HistoryAsync(new(Job: "slots.slot-1", Outcome: "skipped")), h => h.Count == 1);
        var id = await grace.SubmitAsync();
        await grace.UntilAsync(id, Grace.Engine.Pipelines.PipelineStatus.Completed);
        var done = await grace.UntilJobsAsync(() => grace.HistoryAsync(new(Job: "slots.slot-1", Outcome: "succeeded")), h => h.Count == 1);
        done[0].Says.ShouldBe("Advanced 1 pipeline.");
        var slot = (await grace.JobAsync("slots.slot-1"))!;
        (slot.Slot, slot.SlotEnabled, slot.Durable, slot.Summary).ShouldBe((1, true, true, "Advanced 1 pipeline."));
    }

    [Fact]
    public async Task Jobs_are_paged_by_key_searched_and_counted_by_state()
    {
        await using var grace = await TestGrace.StartAsync(limit: 1);
        for (var n = 0; n < 25; n++)
            await grace.AddJobAsync<QuietJob>($"job-{n:00}", n == 17 ? "Sends the weekly letter" : null);
        var queries = grace.Get<JobQueries>();
        List<string> keys = [];
        string? after = null;
        do
        {
            var page = await queries.ListAsync(new(After: after, Limit: 10));
            page.Jobs.Count.ShouldBeLessThanOrEqualTo(10);
            keys.AddRange(page.Jobs.Select(j => j.Key));
            after = page.Next;
        }
        while (after is not null);
        keys.ShouldBe(["slots.slot-1", .. Enumerable.Range(0, 25).Select(n => $"tests.job-{n:00}")]);
        (await queries.ListAsync(new(Search: "WEEKLY"))).Jobs.ShouldHaveSingleItem().Name.ShouldBe("job-17");
        (await queries.ListAsync(new(State: "running"))).Jobs.ShouldBeEmpty();
        (await queries.OverviewAsync()).Counts.ShouldBe(new Dictionary<string, long> { ["idle"] = 26 });
    }
}
