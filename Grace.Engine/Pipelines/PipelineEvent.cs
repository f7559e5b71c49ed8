using System.Text.Json.Nodes;

namespace Grace.Engine.Pipelines;

/// <summary>
/// Everything that can happen to a pipeline: a closed union. Wire names are in <see cref="PipelineEvents"/>; names and
/// fields never change once shipped, fields may be added.
/// </summary>
public abstract record PipelineEvent
{
    private PipelineEvent() { }

    /// <param name="Question">What a person has to say before anything is designed; null where the task leaves nothing open.</param>
    public sealed record Submitted(
        string Task, JsonObject Context, IReadOnlyList<Phase> Phases, string? Repository, string RequestedBy, JsonNode? Plan, string? Question = null) : PipelineEvent;

    public sealed record Started : PipelineEvent;

    public sealed record PauseRequested(string? Reason) : PipelineEvent;

    public sealed record Paused(string? Reason) : PipelineEvent;

    /// <summary>A pause lasts; a person is reminded of it before it is escalated.</summary>
    public sealed record Reminded(string Reason) : PipelineEvent;

    /// <param name="FromPhase">Set by a retry: this phase and those after it are pending again.</param>
    public sealed record Resumed(string? Reason, Phase? FromPhase = null) : PipelineEvent;

    /// <summary>Before and After are the whole phase context, so that the log alone shows what the Guardian changed.</summary>
    public sealed record Overridden(JsonObject Override, JsonObject Before, JsonObject After, string Reason) : PipelineEvent;

    public sealed record ApprovalRequested(
        string ApprovalId, Phase Phase, string Subject, JsonObject Evidence, string? Tree, bool RequesterBarred) : PipelineEvent;

    public sealed record Approved(string ApprovalId, Phase Phase, string? Tree, string? Reason) : PipelineEvent;

    public sealed record Rejected(string? ApprovalId, Phase Phase, string Reason) : PipelineEvent;

    public sealed record Escalated(Phase Phase, string Reason, JsonObject Evidence) : PipelineEvent;

    public sealed record Cancelled(string Reason, IReadOnlyList<string> PartialEffects) : PipelineEvent;

    public sealed record Completed(int Artifacts, double DurationSeconds) : PipelineEvent;

    public sealed record Failed(Phase Phase, string Error) : PipelineEvent;

    public sealed record PhaseStarted(Phase Phase, int Attempt, string Worker) : PipelineEvent;

    public sealed record PhaseCompleted(
        Phase Phase, int Attempt, int Artifacts, double DurationSeconds, IReadOnlyList<string> PlaybooksUsed, PhaseProof? Proof) : PipelineEvent;

    public sealed record PhaseFailed(Phase Phase, int Attempt, string Error, double DurationSeconds, JsonObject? Fingerprint = null) : PipelineEvent;

    public sealed record PhaseInterrupted(Phase Phase, int Attempt, string Reason) : PipelineEvent;

    public sealed record PhaseSkipped(Phase Phase, string Reason) : PipelineEvent;

    public sealed record ArtifactCreated(
        string PipelineId, string ArtifactId, string ArtifactType, Phase Phase, int Attempt, string ContentHash, long Size,
        string MediaType, IReadOnlyList<string> PlaybooksUsed, JsonObject Metadata, JsonObject Provenance) : PipelineEvent;

    public sealed record TestsFailed(int FailedCount, int TotalCount, IReadOnlyList<string> Tests) : PipelineEvent;

    /// <param name="Worker">Set when another worker takes a recovery over.</param>
    public sealed record RecoveryStarted(Phase Phase, int Attempt, int Recovery, string Error, string? Worker = null) : PipelineEvent;

    /// <summary>A fix is in place; whether it was one shows when the phase, tried again, completes.</summary>
    /// <param name="Context">What the next attempt is told, merged into the phase context; null for nothing.</param>
    /// <param name="Tree">The tree in force from now on, where the fix changed the code.</param>
    public sealed record RecoveryApplied(Phase Phase, int Recovery, string Fix, JsonObject Details, JsonObject? Context, string? Tree, DateTimeOffset? RetryAt = null) : PipelineEvent;

    /// <summary>The phase completed after a fix.</summary>
    public sealed record RecoverySucceeded(Phase Phase, int Recovery, string Fix, JsonObject Details) : PipelineEvent;

    public sealed record RecoveryFailed(Phase Phase, int Recovery, string Reason, JsonObject Details) : PipelineEvent;

    public sealed record PlaybookExecuted(
        string PlaybookId, int PlaybookVersion, string Agent, Phase Phase, bool Success, int Artifacts, JsonObject Metadata) : PipelineEvent;

    public sealed record PlaybookFailed(
        string PlaybookId, int PlaybookVersion, string Agent, Phase Phase, string Error, JsonObject Metadata) : PipelineEvent;
}

/// <summary>What a phase proved, kept in the log so that the deploy gate needs nothing else.</summary>
/// <param name="Tree">git tree hash: the one written (implement), tested (test) or deployed (deploy).</param>
/// <param name="Command">The command whose outcome this is; only for test.</param>
public sealed record PhaseProof(string Tree, string? Command = null, int? ExitCode = null, int? Total = null, int? Passed = null, int? Failed = null, int? Skipped = null);
