using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Tests.Support;

/// <summary>Given a history, when a command, then events: the pure core's tests, with intent.</summary>
sealed class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    public const string Worker = "node/worker";
    public const string Tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    DateTimeOffset now = Noon;

    Given(Pipeline state, PipelinePolicy policy) => (State, Policy) = (state, policy);

    public Pipeline State { get; private set; }

    PipelinePolicy Policy { get; }

    public IReadOnlyList<PipelineEvent> Events { get; private set; } = [];

    public static Given APipeline(PipelinePolicy? policy = null, params Phase[] phases) =>
        new Given(Pipeline.Unborn with { Id = "pipeline_1" }, policy ?? PipelinePolicy.None)
            .When(new PipelineCommand.Submit("Build it", [], phases.Length == 0 ? PhaseOrder.All : phases, null, "ada"));

    /// <summary>Decides, applies, and keeps what was decided.</summary>
    public Given When(PipelineCommand command)
    {
        now += TimeSpan.FromSeconds(1);
        Events = PipelineDecider.Decide(State, command, Policy, now);
        State = Events.Aggregate(State, (s, e) => s.Evolve(e, now, "ada"));
        return this;
    }

    public Given Taken() => When(new PipelineCommand.Take(Worker));

    /// <summary>The running phase ends with all that it has to bring.</summary>
    public Given PhaseDone() => When(new PipelineCommand.Finish(State.Current!.Phase, State.Current.Attempt, Report(State.Current.Phase)));

    /// <summary>The running phase ends with these artifacts of its type.</summary>
    public Given PhaseMakes(params string[] ids)
    {
        var report = Report(State.Current!.Phase);
        return When(new PipelineCommand.Finish(
            State.Current.Phase, State.Current.Attempt, report with { Artifacts = [.. ids.Select(id => report.Artifacts[0] with { ArtifactId = id })] }));
    }

    public Given PhaseFails(string error = "it broke") =>
        When(new PipelineCommand.Finish(State.Current!.Phase, State.Current.Attempt, Report(State.Current.Phase) with { Error = error }));

    public Given UpTo(Phase phase)
    {
        if (State.Status == PipelineStatus.Queued)
            Taken();
        while (State.Current!.Phase < phase)
            PhaseDone();
        return this;
    }

    public static PhaseReport Report(Phase phase, PhaseProof? proof = null) => new(
        null,
        [new($"{phase.Name()}_agent_1", phase.Produces(), "sha256:00", 10, "application/json", [], [])],
        [new($"{phase.Name()}_playbook", 1, $"{phase.Name()}_agent", null, 1, [])],
        proof ?? phase switch
        {
            Phase.Test => new(Tree, "dotnet test", 0, 3, 3, 0, 0),
            Phase.Implement or Phase.Deploy => new(Tree),
            _ => null,
        });
}
