using Grace.Engine.Failures;
using Grace.Engine.Log;
using Grace.Engine.Playbooks;
using Marten;

namespace Grace.Engine.Learning;

/// <summary>
/// Learning from the log: keeps the read side and acts on it. A failure that recurs launches a mission, a mission that found
/// something proposes, a trial that is decided promotes or rolls back. One node does it at a time. What it does twice, after
/// a crash or when the log is read again from its beginning, changes nothing: every decision is made by the stream it goes to.
/// </summary>
public sealed class LearningLoop(
    EventLog log, LearningBook book, Missions missions, MissionResearch research, PlaybookRegistry registry, PlaybookSources sources, LearningOptions options, TimeProvider clock)
    : LogFollower(log)
{
    public const string Name = "learning";
    const string Itself = "learning_loop";

    public static IEnumerable<Type> Wanted => LearningBook.WantedTypes;

    protected override async Task TakeAsync(IReadOnlyList<Recorded> events, IDocumentOperations operations, CancellationToken cancel)
    {
        bool? trial = null;
        for (var n = 0; n < events.Count;)
        {
            var plain = events.Skip(n).TakeWhile(LearningBook.IsPlain).ToList();
            if (plain.Count > 0 && !(trial ??= await book.IsTrialRunningAsync(cancel)))
            {
                await book.TakePlainAsync(plain, cancel);
                n += plain.Count;
                continue;
            }
            await HandleAsync(events[n++], cancel);
            // What it brought may have begun or ended one.
            trial = plain.Count > 0 ? trial : null;
        }
    }

    async Task HandleAsync(Recorded e, CancellationToken cancel)
    {
        var noticed = await book.TakeAsync(e, cancel);
        if (!options.Enabled)
            return;
        if (noticed.Cluster is { } cluster)
            await ConsiderAsync(cluster, e.At, cancel);
        foreach (var look in noticed.Looks ?? [])
            await DecideAsync(look, cancel);
        switch (e.Type)
        {
            case "learning.mission.launched":
                await WorkAsync(e.StreamId, cancel);
                break;
            case "learning.mission.approved":
                await TryAsync(await missions.LoadAsync(e.StreamId, cancel), cancel);
                break;
            case "learning.mission.concluded":
                await TakeBackAsync(await missions.LoadAsync(e.StreamId, cancel), cancel);
                break;
            case "playbook.promoted" or "playbook.rolled_back":
                await ConcludeAsync(e, cancel);
                break;
        }
    }

    async Task ConsiderAsync(Cluster cluster, DateTimeOffset now, CancellationToken cancel)
    {
        var verdict = Recurrence.Judge(cluster, new(options.Count, options.Window, options.Pipelines), now);
        if (!verdict.Recurring)
            return;
        var (number, last) = await book.LastMissionAsync(cluster.Id, cancel);
        if (last is { } before && (before.ConcludedAt is not { } concluded || now - concluded < options.Cooldown))
            return;
        var newest = cluster.Recent[0];
        var playbook = cluster.Recent.FirstOrDefault(r => r.PlaybookId is not null);
        var id = $"mission_{cluster.Id}_{number + 1}";
        await missions.ExecuteAsync(id, state => state.Version > 0 ? [] :
        [
            new MissionEvent.Recurring(cluster.Id, cluster.Signature.Title, cluster.Count, cluster.Pipelines.Count(), verdict.Reason),
            new MissionEvent.Launched(id, cluster.Id, cluster.Signature.Title, newest.Phase, playbook?.PlaybookId, playbook?.PlaybookVersion, cluster.Sample, [.. cluster.Recent.Select(r => r.PipelineId)]),
        ], Itself, cancel);
    }

    /// <summary>Gathers and proposes; after a crash it goes on where the stream stands.</summary>
    async Task WorkAsync(string id, CancellationToken cancel)
    {
        var mission = await missions.LoadAsync(id, cancel);
        if (mission.Status is not (MissionStatus.Gathering or MissionStatus.Proposing))
            return;
        var (findings, gaps, material) = await research.GatherAsync(mission.Task!, cancel);
        if (mission.Status == MissionStatus.Gathering)
            await missions.ExecuteAsync(id, m => m.Status == MissionStatus.Gathering ? [new MissionEvent.Gathered(findings, gaps)] : [], Itself, cancel);
        if (MissionProposal.Of(material) is not { } proposal)
        {
            await missions.ExecuteAsync(id, m => m.Conclude("nothing_found", "Nothing that was written down or seen before speaks to this failure; a person can propose a candidate.", null), Itself, cancel);
            return;
        }
        int? version = null;
        if (proposal.Yaml is { } yaml)
        {
            try
            {
                version = await ProposeAsync(mission, proposal, yaml, cancel);
            }
            catch (PlaybookRejected rejected)
            {
                await missions.ExecuteAsync(id, m => m.Conclude("nothing_found", $"{proposal.Lesson} It cannot be proposed now: {rejected.Message}", null), Itself, cancel);
                return;
            }
        }
        await missions.ExecuteAsync(id, m => m.Status != MissionStatus.Proposing ? []
            : [new MissionEvent.Proposed(proposal.Kind, proposal.Lesson, proposal.Reasons, version is null ? null : mission.Task!.PlaybookId, version, proposal.Fix, proposal.Context)], Itself, cancel);
        if (options.Approval == "trial")
            await missions.ExecuteAsync(id, m => m.Status == MissionStatus.WaitingForApproval ? m.Approve("The policy allows approval by trial.") : [], Itself, cancel);
    }

    async Task<int> ProposeAsync(Mission mission, Proposal proposal, string yaml, CancellationToken cancel)
    {
        var (playbook, problems) = sources.Check(yaml, $"{mission.Task!.PlaybookId}.yaml", PlaybookSource.Mission, registry.Now.InForce.All.Select(p => p.Id));
        if (playbook is null || problems.Count > 0)
            throw new PlaybookRejected("Not usable", $"The changed playbook would not be valid: {string.Join("; ", problems.Select(p => $"line {p.Line}: {p.Message}"))}");
        var state = await registry.ExecuteAsync(playbook.Id, s =>
            s.LastRollback is { } back && clock.GetUtcNow() - back < options.Cooldown && s.Versions.All(v => v.ContentHash != playbook.Hash)
                ? throw new PlaybookRejected("Cooling down", $"A candidate of {s.Id} was rolled back at {back:u}; until {back + options.Cooldown:u} no other is tried.")
                : PlaybookDecisions.Propose(s, playbook, 0, proposal.Lesson, mission.Id), playbook, new(Itself), cancel);
        return state.Versions.First(v => v.ContentHash == playbook.Hash).Number;
    }

    async Task TryAsync(Mission mission, CancellationToken cancel)
    {
        if (mission is { Status: MissionStatus.OnTrial, Proposal: { PlaybookId: { } playbook, PlaybookVersion: { } version } })
            await registry.ExecuteAsync(playbook, s => s.Find(version)?.Status == VersionStatus.Proposed
                ? PlaybookDecisions.StartTrial(s, version, options.TrialShare, $"Mission {mission.Id} is approved by {mission.ApprovedBy}.") : [], null, new(Itself), cancel);
    }

    async Task DecideAsync(DueLook due, CancellationToken cancel)
    {
        if (due.Look.Verdict == TrialVerdict.Open)
            return;
        await registry.ExecuteAsync(due.PlaybookId, s => s.Find(due.Version)?.Status != VersionStatus.OnTrial ? []
            : due.Look.Verdict == TrialVerdict.Better ? PlaybookDecisions.Promote(s, due.Version, due.Look.Reason, due.Look.Evidence)
            : PlaybookDecisions.RollBack(s, due.Version, due.Look.Reason, due.Look.Evidence), null, new(Itself), cancel);
    }

    async Task ConcludeAsync(Recorded e, CancellationToken cancel)
    {
        var (version, outcome, reason, evidence) = PlaybookEvents.Read(e.Type, e.Data) switch
        {
            PlaybookEvent.Promoted p => (p.PlaybookVersion, "improved", p.Reason, p.Evidence),
            PlaybookEvent.RolledBack b => (b.PlaybookVersion, b.Evidence is null ? "rejected" : b.Reason.StartsWith("Worse", StringComparison.Ordinal) ? "worse" : "no_better", b.Reason, b.Evidence),
            var other => throw new NotSupportedException($"{other.GetType().Name} ends no trial."),
        };
        // Read from the log: what this node holds in memory may be a moment behind the event.
        if ((await registry.LoadAsync(e.StreamId, cancel)).Find(version)?.MissionId is { } mission)
            await missions.ExecuteAsync(mission, m => m.Conclude(outcome, reason, evidence), Itself, cancel);
    }

    /// <summary>A mission that a person rejected takes its candidate along.</summary>
    async Task TakeBackAsync(Mission mission, CancellationToken cancel)
    {
        if (mission is { Conclusion: { Outcome: "rejected" } why, Proposal: { PlaybookId: { } playbook, PlaybookVersion: { } version } })
            await registry.ExecuteAsync(playbook, s => s.Find(version)?.Status is VersionStatus.Proposed or VersionStatus.OnTrial
                ? PlaybookDecisions.RollBack(s, version, $"Mission {mission.Id} was rejected: {why.Reason}") : [], null, new(Itself), cancel);
    }
}
