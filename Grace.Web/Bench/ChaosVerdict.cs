using Grace.Engine.Access;
using Grace.Engine.Artifacts;
using Grace.Engine.Feed;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Web.Bench;

/// <summary>Reads the whole log in commit order and names everything that must not be.</summary>
sealed class ChaosVerdict(int limit)
{
    readonly Dictionary<string, Pipeline> pipelines = [];
    readonly HashSet<string> once = [];
    readonly HashSet<string> running = [];
    readonly Dictionary<string, Artifact> artifacts = [];
    readonly HashSet<string> made = [];

    public List<string> Faults { get; } = [];
    public int MostAtOnce { get; private set; }
    public IReadOnlyDictionary<string, Pipeline> Pipelines => pipelines;
    public Dictionary<string, int> Reasons { get; } = [];

    public async Task ReadAsync(EventLog log, CancellationToken cancel)
    {
        var place = LogPlace.Start;
        while (await log.ReadAllAsync(place, 2000, cancel) is { Count: > 0 } page)
        {
            foreach (var e in page)
                See(e);
            place = new(page[^1].Transaction, page[^1].Position);
        }
        foreach (var id in made.Except(artifacts.Keys))
            Faults.Add($"{id} has no stream of its own.");
        foreach (var id in artifacts.Keys.Except(made))
            Faults.Add($"{id} has a stream, but no pipeline made it.");
    }

    void See(Recorded e)
    {
        if (ArtifactEvents.Has(e.Type))
            SeeArtifact(e);
        else if (!PlaybookEvents.Knows(e.Type) && !MissionEvents.Knows(e.Type) && !WebhookEvents.Knows(e.Type) && !AccessEvents.Knows(e.Type))
            SeePipeline(e);
    }

    void SeeArtifact(Recorded e)
    {
        var before = artifacts.GetValueOrDefault(e.StreamId) ?? new Artifact { Id = e.StreamId };
        if (e.Version != before.Version + 1)
            Faults.Add($"{e.StreamId} goes from version {before.Version} to {e.Version}.");
        artifacts[e.StreamId] = before.Evolve(ArtifactEvents.Read(e.Type, e.Data), e.At);
    }

    void SeePipeline(Recorded e)
    {
        var before = pipelines.GetValueOrDefault(e.StreamId) ?? Pipeline.Unborn with { Id = e.StreamId };
        if (e.Version != before.Version + 1)
            Faults.Add($"{e.StreamId} goes from version {before.Version} to {e.Version}.");
        var change = PipelineEvents.Read(e.Type, e.Data);
        var after = pipelines[e.StreamId] = before.Evolve(change, e.At, e.By);
        if (Unique(change) is { } key && !once.Add($"{e.StreamId} {key}"))
            Faults.Add($"{e.StreamId}: {key} is recorded twice (version {e.Version}).");
        if (change is ArtifactCreated created)
            made.Add(created.ArtifactId);
        if (change is Paused { Reason: { } paused } && before.Status != PipelineStatus.Running)
            Count(paused);
        else if (change is PauseRequested { Reason: { } asked })
            Count(asked);
        else if (change is Resumed { Reason: { } resumed })
            Count(resumed);
        _ = after.Status == PipelineStatus.Running ? running.Add(e.StreamId) : running.Remove(e.StreamId);
        MostAtOnce = Math.Max(MostAtOnce, running.Count);
        if (running.Count > limit)
            Faults.Add($"{running.Count} pipelines run at position {e.Position}; the limit is {limit}.");
    }

    void Count(string reason) => Reasons[reason] = Reasons.GetValueOrDefault(reason) + 1;

    /// <summary>What may be there once: nothing is sent back to an earlier phase here.</summary>
    static string? Unique(PipelineEvent change) => change switch
    {
        PhaseCompleted e => $"completion of {e.Phase.Name()}",
        PhaseStarted e => $"start of attempt {e.Attempt} of {e.Phase.Name()}",
        ArtifactCreated e => $"{e.ArtifactType} of attempt {e.Attempt} of {e.Phase.Name()}",
        Submitted => "submission",
        Completed or Failed => "end",
        _ => null,
    };
}
