using System.Text.Json.Nodes;
using static Grace.Engine.Playbooks.PlaybookEvent;

namespace Grace.Engine.Playbooks;

/// <summary>The rules of a playbook's versions, pure: (state, what is wanted) → events. A duplicate gives none.</summary>
public static class PlaybookDecisions
{
    /// <summary>A text that is known already is no new version. What a team made itself is not pushed aside by what ships.</summary>
    public static IReadOnlyList<PlaybookEvent> Publish(PlaybookHistory state, Playbook playbook, string? reason)
    {
        if (state.Versions.Any(v => v.ContentHash == playbook.Hash))
            return [];
        // A repository's counts for its own pipelines alone.
        var inForce = playbook.Source != PlaybookSource.Repository && (state.InForce is not { } current || PlaybookSource.Rank(playbook.Source) >= PlaybookSource.Rank(current.Source));
        return [new Published(state.Id, NextNumber(state, playbook.Version), playbook.Hash, playbook.Source, playbook.File, inForce, reason)];
    }

    /// <param name="share">Of the runs; 0 where somebody has to agree first.</param>
    public static IReadOnlyList<PlaybookEvent> Propose(PlaybookHistory state, Playbook playbook, double share, string reason, string? missionId)
    {
        if (state.InForce is not { } current)
            throw new PlaybookRejected("Nothing to be better than", $"There is no playbook '{state.Id}' in force; publish it instead.");
        if (state.Candidate is { } other)
            return other.ContentHash == playbook.Hash ? []
                : throw new PlaybookRejected("Another candidate is there", $"Version {other.Number} of {state.Id} is {Words(other.Status)}; promote it or roll it back first.");
        if (state.Versions.FirstOrDefault(v => v.ContentHash == playbook.Hash) is { } known)
            throw new PlaybookRejected("Known already", $"This is version {known.Number} of {state.Id}, which is {Words(known.Status)}{(known.StatusReason is { } why ? $": {why}" : ".")}");
        return [new CandidateProposed(state.Id, NextNumber(state, playbook.Version), current.Number, playbook.Hash, playbook.Source, share, reason, missionId)];
    }

    public static IReadOnlyList<PlaybookEvent> StartTrial(PlaybookHistory state, int number, double share, string? reason) => Known(state, number).Status switch
    {
        VersionStatus.OnTrial => [],
        VersionStatus.Proposed => [new TrialStarted(state.Id, number, share, reason)],
        var other => throw new PlaybookRejected("No candidate", $"Version {number} of {state.Id} is {Words(other)}; only a proposed one can be tried."),
    };

    public static IReadOnlyList<PlaybookEvent> Promote(PlaybookHistory state, int number, string reason, JsonObject? evidence = null) =>
        Known(state, number).Status == VersionStatus.InForce ? [] : [new Promoted(state.Id, number, state.InForce?.Number ?? 0, reason, evidence)];

    /// <summary>Takes a candidate out of its trial, or the version in force back to the one before it.</summary>
    public static IReadOnlyList<PlaybookEvent> RollBack(PlaybookHistory state, int number, string reason, JsonObject? evidence = null)
    {
        var version = Known(state, number);
        switch (version.Status)
        {
            case VersionStatus.RolledBack:
                return [];
            case VersionStatus.Proposed or VersionStatus.OnTrial when state.InForce is { } stays:
                return [new RolledBack(state.Id, number, stays.Number, reason, evidence)];
            case VersionStatus.InForce:
                var before = state.Versions.Where(v => v.Status == VersionStatus.Available && v.Number < number).MaxBy(v => v.Number)
                    ?? throw new PlaybookRejected("Nothing before it", $"Version {number} of {state.Id} has no version before it to go back to.");
                return [new RolledBack(state.Id, number, before.Number, reason, evidence)];
            default:
                throw new PlaybookRejected("Not in use", $"Version {number} of {state.Id} is {Words(version.Status)}; only one that is in force or a candidate can be rolled back.");
        }
    }

    public static string Words(VersionStatus status) => status switch
    {
        VersionStatus.Available => "available",
        VersionStatus.InForce => "in force",
        VersionStatus.Proposed => "proposed",
        VersionStatus.OnTrial => "on trial",
        VersionStatus.RolledBack => "rolled back",
        _ => throw new NotSupportedException($"There are no words for {status}."),
    };

    static PlaybookVersion Known(PlaybookHistory state, int number) =>
        state.Find(number) ?? throw new PlaybookRejected("Unknown version", $"There is no version {number} of '{state.Id}'; there {(state.Versions.Count == 0 ? "is none" : $"are {string.Join(", ", state.Versions.Select(v => v.Number))}")}.");

    static int NextNumber(PlaybookHistory state, int wanted) => Math.Max(wanted, state.Versions.Select(v => v.Number).DefaultIfEmpty(0).Max() + 1);
}
