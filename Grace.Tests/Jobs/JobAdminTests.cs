using Grace.Engine.Jobs;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Hangfire;
using Hangfire.States;

namespace Grace.Tests.Jobs;

public class JobAdminTests
{
    [Fact]
    public async Task A_node_without_slots_retries_and_deletes_what_a_worker_then_does()
    {
        await using var worker = await TestGrace.StartAsync();
        await using var web = await TestGrace.StartAsync(worker.ConnectionString, worker: false);
        var admin = web.Get<JobAdmin>();
        var key = web.AddJob<FailingJob>(j => j.Run());
        var failed = await web.UntilJobsAsync(() => web.JobAsync(key), j => j is { State: "failed" });
        failed!.Error.ShouldBe("the disk is full");
        (await web.HistoryAsync(new(Outcome: "failed"))).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            run => run.Target.ShouldBe(key), run => run.Says.ShouldBe("the disk is full"), run => run.Kind.ShouldBe("run"), run => run.Seconds!.Value.ShouldBeLessThan(10));

        await admin.RetryAsync(key, "linus");
        await web.UntilJobsAsync(() => web.HistoryAsync(new(Outcome: "failed")), runs => runs.Count == 2);
        await admin.DeleteAsync(key, "ada", "it only ever breaks");
        (await web.JobAsync(key))!.State.ShouldBe("deleted");
        (await web.HistoryAsync(new(Job: key, Outcome: "action"))).Select(h => (h.Outcome, h.By)).ShouldBe([("delete", "ada"), ("retry", "linus")]);
        (await web.HistoryAsync(new(Outcome: "action", Search: "ONLY EVER"))).ShouldHaveSingleItem().Reason.ShouldBe("it only ever breaks");
        (await Should.ThrowAsync<JobRefused>(() => admin.RunAsync("99999", "ada"))).IsUnknown.ShouldBeTrue();
        (await Should.ThrowAsync<JobRefused>(() => admin.RunAsync("none", "ada"))).IsUnknown.ShouldBeTrue();
    }

    [Fact]
    public async Task Surroundings_that_fail_are_tried_again_later_or_at_once_when_told()
    {
        await using var grace = await TestGrace.StartAsync();
        var key = grace.AddJob<FlakyJob>(j => j.Run());
        await grace.UntilJobsAsync(() => grace.HistoryAsync(new(Job: key, Outcome: "retrying")), h => h.Count >= 1);
        var later = grace.Get<IBackgroundJobClient>().Schedule<QuietJob>(j => j.Run(), TimeSpan.FromHours(5));
        await grace.Get<JobAdmin>().RunAsync(later, "ada");
        var done = await grace.UntilJobsAsync(() => grace.JobAsync(later), j => j is { State: "succeeded" });
        done!.Result.ShouldBe("Nothing to do.");
    }

    [Fact]
    public async Task A_phase_that_fails_leaves_a_failed_job_whose_retry_is_the_guardians()
    {
        var breaks = true;
        await using var grace = await TestGrace.StartAsync(prepare: (o, _) => o.Orchestrator.AutoRecover = false, gate: _ => breaks ? throw new InvalidOperationException("no such compiler") : Task.CompletedTask);
        var id = await grace.SubmitAsync(Phase.Research);
        await grace.UntilAsync(id, PipelineStatus.Failed);
        var failed = (await grace.UntilJobsAsync(() => grace.JobsAsync(new(State: "failed")), jobs => jobs.Count == 1))[0];
        (failed.PipelineId, failed.Phase, failed.Task).ShouldBe((id, "research", "Build it"));
        failed.Error!.ShouldContain("no such compiler");
        breaks = false;
        await grace.Get<JobAdmin>().RetryAsync(failed.Key, "linus", "it is installed now");
        await grace.UntilAsync(id, PipelineStatus.Completed);
        (await grace.Get<EventLog>().ReadStreamAsync(id)).Single(e => e.Type == "agent.pipeline.resumed").By.ShouldBe("linus");
        (await grace.JobAsync(failed.Key))!.State.ShouldBe("deleted");
    }

    [Fact]
    public async Task A_failed_job_is_settled_when_its_pipeline_is_retried_elsewhere()
    {
        var breaks = true;
        await using var grace = await TestGrace.StartAsync(prepare: (o, _) => o.Orchestrator.AutoRecover = false, gate: _ => breaks ? throw new InvalidOperationException("no such compiler") : Task.CompletedTask);
        var id = await grace.SubmitAsync(Phase.Research);
        await grace.UntilAsync(id, PipelineStatus.Failed);
        var failed = (await grace.UntilJobsAsync(() => grace.JobsAsync(new(State: "failed")), jobs => jobs.Count == 1))[0];
        breaks = false;
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Retry(null, "it is installed now"), new("ada"));
        await grace.UntilAsync(id, PipelineStatus.Completed);
        var settled = await grace.UntilJobsAsync(() => grace.JobAsync(failed.Key), job => job!.State == "deleted");
        settled!.Reason.ShouldNotBeNull().ShouldStartWith("Its pipeline goes on in job ");
    }

    [Fact]
    public async Task A_failed_job_that_is_put_back_in_the_dashboard_is_a_retry_in_the_name_of_who_did_it()
    {
        var breaks = true;
        await using var grace = await TestGrace.StartAsync(prepare: (o, _) => o.Orchestrator.AutoRecover = false, gate: _ => breaks ? throw new InvalidOperationException("no such compiler") : Task.CompletedTask);
        grace.Get<JobCaller>().Name = () => "grete";
        var id = await grace.SubmitAsync(Phase.Research);
        var failed = (await grace.UntilJobsAsync(() => grace.JobsAsync(new(State: "failed")), jobs => jobs.Count == 1))[0];
        breaks = false;
        grace.Get<IBackgroundJobClient>().Requeue(failed.Key).ShouldBeTrue();
        await grace.UntilAsync(id, PipelineStatus.Completed);
        (await grace.Get<EventLog>().ReadStreamAsync(id)).Single(e => e.Type == "agent.pipeline.resumed").By.ShouldBe("grete");
        (await grace.UntilJobsAsync(() => grace.JobAsync(failed.Key), j => j is { State: "succeeded" }))!.Result!.ShouldContain("Retried for grete");
    }

    [Fact]
    public async Task A_job_that_comes_again_after_its_failure_was_lost_with_the_server_fails_again()
    {
        await using var grace = await TestGrace.StartAsync(prepare: (o, _) => o.Orchestrator.AutoRecover = false, gate: _ => throw new InvalidOperationException("no such compiler"));
        var id = await grace.SubmitAsync(Phase.Research);
        var failed = (await grace.UntilJobsAsync(() => grace.JobsAsync(new(State: "failed")), jobs => jobs.Count == 1))[0];
        var before = (await grace.Orchestrator.LoadAsync(id)).Version;
        grace.Get<IBackgroundJobClient>().ChangeState(failed.Key, new EnqueuedState(), FailedState.StateName).ShouldBeTrue();
        await grace.UntilJobsAsync(() => grace.HistoryAsync(new(Job: failed.Key, Outcome: "failed")), runs => runs.Count == 2);
        (await grace.JobAsync(failed.Key))!.Error!.ShouldContain("no such compiler");
        (await grace.Orchestrator.LoadAsync(id)).Version.ShouldBe(before);
    }

    [Fact]
    public async Task A_pipeline_that_waits_for_an_approval_leaves_no_failed_job()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var id = await grace.SubmitAsync();
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Override(new() { ["approvals"] = new System.Text.Json.Nodes.JsonArray("research") }, "careful"), new("ada"));
        await using var worker = await TestGrace.StartAsync(grace.ConnectionString);
        await worker.UntilAsync(id, PipelineStatus.WaitingForGuardian);
        var job = (await worker.UntilJobsAsync(() => worker.JobsAsync(new(State: "succeeded")), jobs => jobs.Count == 1))[0];
        job.Result!.ShouldContain("approval");
        (await worker.JobsAsync(new(State: "failed"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deleted_job_loses_no_pipeline()
    {
        await using var web = await TestGrace.StartAsync(worker: false);
        await TestPostgres.TamperAsync(web.ConnectionString, "insert into grace.slots (number) values (1), (2)");
        var id = await web.SubmitAsync(Phase.Research);
        var job = (await web.UntilJobsAsync(() => web.JobsAsync(new(State: "waiting")), jobs => jobs.Count == 1))[0];
        job.PipelineId.ShouldBe(id);
        await web.Get<JobAdmin>().DeleteAsync(job.Key, "ada");
        await using var worker = await TestGrace.StartAsync(web.ConnectionString);
        await worker.UntilAsync(id, PipelineStatus.Completed);
    }

    [Fact]
    public async Task What_the_state_does_not_allow_is_refused_with_why_and_leaves_no_trace()
    {
        await using var grace = await TestGrace.StartAsync(limit: 1);
        var key = grace.AddJob<QuietJob>(j => j.Run());
        await grace.UntilJobsAsync(() => grace.JobAsync(key), j => j is { State: "succeeded" });
        var admin = grace.Get<JobAdmin>();
        (await Should.ThrowAsync<JobRefused>(() => admin.RetryAsync(key, "ada"))).Message.ShouldContain("did not fail");
        (await Should.ThrowAsync<JobRefused>(() => admin.RunAsync(key, "ada"))).Message.ShouldContain("succeeded");
        (await Should.ThrowAsync<JobRefused>(() => admin.PauseNodeAsync("nobody", "ada"))).IsUnknown.ShouldBeTrue();
        (await Should.ThrowAsync<JobRefused>(() => admin.ResumeNodeAsync(grace.NodeId(), "ada"))).Message.ShouldContain("not paused");
        (await grace.HistoryAsync(new(Outcome: "action"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Jobs_are_paged_newest_first_searched_and_counted_by_state()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var keys = Enumerable.Range(0, 25).Select(_ => grace.AddJob<QuietJob>(j => j.Run())).ToList();
        keys.Add(grace.AddJob<FlakyJob>(j => j.Run()));
        var queries = grace.Get<JobQueries>();
        List<string> seen = [];
        string? after = null;
        do
        {
            var page = await queries.ListAsync(new(After: after, Limit: 10));
            page.Jobs.Count.ShouldBeLessThanOrEqualTo(10);
            seen.AddRange(page.Jobs.Select(j => j.Key));
            after = page.Next;
        }
        while (after is not null);
        seen.ShouldBe(keys.AsEnumerable().Reverse());
        (await queries.ListAsync(new(Search: "FLAKY"))).Jobs.ShouldHaveSingleItem().Key.ShouldBe(keys[^1]);
        (await queries.ListAsync(new(State: "running"))).Jobs.ShouldBeEmpty();
        (await queries.OverviewAsync()).Counts.ShouldBe(new Dictionary<string, long> { ["waiting"] = 26 });
    }
}
