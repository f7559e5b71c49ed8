using Grace.Engine.Guardian;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Guardian;

public class LongPauseTests
{
    [Fact]
    public async Task Only_pauses_longer_than_the_limit_are_escalated_and_once()
    {
        await using var grace = await TestGrace.StartAsync(gate: _ => new TaskCompletionSource().Task);
        var (old, fresh) = (await Paused(grace), await Paused(grace));
        await TestPostgres.TamperAsync(grace.ConnectionString, $"update grace.pipelines set waiting_since = now() - interval '25 hours' where id = '{old}'");
        await grace.Get<GuardianWatch>().EscalateLongPausesAsync(default);
        await grace.Get<GuardianWatch>().EscalateLongPausesAsync(default);

        var escalated = await grace.Orchestrator.LoadAsync(old);
        escalated.Status.ShouldBe(PipelineStatus.WaitingForGuardian);
        escalated.Waiting!.Reason.ShouldContain("1.00:00");
        (await grace.Orchestrator.LoadAsync(fresh)).Status.ShouldBe(PipelineStatus.Paused);
    }

    [Fact]
    public async Task After_half_of_the_limit_a_person_is_reminded_once_and_finds_it_in_the_inbox()
    {
        await using var grace = await TestGrace.StartAsync(gate: _ => new TaskCompletionSource().Task);
        var id = await Paused(grace);
        (await grace.Get<Inbox>().ReadAsync()).ShouldBeEmpty();
        await TestPostgres.TamperAsync(grace.ConnectionString, $"update grace.pipelines set waiting_since = now() - interval '13 hours' where id = '{id}'");
        await grace.Get<GuardianWatch>().EscalateLongPausesAsync(default);
        await grace.Get<GuardianWatch>().EscalateLongPausesAsync(default);

        var reminded = await grace.Orchestrator.LoadAsync(id);
        (reminded.Status, reminded.Version).ShouldBe((PipelineStatus.Paused, 3));
        var waiting = (await grace.Get<Inbox>().ReadAsync()).Single();
        (waiting.PipelineId, waiting.Version, waiting.Item["kind"]!.ToString()).ShouldBe((id, 3, "pause"));
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Resume("go on"), new("ada"));
        (await grace.Get<Inbox>().ReadAsync()).ShouldBeEmpty();
    }

    /// <summary>Submitted behind two that hold the slots for ever, so that the pause is in effect at once.</summary>
    static async Task<string> Paused(TestGrace grace)
    {
        await grace.UntilAsync(await grace.SubmitAsync(), p => p.Status is PipelineStatus.Running or PipelineStatus.Queued);
        await grace.UntilAsync(await grace.SubmitAsync(), p => p.Status is PipelineStatus.Running or PipelineStatus.Queued);
        var id = await grace.SubmitAsync();
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("look"), new("ada"));
        return (await grace.UntilAsync(id, p => p.Status is PipelineStatus.Paused)).Id;
    }
}
