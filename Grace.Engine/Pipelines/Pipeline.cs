using System.Collections.Immutable;
using System.Text.Json.Nodes;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Engine.Pipelines;

/// <summary>Where one phase stands. Attempts count from 1; 0 means not started.</summary>
/// <param name="Fix">The fix that the attempt under way or to come has to prove.</param>
/// <param name="SameFailures">How often it failed in the same way in a row.</param>
public sealed record PhaseState(
    Phase Phase, PhaseStatus Status = PhaseStatus.Pending, int Attempt = 0, DateTimeOffset? StartedAt = null,
    DateTimeOffset? EndedAt = null, string? Error = null, PhaseProof? Proof = null, int Recoveries = 0, JsonObject? Fingerprint = null,
    string? Fix = null, int SameFailures = 0);

/// <summary>An artifact as the pipeline remembers it; the bytes are on the shelf under the hash.</summary>
public sealed record ArtifactRef(
    string ArtifactId, string ArtifactType, Phase Phase, int Attempt, string ContentHash, long Size, string MediaType,
    JsonObject Metadata, JsonObject Provenance, DateTimeOffset CreatedAt);

/// <summary>What a waiting pipeline waits for: an approval (ApprovalId is set) or a person's help.</summary>
public sealed record Waiting(
    string? ApprovalId, Phase Phase, string Reason, JsonObject Evidence, DateTimeOffset Since, string? Tree = null, bool RequesterBarred = false);

/// <param name="Tree">The tree that the approval named, where it named one: it holds for no other.</param>
public sealed record Approval(string Id, string? Tree);

public sealed record OverrideEntry(JsonObject Override, JsonObject Before, JsonObject After, string Reason, string? By, DateTimeOffset At);

/// <summary>A pipeline as its events tell it. Immutable; the only way to a new one is <see cref="Evolve"/>.</summary>
public sealed record Pipeline
{
    public static readonly Pipeline Unborn = new();

    public string Id { get; init; } = "";
    public long Version { get; init; }
    public string Task { get; init; } = "";
    public JsonObject Context { get; init; } = [];
    public string? Repository { get; init; }
    public JsonNode? Plan { get; init; }

    /// <summary>What a person has to say before anything is designed.</summary>
    public string? Question { get; init; }
    public string RequestedBy { get; init; } = "";
    public PipelineStatus Status { get; init; } = PipelineStatus.Queued;
    public ImmutableList<PhaseState> Phases { get; init; } = [];
    public ImmutableList<ArtifactRef> Artifacts { get; init; } = [];
    public ImmutableList<OverrideEntry> Overrides { get; init; } = [];
    public bool HasStarted { get; init; }
    /// <summary>Behind those that wait for their first slot (false) or ahead of them (true).</summary>
    public bool AheadOfQueue { get; init; }
    public bool PauseRequested { get; init; }
    public string? PauseReason { get; init; }
    /// <summary>When the pause took effect that is in force.</summary>
    public DateTimeOffset? PausedAt { get; init; }
    /// <summary>What a person was reminded of since then.</summary>
    public string? Reminder { get; init; }
    public bool Recovering { get; init; }
    /// <summary>When the failed phase is tried again: until then nobody works on it, and its slot is kept.</summary>
    public DateTimeOffset? RetryAt { get; init; }
    public string? Worker { get; init; }
    public Waiting? Waiting { get; init; }
    /// <summary>Phases that a person has approved, spent when the phase completes.</summary>
    public ImmutableDictionary<Phase, Approval> Approvals { get; init; } = ImmutableDictionary<Phase, Approval>.Empty;
    public string? Error { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    public bool Exists => Version > 0;

    public PhaseState? Current => Phases.FirstOrDefault(p => p.Status == PhaseStatus.Running);

    public Phase? NextPhase => Phases.Where(p => p.Status is PhaseStatus.Pending or PhaseStatus.Failed).Select(p => (Phase?)p.Phase).FirstOrDefault();

    public PhaseState this[Phase phase] => Phases.First(p => p.Phase == phase);

    public bool Has(Phase phase) => Phases.Any(p => p.Phase == phase);

    /// <summary>The running phase, else the one that the pipeline stopped at or will start next.</summary>
    public Phase? CurrentPhase => Current?.Phase ?? Waiting?.Phase ?? (Status == PipelineStatus.Completed ? null : NextPhase);

    /// <summary>
    /// The artifacts that count now: of each phase, the newest of each type from its last completed attempt. A fix to the
    /// code supersedes what the attempt wrote.
    /// </summary>
    public IEnumerable<ArtifactRef> CurrentArtifacts =>
        Artifacts.Where(a => this[a.Phase] is { Status: PhaseStatus.Completed } p && p.Attempt == a.Attempt)
            .GroupBy(a => (a.Phase, a.ArtifactType)).Select(same => same.Last());

    public static Pipeline Fold(string id, IEnumerable<(PipelineEvent Change, DateTimeOffset At, string? By)> history) =>
        history.Aggregate(Unborn with { Id = id }, (state, e) => state.Evolve(e.Change, e.At, e.By));

    /// <summary>Applies one event. Throws on an event it does not know rather than passing it over.</summary>
    public Pipeline Evolve(PipelineEvent change, DateTimeOffset at, string? by)
    {
        var next = this with { Version = Version + 1, UpdatedAt = at };
        return change switch
        {
            Submitted e => next with
            {
                Task = e.Task, Context = e.Context, Repository = e.Repository, Plan = e.Plan, Question = e.Question, RequestedBy = e.RequestedBy,
                Phases = [.. e.Phases.Select(p => new PhaseState(p))], Status = PipelineStatus.Queued, CreatedAt = at,
            },
            Started => next with { HasStarted = true, StartedAt = at, Status = PipelineStatus.Running },
            PauseRequested e => next with { PauseRequested = true, PauseReason = e.Reason },
            Paused e => next with { Status = PipelineStatus.Paused, PauseRequested = false, PauseReason = e.Reason, PausedAt = at, Reminder = null, Worker = null, Recovering = false, RetryAt = null },
            Reminded e => next with { Reminder = e.Reason },
            Resumed e => next.BackTo(e.FromPhase) with
            {
                Status = Status == PipelineStatus.Running ? Status : PipelineStatus.Queued, AheadOfQueue = Status != PipelineStatus.Running,
                PauseRequested = false, PauseReason = null, PausedAt = null, Reminder = null, Waiting = null, Error = null, EndedAt = null,
            },
            Overridden e => next with { Context = e.After, Overrides = Overrides.Add(new(e.Override, e.Before, e.After, e.Reason, by, at)) },
            ApprovalRequested e => next.Wait(new(e.ApprovalId, e.Phase, e.Subject, e.Evidence, at, e.Tree, e.RequesterBarred)),
            Approved e => next with
            {
                Status = PipelineStatus.Queued, AheadOfQueue = true, Waiting = null, Approvals = Approvals.SetItem(e.Phase, new(e.ApprovalId, e.Tree)),
            },
            Rejected => next with { Waiting = null },
            Escalated e => next.Wait(new(null, e.Phase, e.Reason, e.Evidence, at)),
            Cancelled e => next.End(PipelineStatus.Cancelled, at, e.Reason),
            Completed => next.End(PipelineStatus.Completed, at, null),
            Failed e => next.End(PipelineStatus.Failed, at, e.Error),
            PhaseStarted e => next.With(e.Phase, p => p with { Status = PhaseStatus.Running, Attempt = e.Attempt, StartedAt = at, EndedAt = null, Error = null })
                with { Status = PipelineStatus.Running, Worker = e.Worker, Recovering = false, RetryAt = null, AheadOfQueue = false },
            PhaseCompleted e => next.With(e.Phase, p => p with { Status = PhaseStatus.Completed, EndedAt = at, Proof = e.Proof, Fix = null, SameFailures = 0 })
                with { Approvals = Approvals.Remove(e.Phase) },
            PhaseFailed e => next.With(e.Phase, p => p with
            {
                Status = PhaseStatus.Failed, EndedAt = at, Error = e.Error, Fingerprint = e.Fingerprint, Fix = null,
                SameFailures = p.SameFailures > 0 && Same(p.Fingerprint, e.Fingerprint) ? p.SameFailures + 1 : 1,
            }),
            PhaseInterrupted e => next.With(e.Phase, p => p with { Status = PhaseStatus.Pending, EndedAt = at }) with { Worker = null, Recovering = false },
            PhaseSkipped e => next.With(e.Phase, p => p with { Status = PhaseStatus.Skipped, EndedAt = at }),
            ArtifactCreated e => next with
            {
                Artifacts = Artifacts.Add(new(e.ArtifactId, e.ArtifactType, e.Phase, e.Attempt, e.ContentHash, e.Size, e.MediaType, e.Metadata, e.Provenance, at)),
            },
            RecoveryStarted e => next.With(e.Phase, p => p with { Recoveries = e.Recovery }) with
            {
                Recovering = true, Worker = e.Worker ?? Worker, Status = PipelineStatus.Running, AheadOfQueue = false,
            },
            RecoveryApplied e => next.WithTree(e.Tree).With(e.Phase, p => p with { Fix = e.Fix }) with
            {
                Recovering = false, Context = e.Context is null ? Context : GuardianDecisions.Merge(Context, e.Context),
                RetryAt = e.RetryAt, Worker = e.RetryAt is null ? Worker : null,
            },
            RecoverySucceeded or RecoveryFailed => next with { Recovering = false },
            TestsFailed or PlaybookExecuted or PlaybookFailed => next,
            _ => throw new NotSupportedException($"Pipeline.Evolve does not know {change.GetType().Name}."),
        };
    }

    Pipeline With(Phase phase, Func<PhaseState, PhaseState> change) =>
        this with { Phases = Phases.ConvertAll(p => p.Phase == phase ? change(p) : p) };

    /// <summary>A fix changed the code: what the implement phase wrote is this tree now.</summary>
    Pipeline WithTree(string? tree) => tree is null || !Has(Phase.Implement) || this[Phase.Implement].Proof is null
        ? this
        : With(Phase.Implement, p => p with { Proof = p.Proof! with { Tree = tree } });

    static bool Same(JsonObject? one, JsonObject? other) =>
        one?["fingerprint"]?.ToString() is { } known && known == other?["fingerprint"]?.ToString();

    Pipeline Wait(Waiting waiting) =>
        this with { Status = PipelineStatus.WaitingForGuardian, Waiting = waiting, Worker = null, Recovering = false, RetryAt = null, PauseRequested = false, PausedAt = null, Reminder = null };

    Pipeline End(PipelineStatus status, DateTimeOffset at, string? error) => this with
    {
        Status = status, EndedAt = at, Error = error, Worker = null, Waiting = null, PauseRequested = false, PausedAt = null, Reminder = null, Recovering = false, RetryAt = null,
        Phases = Phases.ConvertAll(p => p.Status == PhaseStatus.Running ? p with { Status = PhaseStatus.Failed, EndedAt = at, Error = error } : p),
    };

    Pipeline BackTo(Phase? phase) => phase is null ? this : this with
    {
        Phases = Phases.ConvertAll(p => p.Phase < phase ? p : new PhaseState(p.Phase, Attempt: p.Attempt)),
        Approvals = Approvals.RemoveRange(Approvals.Keys.Where(p => p >= phase)),
    };
}
