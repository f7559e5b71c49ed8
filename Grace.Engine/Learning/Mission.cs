using System.Text.Json.Nodes;
using static Grace.Engine.Learning.MissionEvent;

namespace Grace.Engine.Learning;

public enum MissionStatus { Gathering, Proposing, WaitingForApproval, OnTrial, Concluded }

/// <summary>A command that a mission's state does not allow. It has no effect.</summary>
public sealed class MissionRejected(string title, string detail) : Exception(detail)
{
    public string Title { get; } = title;
}

/// <summary>A learning mission as its events tell it, and what may be done with it. Pure.</summary>
public sealed record Mission(string Id, long Version = 0)
{
    public MissionStatus Status { get; init; }
    public Launched? Task { get; init; }
    public string Recurrence { get; init; } = "";
    public IReadOnlyList<JsonObject> Findings { get; init; } = [];
    public IReadOnlyList<string> Gaps { get; init; } = [];
    public Proposed? Proposal { get; init; }
    public string? ApprovedBy { get; init; }
    public Concluded? Conclusion { get; init; }
    public DateTimeOffset LaunchedAt { get; init; }
    public DateTimeOffset? ConcludedAt { get; init; }

    public static Mission Fold(string id, IEnumerable<(MissionEvent Change, DateTimeOffset At, string? By)> history) =>
        history.Aggregate(new Mission(id), (state, e) => state.Evolve(e.Change, e.At, e.By));

    public Mission Evolve(MissionEvent change, DateTimeOffset at, string? by)
    {
        var next = this with { Version = Version + 1 };
        return change switch
        {
            Recurring e => next with { Recurrence = e.Reason },
            Launched e => next with { Task = e, LaunchedAt = at, Status = MissionStatus.Gathering },
            Gathered e => next with { Findings = e.Findings, Gaps = e.Gaps, Status = MissionStatus.Proposing },
            Proposed e => next with { Proposal = e, Status = MissionStatus.WaitingForApproval },
            Approved => next with { ApprovedBy = by, Status = MissionStatus.OnTrial },
            Concluded e => next with { Conclusion = e, ConcludedAt = at, Status = MissionStatus.Concluded },
            _ => throw new NotSupportedException($"Mission.Evolve does not know {change.GetType().Name}."),
        };
    }

    public IReadOnlyList<MissionEvent> Approve(string? reason) => Status switch
    {
        // A known issue needs no trial: whether it helps, every recovery proves anew.
        MissionStatus.WaitingForApproval when Proposal!.Kind == "known_issue" => [new Approved(reason), new Concluded(Id, "learnt", Proposal.Lesson, null)],
        MissionStatus.WaitingForApproval => [new Approved(reason)],
        _ when ApprovedBy is not null => [],
        _ => throw new MissionRejected("Nothing to approve", $"Mission {Id} is {Words(Status)}; only one that waits for approval can be approved."),
    };

    public IReadOnlyList<MissionEvent> Reject(string reason) => Status switch
    {
        MissionStatus.WaitingForApproval or MissionStatus.OnTrial or MissionStatus.Gathering or MissionStatus.Proposing => [new Concluded(Id, "rejected", reason, null)],
        _ when Conclusion?.Outcome == "rejected" => [],
        _ => throw new MissionRejected("Too late", $"Mission {Id} is {Words(Status)}: {Conclusion?.Outcome}."),
    };

    public IReadOnlyList<MissionEvent> Conclude(string outcome, string reason, JsonObject? evidence) =>
        Status == MissionStatus.Concluded ? [] : [new Concluded(Id, outcome, reason, evidence)];

    public static string Words(MissionStatus status) => status switch
    {
        MissionStatus.Gathering => "gathering",
        MissionStatus.Proposing => "proposing",
        MissionStatus.WaitingForApproval => "waiting_for_approval",
        MissionStatus.OnTrial => "on_trial",
        MissionStatus.Concluded => "concluded",
        _ => throw new NotSupportedException($"There are no words for {status}."),
    };
}
