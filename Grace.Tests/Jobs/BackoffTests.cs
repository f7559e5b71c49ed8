using System.Text.Json.Nodes;
using Grace.Engine.Jobs;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Tests.Workspaces;
using Hangfire;
using Hangfire.States;

namespace Grace.Tests.Jobs;

/// <summary>A phase that rests after a recovery waits as a scheduled job, and no worker waits with it.</summary>
public sealed class BackoffTests : IDisposable
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(100);
    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task It_goes_on_when_its_scheduled_job_begins()
    {
        await using var grace = await StartAsync();
        var (id, job) = await RestingAsync(grace);
        grace.Get<IBackgroundJobClient>().ChangeState(job.Key, new EnqueuedState());
        var done = await grace.UntilAsync(id, PipelineStatus.Completed);
        (done[Phase.Test].Attempt, done.RetryAt).ShouldBe((2, null));
    }

    [Fact]
    public async Task Another_pipeline_uses_the_worker_meanwhile_and_a_pause_frees_the_slot_at_once()
    {
        await using var grace = await StartAsync(limit: 1);
        var (id, job) = await RestingAsync(grace);
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("look"), new("ada"));
        (await grace.UntilAsync(await SubmitAsync(grace, "calm"), PipelineStatus.Completed)).Status.ShouldBe(PipelineStatus.Completed);

        grace.Get<IBackgroundJobClient>().ChangeState(job.Key, new EnqueuedState());
        var late = await grace.UntilJobsAsync(() => grace.JobAsync(job.Key), row => row!.State == "succeeded");
        late!.Result.ShouldNotBeNull().ShouldStartWith("Superfluous");
        (await grace.Orchestrator.LoadAsync(id)).Status.ShouldBe(PipelineStatus.Paused);
    }

    [Fact]
    public async Task A_scheduled_job_that_somebody_deletes_is_made_again()
    {
        await using var grace = await StartAsync();
        var (id, job) = await RestingAsync(grace);
        grace.Get<IBackgroundJobClient>().Delete(job.Key).ShouldBeTrue();
        var again = await grace.UntilJobsAsync(() => ScheduledAsync(grace, id), row => row is not null && row.Key != job.Key);
        grace.Get<IBackgroundJobClient>().ChangeState(again!.Key, new EnqueuedState());
        await grace.UntilAsync(id, PipelineStatus.Completed);
    }

    static Task<TestGrace> StartAsync(int limit = 2) => TestGrace.StartAsync(limit: limit, shippedAgents: true, prepare: (_, data) => File.WriteAllText(
        Path.Combine(data.KnownIssues, "ours.yaml"), $"- id: moon\n  title: The moon\n  match: the moon is full\n  fix: fix_time_out\n  backoff_seconds: {Rest.TotalSeconds}\n"));

    /// <summary>A pipeline whose tests failed for the moon, and the job that will try them again.</summary>
    async Task<(string Id, JobRow Job)> RestingAsync(TestGrace grace)
    {
        var id = await SubmitAsync(grace, "full");
        var resting = await grace.UntilAsync(id, p => p.RetryAt is not null || p.Status != PipelineStatus.Running && p.HasStarted);
        (resting.Status, resting.Worker).ShouldBe((PipelineStatus.Running, null), resting.Waiting?.Reason);
        var job = await grace.UntilJobsAsync(() => ScheduledAsync(grace, id), row => row is not null);
        var slot = (await grace.Get<JobQueries>().OverviewAsync()).Slots.Single(s => s.PipelineId == id);
        (slot.RetryAt is not null, slot.LeaseUntil).ShouldBe((true, null));
        return (id, job!);
    }

    static async Task<JobRow?> ScheduledAsync(TestGrace grace, string pipeline) =>
        (await grace.JobsAsync()).FirstOrDefault(row => row.PipelineId == pipeline && row.State == "scheduled");

    /// <summary>A repository whose test fails the first time it runs under a full moon.</summary>
    async Task<string> SubmitAsync(TestGrace grace, string moon)
    {
        folder.Write($"{moon}/package.json", """{ "type": "module", "scripts": { "test": "node --test" } }""");
        folder.Write($"{moon}/moon.test.js", $$"""
            import test from "node:test";
            import { existsSync, mkdirSync } from "node:fs";
            test("sleeps", () => {
              const again = existsSync("node_modules");
              mkdirSync("node_modules", { recursive: true });
              if ("{{moon}}" === "full" && !again) throw new Error("the moon is full");
            });
            """);
        var id = $"pipeline_{Guid.NewGuid():N}";
        await grace.Orchestrator.ExecuteAsync(
            id, new PipelineCommand.Submit("Test it", new JsonObject { ["lint"] = "off" }, [Phase.Test], Path.Combine(folder.Path, moon), "ada"), new("ada"));
        return id;
    }

    public void Dispose() => folder.Dispose();
}
