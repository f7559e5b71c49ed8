namespace Grace.Engine.Pipelines;

/// <summary>The five phases, in the only order in which they run.</summary>
public enum Phase { Research, Design, Implement, Test, Deploy }

public enum PhaseStatus { Pending, Running, Completed, Failed, Skipped }

public enum PipelineStatus { Queued, Running, Paused, WaitingForGuardian, Completed, Failed, Cancelled }

/// <summary>What the specification fixes for each phase: its wire name and the artifact without which it is not complete.</summary>
public static class PhaseOrder
{
    public static readonly IReadOnlyList<Phase> All = Enum.GetValues<Phase>();

    public static string Name(this Phase phase) => phase switch
    {
        Phase.Research => "research",
        Phase.Design => "design",
        Phase.Implement => "implement",
        Phase.Test => "test",
        Phase.Deploy => "deploy",
    };

    /// <summary>The artifact type that the phase must produce ("Artifacts Produced" in the specification).</summary>
    public static string Produces(this Phase phase) => phase switch
    {
        Phase.Research => "research_doc",
        Phase.Design => "design_spec",
        Phase.Implement => "code",
        Phase.Test => "test_results",
        Phase.Deploy => "deployment_manifest",
    };

    public static Phase? Parse(string? name) =>
        All.Where(phase => phase.Name() == name).Select(phase => (Phase?)phase).FirstOrDefault();

    public static string Name(this PipelineStatus status) => status switch
    {
        PipelineStatus.Queued => "queued",
        PipelineStatus.Running => "running",
        PipelineStatus.Paused => "paused",
        PipelineStatus.WaitingForGuardian => "waiting_for_guardian",
        PipelineStatus.Completed => "completed",
        PipelineStatus.Failed => "failed",
        PipelineStatus.Cancelled => "cancelled",
    };

    public static bool IsFinal(this PipelineStatus status) =>
        status is PipelineStatus.Completed or PipelineStatus.Failed or PipelineStatus.Cancelled;
}
