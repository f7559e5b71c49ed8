using Grace.Engine.Guardian;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Hangfire;
using Hangfire.Storage;

namespace Grace.Tests.Guardian;

public class LongPauseTests
{
    [Fact]
    public async Task A_pause_gets_a_job_for_its_reminder_and_one_for_its_end()
    {
        await using var grace = await StartAsync(TimeSpan.FromHours(24));
        var paused = await Paused(grace);
        await grace.FollowedAsync(PauseDeadlines.Name, (await grace.NewestAsync()).Position);
        var due = grace.Get<JobStorage>().GetMonitoringApi().ScheduledJobs(0, 10).Select(j => (j.Value.Job.Method.Name, j.Value.Job.Args[0], j.Value.EnqueueAt)).ToList();
        due.Select(j => (j.Name, j.Item2)).ShouldBe([(nameof(PauseDeadlines.RemindAsync), paused.Id), (nameof(PauseDeadlines.EscalateAsync), paused.Id)], ignoreOrder: true);
        due.Select(j => (j.EnqueueAt - paused.PausedAt!.Value.UtcDateTime).TotalHours).Order().ShouldBe([12, 24], 0.01);
    }

    [Fact]
    public async Task A_pause_longer_than_the_limit_is_reminded_of_and_then_waits_for_the_Guardian()
    {
        await using var grace = await StartAsync(TimeSpan.FromSeconds(2));
        var id = (await Paused(grace)).Id;
        var escalated = await grace.UntilAsync(id, PipelineStatus.WaitingForGuardian);
        escalated.Waiting!.Reason.ShouldStartWith("Paused for longer than 0.00:00");
        // Where both are due by the time that their jobs are made, the end may come before the reminder, which then has nothing to say.
        (await grace.Get<EventLog>().ReadStreamAsync(id)).Select(e => e.Type).Where(type => type != "agent.pipeline.reminded").ShouldBe(
            ["agent.pipeline.submitted", "agent.pipeline.paused", "agent.pipeline.escalated"]);
    }

    [Fact]
    public async Task A_pause_ends_also_when_its_reminder_comes_at_the_same_moment()
    {
        await using var grace = await StartAsync(TimeSpan.FromHours(24));
        var deadlines = grace.Get<PauseDeadlines>();
        List<Pipeline> paused = [await Paused(grace)];
        while (paused.Count < 12)
        {
            var id = await grace.SubmitAsync();
            await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("look"), new("ada"));
            paused.Add(await grace.Orchestrator.LoadAsync(id));
        }
        await Task.WhenAll(paused.SelectMany(p => new[] { deadlines.RemindAsync(p.Id, p.PausedAt!.Value, default), deadlines.EscalateAsync(p.Id, p.PausedAt!.Value, default) }));
        foreach (var one in paused)
            (await grace.Orchestrator.LoadAsync(one.Id)).Status.ShouldBe(PipelineStatus.WaitingForGuardian);
    }

    [Fact]
    public async Task A_person_is_reminded_once_and_finds_it_in_the_inbox()
    {
        await using var grace = await StartAsync(TimeSpan.FromHours(24));
        var paused = await Paused(grace);
        (await grace.Get<Inbox>().ReadAsync()).ShouldBeEmpty();
        var deadlines = grace.Get<PauseDeadlines>();
        (await deadlines.RemindAsync(paused.Id, paused.PausedAt!.Value, default)).ShouldBe("Done.");
        (await deadlines.RemindAsync(paused.Id, paused.PausedAt!.Value, default)).ShouldStartWith("Superfluous");

        var waiting = (await grace.Get<Inbox>().ReadAsync()).Single();
        (waiting.PipelineId, waiting.Version, waiting.Item["kind"]!.ToString()).ShouldBe((paused.Id, paused.Version + 1, "pause"));
        await grace.Orchestrator.ExecuteAsync(paused.Id, new PipelineCommand.Resume("go on"), new("ada"));
        (await grace.Get<Inbox>().ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_deadline_of_an_earlier_pause_does_nothing_to_a_later_one()
    {
        await using var grace = await StartAsync(TimeSpan.FromHours(24));
        var first = await Paused(grace);
        await grace.Orchestrator.ExecuteAsync(first.Id, new PipelineCommand.Resume("go on"), new("ada"));
        await grace.Orchestrator.ExecuteAsync(first.Id, new PipelineCommand.Pause("look again"), new("ada"));
        var second = await grace.UntilAsync(first.Id, PipelineStatus.Paused);
        (await grace.Get<PauseDeadlines>().EscalateAsync(first.Id, first.PausedAt!.Value, default)).ShouldStartWith("Superfluous");
        (await grace.Get<PauseDeadlines>().EscalateAsync(second.Id, second.PausedAt!.Value, default)).ShouldBe("Done.");
        (await grace.Orchestrator.LoadAsync(first.Id)).Status.ShouldBe(PipelineStatus.WaitingForGuardian);
    }

    static Task<TestGrace> StartAsync(TimeSpan limit) =>
        TestGrace.StartAsync(gate: _ => new TaskCompletionSource().Task, prepare: (options, _) => options.Guardian.PauseLimit = limit);

    /// <summary>Submitted behind two that hold the slots for ever, so that the pause is in effect at once.</summary>
    static async Task<Pipeline> Paused(TestGrace grace)
    {
        await grace.UntilAsync(await grace.SubmitAsync(), p => p.Status is PipelineStatus.Running or PipelineStatus.Queued);
        await grace.UntilAsync(await grace.SubmitAsync(), p => p.Status is PipelineStatus.Running or PipelineStatus.Queued);
        var id = await grace.SubmitAsync();
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("look"), new("ada"));
        return await grace.UntilAsync(id, p => p.Status is PipelineStatus.Paused);
    }
}
