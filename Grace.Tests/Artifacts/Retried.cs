using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Artifacts;

/// <summary>A pipeline whose design fails once and which a person sends back to its research.</summary>
static class Retried
{
    public static Task<TestGrace> StartAsync() => TestGrace.StartAsync(gate: work =>
        work.Pipeline.Current is { Phase: Phase.Design, Attempt: 1 } ? throw new InvalidOperationException("It broke.") : Task.CompletedTask);

    /// <summary>Its artifacts: research 1, research 2, design 2.</summary>
    /// <param name="between">Given the first research document, before the retry.</param>
    public static async Task<Pipeline> RunAsync(TestGrace grace, Func<string, Task>? between = null)
    {
        var id = await grace.SubmitAsync(Phase.Research, Phase.Design);
        var waiting = await grace.UntilAsync(id, PipelineStatus.WaitingForGuardian);
        if (between is not null)
            await between(waiting.Artifacts.Single().ArtifactId);
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Retry(Phase.Research, "look again"), new("ada"));
        return await grace.UntilAsync(id, PipelineStatus.Completed);
    }
}
