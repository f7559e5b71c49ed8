using System.Text.Json.Nodes;

namespace Grace.Engine.Pipelines;

/// <summary>Everything that can be asked of a pipeline: a closed union.</summary>
public abstract record PipelineCommand
{
    private PipelineCommand() { }

    public sealed record Submit(
        string Task, JsonObject Context, IReadOnlyList<Phase> Phases, string? Repository, string RequestedBy, JsonNode? Plan = null, string? Question = null) : PipelineCommand;

    /// <summary>A worker takes the pipeline into its slot: it starts, goes on, or takes over what a dead worker left.</summary>
    /// <param name="Worker">The lease token of this stretch of work.</param>
    public sealed record Take(string Worker) : PipelineCommand;

    /// <summary>The phase did its work. Whether it is complete is decided from what it brings.</summary>
    public sealed record Finish(Phase Phase, int Attempt, PhaseReport Report) : PipelineCommand;

    public sealed record Interrupt(Phase Phase, int Attempt, string Reason) : PipelineCommand;

    public sealed record FinishRecovery(Phase Phase, int Recovery, RecoveryReport Report) : PipelineCommand;

    public sealed record Pause(string? Reason) : PipelineCommand;

    public sealed record Resume(string? Reason) : PipelineCommand;

    public sealed record Override(JsonObject Values, string Reason) : PipelineCommand;

    /// <param name="By">Whoever asked for the pipeline may be barred from approving it.</param>
    /// <param name="ApprovalId">What is approved; null: whatever waits.</param>
    public sealed record Approve(string By, string? Reason, string? ApprovalId = null) : PipelineCommand;

    /// <param name="ApprovalId">What is rejected; null: whatever waits.</param>
    public sealed record Reject(string Reason, string? ApprovalId = null) : PipelineCommand;

    public sealed record Retry(Phase? Phase, string? Reason) : PipelineCommand;

    public sealed record Cancel(string Reason) : PipelineCommand;

    public sealed record Remind(string Reason) : PipelineCommand;

    /// <summary>Something that only a person can settle: a budget is used up, a pause lasts too long.</summary>
    public sealed record Escalate(string Reason, JsonObject Evidence) : PipelineCommand;
}

/// <summary>What an agent hands over at the end of a phase.</summary>
/// <param name="Error">Why the phase failed, or null.</param>
/// <param name="Proof">Required for implement, test and deploy.</param>
public sealed record PhaseReport(
    string? Error,
    IReadOnlyList<ProducedArtifact> Artifacts,
    IReadOnlyList<PlaybookOutcome> Playbooks,
    PhaseProof? Proof,
    TestFailures? FailedTests = null,
    JsonObject? Fingerprint = null);

/// <summary>An artifact whose bytes are already hashed; the bytes go to the shelf in the same transaction.</summary>
public sealed record ProducedArtifact(
    string ArtifactId, string ArtifactType, string ContentHash, long Size, string MediaType, JsonObject Metadata, JsonObject Provenance);

/// <summary>One playbook run, as the learning loop hears of it.</summary>
public sealed record PlaybookOutcome(string PlaybookId, int Version, string Agent, string? Error, int Artifacts, JsonObject Metadata);

public sealed record TestFailures(int Failed, int Total, IReadOnlyList<string> Tests);

/// <param name="Fix">The playbook that was applied, or null when none is known or it did not work.</param>
/// <param name="Reason">Why there is no fix.</param>
/// <param name="Details">The analysis: fingerprint, known issue, what the fix found and did.</param>
/// <param name="Context">What the next attempt is told.</param>
/// <param name="Tree">The tree that the fix left, where it changed the code.</param>
/// <param name="Backoff">How long the phase rests before it is tried again.</param>
public sealed record RecoveryReport(
    string? Fix, string? Reason, JsonObject Details, JsonObject? Context = null, string? Tree = null,
    IReadOnlyList<PlaybookOutcome>? Playbooks = null, IReadOnlyList<ProducedArtifact>? Artifacts = null, TimeSpan Backoff = default);

/// <summary>The rules in force where a decision is made; they come from the configuration and never from the pipeline.</summary>
public sealed record PipelinePolicy(bool AutoRecover, int RecoveryAttempts, Func<Pipeline, Phase, ApprovalNeed?> NeedsApproval)
{
    public static readonly PipelinePolicy None = new(false, 0, (_, _) => null);
}

/// <summary>Why a phase may not start before a person has agreed, and what they are shown.</summary>
/// <param name="Tree">The tree that the approval is for, where it is for one.</param>
public sealed record ApprovalNeed(string Subject, JsonObject Evidence, string? Tree = null, bool RequesterBarred = false);

/// <summary>A command that the pipeline's state does not allow. It has no effect.</summary>
public sealed class PipelineRejected(string title, string detail, Pipeline state) : Exception(detail)
{
    public string Title { get; } = title;

    public Pipeline State { get; } = state;
}
