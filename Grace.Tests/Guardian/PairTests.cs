using System.Text.Json.Nodes;
using Grace.Engine.Access;
using Grace.Engine.Guardian;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Guardian;

/// <summary>Every pair of Guardian commands, sent at the same moment, at every status: one consistent history and no surprise.</summary>
public class PairTests
{
    static readonly string[] Actions = [.. GuardianPolicy.Actions];

    [Theory]
    [InlineData("queued")]
    [InlineData("running")]
    [InlineData("pausing")]
    [InlineData("recovering")]
    [InlineData("paused")]
    [InlineData("approval")]
    [InlineData("escalated")]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task Two_commands_at_once_leave_one_history(string status)
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var guardian = grace.Get<GuardianControl>();
        foreach (var (one, other) in from a in Actions from b in Actions select (a, b))
        {
            var id = await Bring(grace, status);
            var before = await grace.Orchestrator.LoadAsync(id);
            var answers = await Task.WhenAll(Send(guardian, id, one), Send(guardian, id, other));

            var events = await grace.Get<EventLog>().ReadStreamAsync(id);
            events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, events.Count).Select(v => (long)v), $"{one} and {other}");
            var after = await grace.Orchestrator.LoadAsync(id);
            after.ShouldSatisfyAllConditions($"{status}: {one} and {other}",
                () => (after.Status == PipelineStatus.WaitingForGuardian).ShouldBe(after.Waiting is not null),
                () => (after.PausedAt is not null).ShouldBe(after.Status == PipelineStatus.Paused),
                () => (after.Status is PipelineStatus.Running || after.Worker is null).ShouldBeTrue("nothing but a running pipeline has a worker"),
                () => (before.Status == PipelineStatus.Completed && after.Status != PipelineStatus.Completed).ShouldBeFalse("what is completed stays so"),
                () => answers.ShouldAllBe(answer => answer == null || answer.Contains("not possible") || answer.Contains("would skip"), string.Join(" | ", answers)));
            // An accepted command is in the history, and two of the same kind are there at most as often as they were sent.
            (events.Count - before.Version).ShouldBeLessThanOrEqualTo(4);
            (await grace.Get<PipelineQueries>().ListAsync(new(Search: id))).Pipelines.Single().ShouldSatisfyAllConditions(
                row => row.Status.ShouldBe(after.Status.Name()), row => row.Version.ShouldBe(after.Version));
            if (!after.Status.IsFinal())
                await Send(guardian, id, "cancel");
        }
        (await grace.Get<LogVerifier>().VerifyAsync()).Whole.ShouldBeTrue();
    }

    /// <summary>Null when accepted, otherwise why not. Anything but a typed refusal fails the test.</summary>
    static async Task<string?> Send(GuardianControl guardian, string id, string action)
    {
        try
        {
            await guardian.ExecuteAsync(new(id, action, "because", action == "override" ? new() { ["note"] = Guid.NewGuid().ToString() } : null), Issuer.OfThisProcess("bob"));
            return null;
        }
        catch (PipelineRejected refused)
        {
            return refused.Message;
        }
    }

    static async Task<string> Bring(TestGrace grace, string status)
    {
        var orchestrator = grace.Orchestrator;
        var context = status == "approval" ? new JsonObject { ["approvals"] = new JsonArray("research") } : [];
        var id = $"pipeline_{Guid.NewGuid():N}";
        await orchestrator.ExecuteAsync(id, new PipelineCommand.Submit("Build it", context, [Phase.Research], null, "ada"), new("ada"));
        Task Do(PipelineCommand command) => orchestrator.ExecuteAsync(id, command, new("ada"));
        async Task Finish(string? error)
        {
            var content = Content.Of("{}"u8.ToArray());
            var report = Given.Report(Phase.Research) with
            {
                Error = error, Artifacts = [new($"research_agent_{Guid.NewGuid():N}", "research_doc", content.Hash, content.Bytes.Length, "application/json", [], [])],
            };
            await orchestrator.StepAsync(await orchestrator.LoadAsync(id), new PipelineCommand.Finish(Phase.Research, 1, report), "node/w", [content], default);
        }
        if (status is "running" or "pausing" or "recovering" or "approval" or "completed")
            (await grace.TakeAsync(1, "node/w"))!.Id.ShouldBe(id);
        switch (status)
        {
            case "pausing": await Do(new PipelineCommand.Pause("look")); break;
            case "recovering": await Finish("it broke"); break;
            case "completed": await Finish(null); break;
            case "paused": await Do(new PipelineCommand.Pause("look")); break;
            case "escalated": await Do(new PipelineCommand.Escalate("help", [])); break;
            case "cancelled": await Do(new PipelineCommand.Cancel("enough")); break;
            case "failed":
                await Do(new PipelineCommand.Escalate("help", []));
                await Do(new PipelineCommand.Reject("no"));
                break;
            default: break;
        }
        return id;
    }
}
