using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Tests.Support;

/// <summary>A pipeline with a past of two days: recoveries, a weekend that it waited for a person, and a phase that runs now.</summary>
static class ToldStory
{
    const int Weekend = 174_000;
    const int Now = Weekend + 1_550;

    static readonly (int Second, string By, PipelineEvent Change)[] Events =
    [
        (300, "ada", new Resumed("read it")), (302, "system", new Started()),
        (302, "system", new PhaseStarted(Phase.Research, 1, "w")), (390, "system", new PhaseCompleted(Phase.Research, 1, 1, 88, [], null)),
        (390, "system", new PhaseStarted(Phase.Design, 1, "w")), (520, "grace", new PauseRequested("the tags are missing")),
        (560, "system", new PhaseCompleted(Phase.Design, 1, 1, 170, [], null)), (560, "grace", new Paused("the tags are missing")),
        (900, "grace", new Overridden(new() { ["note"] = "mind the tags" }, [], new() { ["note"] = "mind the tags" }, "the tags were lost")), (960, "grace", new Resumed("now it knows")),
        (962, "system", new PhaseStarted(Phase.Implement, 1, "w")), (1300, "system", new PhaseCompleted(Phase.Implement, 1, 1, 338, [], null)),
        (1300, "system", new PhaseStarted(Phase.Test, 1, "w")), (1420, "system", new PhaseFailed(Phase.Test, 1, "3 of 22 tests failed.", 120)),
        (1420, "system", new RecoveryStarted(Phase.Test, 1, 1, "3 of 22 tests failed.")), (1460, "system", new RecoveryApplied(Phase.Test, 1, "reinstall_packages", [], null, null)),
        (1460, "system", new PhaseStarted(Phase.Test, 2, "w")), (1580, "system", new PhaseFailed(Phase.Test, 2, "1 of 22 tests failed.", 120)),
        (1580, "system", new RecoveryFailed(Phase.Test, 1, "The phase failed again.", [])), (1580, "system", new RecoveryStarted(Phase.Test, 2, 2, "1 of 22 tests failed.")),
        (1640, "system", new RecoveryFailed(Phase.Test, 2, "No fix is known.", [])), (1640, "system", new Escalated(Phase.Test, "test still fails after 2 recoveries: 1 of 22 tests failed.", [])),
        (Weekend, "linus", new Resumed("again, with tags", Phase.Implement)),
        (Weekend + 3, "system", new PhaseStarted(Phase.Implement, 2, "w")), (Weekend + 400, "system", new PhaseCompleted(Phase.Implement, 2, 1, 397, [], null)),
        (Weekend + 400, "system", new PhaseStarted(Phase.Test, 3, "w")), (Weekend + 600, "system", new PhaseCompleted(Phase.Test, 3, 1, 200, [], new("4b825dc", "dotnet test", 0, 22, 22, 0, 0))),
        (Weekend + 600, "system", new ApprovalRequested("approval_1", Phase.Deploy, "Deploy bookmark-service to local?", [], "4b825dc", false)),
        (Weekend + 1_440, "ada", new Approved("approval_1", Phase.Deploy, "4b825dc", "looks right")), (Weekend + 1_445, "system", new PhaseStarted(Phase.Deploy, 1, "w")),
    ];

    public static async Task<string> TellAsync(TestGrace grace)
    {
        var id = await grace.SubmitAsync();
        // Paused where the scheduler looks, so that no worker takes it.
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("read the task first"), new("ada"));
        var began = TimeProvider.System.GetUtcNow().AddSeconds(-Now);
        var version = 2;
        foreach (var (second, by, change) in Events)
        {
            await using var write = grace.Get<LogWriter>().Begin(new(by), began.AddSeconds(second));
            write.Append(id, version++, [change]);
            await write.CommitAsync(default);
        }
        await TestPostgres.TamperAsync(grace.ConnectionString, $"""
            update grace.mt_events set timestamp = '{began:O}'::timestamptz + (version - 1) * interval '5 seconds' where stream_id = '{id}' and version <= 2;
            update grace.pipelines set version = {version} where id = '{id}'
            """);
        return id;
    }
}
