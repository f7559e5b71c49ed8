using System.Collections.Immutable;
using System.Text.Json.Nodes;
using static Grace.Engine.Playbooks.PlaybookEvent;

namespace Grace.Engine.Playbooks;

/// <summary>Where a version of a playbook stands.</summary>
public enum VersionStatus { Available, InForce, Proposed, OnTrial, RolledBack }

/// <param name="BaseVersion">What a candidate is measured against.</param>
/// <param name="StatusReason">Why it stands where it stands.</param>
public sealed record PlaybookVersion(
    int Number, string ContentHash, string Source, string File, DateTimeOffset At, string? By, VersionStatus Status,
    int? BaseVersion = null, double Share = 0, string? StatusReason = null, string? MissionId = null, JsonObject? Evidence = null);

/// <summary>A command that a playbook's state does not allow. It has no effect.</summary>
public sealed class PlaybookRejected(string title, string detail) : Exception(detail)
{
    public string Title { get; } = title;
}

/// <summary>A playbook's versions as its events tell them, and what may be done with them. Pure.</summary>
public sealed record PlaybookHistory(string Id, long Version, ImmutableList<PlaybookVersion> Versions)
{
    public static PlaybookHistory Unborn(string id) => new(id, 0, []);

    public PlaybookVersion? InForce => Versions.FirstOrDefault(v => v.Status == VersionStatus.InForce);

    /// <summary>The one that is proposed or tried; there is never more than one.</summary>
    public PlaybookVersion? Candidate => Versions.FirstOrDefault(v => v.Status is VersionStatus.Proposed or VersionStatus.OnTrial);

    public PlaybookVersion? Find(int number) => Versions.FirstOrDefault(v => v.Number == number);

    /// <summary>The newest time that a candidate was taken back: for a while nothing new is tried.</summary>
    public DateTimeOffset? LastRollback { get; init; }

    public static PlaybookHistory Fold(string id, IEnumerable<(PlaybookEvent Change, DateTimeOffset At, string? By)> history) =>
        history.Aggregate(Unborn(id), (state, e) => state.Evolve(e.Change, e.At, e.By));

    public PlaybookHistory Evolve(PlaybookEvent change, DateTimeOffset at, string? by)
    {
        var next = this with { Version = Version + 1 };
        return change switch
        {
            Published e => next.Add(new(e.PlaybookVersion, e.ContentHash, e.Source, e.File, at, by, e.InForce ? VersionStatus.InForce : VersionStatus.Available, StatusReason: e.Reason)),
            CandidateProposed e => next.Add(new(
                e.PlaybookVersion, e.ContentHash, e.Source, $"{Id}.yaml", at, by, e.Share > 0 ? VersionStatus.OnTrial : VersionStatus.Proposed,
                e.BaseVersion, e.Share, e.Reason, e.MissionId)),
            TrialStarted e => next.With(e.PlaybookVersion, v => v with { Status = VersionStatus.OnTrial, Share = e.Share, StatusReason = e.Reason ?? v.StatusReason }),
            Promoted e => next.Put(e.PlaybookVersion, e.Reason, e.Evidence),
            RolledBack e => (next.InForce?.Number == e.To ? next : next.Put(e.To, e.Reason, null))
                .With(e.PlaybookVersion, v => v with { Status = VersionStatus.RolledBack, StatusReason = e.Reason, Evidence = e.Evidence, Share = 0 }) with { LastRollback = at },
            _ => throw new NotSupportedException($"PlaybookHistory.Evolve does not know {change.GetType().Name}."),
        };
    }

    PlaybookHistory Add(PlaybookVersion version)
    {
        var others = version.Status == VersionStatus.InForce ? Versions.ConvertAll(v => v.Status == VersionStatus.InForce ? v with { Status = VersionStatus.Available } : v) : Versions;
        return this with { Versions = others.Add(version) };
    }

    PlaybookHistory Put(int number, string reason, JsonObject? evidence) => this with
    {
        Versions = Versions.ConvertAll(v => v.Number == number
            ? v with { Status = VersionStatus.InForce, StatusReason = reason, Evidence = evidence ?? v.Evidence, Share = 0 }
            : v.Status == VersionStatus.InForce ? v with { Status = VersionStatus.Available } : v),
    };

    PlaybookHistory With(int number, Func<PlaybookVersion, PlaybookVersion> change) => this with { Versions = Versions.ConvertAll(v => v.Number == number ? change(v) : v) };
}
