using System.Collections.Immutable;

namespace Grace.Engine.Failures;

/// <summary>
/// Which failure is which. A caller that keeps clusters as rows, each with its signature's keys indexed, takes
/// <see cref="FailureSignature.Of"/>, reads at most <see cref="MostCandidates"/> clusters that share a key with it (most shared
/// keys first, then by id), and asks <see cref="Match"/>.
/// </summary>
public static class Triage
{
    /// <summary>Clusters that one failure is compared with, however many there are.</summary>
    public const int MostCandidates = 48;

    /// <summary>The cluster the failure belongs to: the likest, and of equally like ones the first by id. Null when it is a new failure.</summary>
    public static Cluster? Match(FailureSignature signature, IEnumerable<Cluster> candidates) => candidates
        .Where(c => signature.IsLike(c.Signature))
        .OrderByDescending(c => signature.Likeness(c.Signature)).ThenBy(c => c.Id, StringComparer.Ordinal)
        .FirstOrDefault();
}

/// <summary>What <see cref="TriageState.Add"/> did.</summary>
/// <param name="Compared">Clusters it looked at; never more than <see cref="Triage.MostCandidates"/>.</param>
public sealed record Triaged(TriageState State, string ClusterId, bool IsNew, int Compared);

/// <summary>All clusters in memory, with the index that keeps an addition's work independent of their number. Immutable.</summary>
public sealed class TriageState
{
    /// <summary>A key that more clusters share says too little to be looked up by; their other keys find them.</summary>
    const int MostUnderKey = 64;

    public static readonly TriageState Empty = new(ImmutableSortedDictionary.Create<string, Cluster>(StringComparer.Ordinal), ImmutableDictionary<string, ImmutableSortedSet<string>>.Empty);

    readonly ImmutableDictionary<string, ImmutableSortedSet<string>> _byKey;

    TriageState(ImmutableSortedDictionary<string, Cluster> clusters, ImmutableDictionary<string, ImmutableSortedSet<string>> byKey) =>
        (Clusters, _byKey) = (clusters, byKey);

    public ImmutableSortedDictionary<string, Cluster> Clusters { get; }

    /// <summary>The state that these clusters, as stored, make up.</summary>
    public static TriageState Of(IEnumerable<Cluster> clusters) => clusters.Aggregate(Empty, (state, cluster) => state.Put(cluster));

    public Triaged Add(FailureSighting sighting)
    {
        var signature = FailureSignature.Of(sighting).Alone($"{sighting.PipelineId} {sighting.At:O} {Clusters.Count}");
        var candidates = Candidates(signature);
        var known = Triage.Match(signature, candidates);
        var cluster = known?.With(sighting) ?? Cluster.Founded(signature, sighting);
        return new(known is null ? Put(cluster) : new(Clusters.SetItem(cluster.Id, cluster), _byKey), cluster.Id, known is null, candidates.Count);
    }

    List<Cluster> Candidates(FailureSignature signature) =>
    [
        .. signature.Keys.SelectMany(key => _byKey.GetValueOrDefault(key, []))
            .CountBy(id => id)
            .OrderByDescending(shared => shared.Value).ThenBy(shared => shared.Key, StringComparer.Ordinal)
            .Take(Triage.MostCandidates)
            .Select(shared => Clusters[shared.Key]),
    ];

    /// <summary>A full key keeps the smallest ids, whatever order they came in: a state that was stored and read again finds the same.</summary>
    TriageState Put(Cluster cluster)
    {
        var byKey = _byKey.ToBuilder();
        foreach (var key in cluster.Signature.Keys)
        {
            var ids = byKey.GetValueOrDefault(key, ImmutableSortedSet.Create<string>(StringComparer.Ordinal)).Add(cluster.Id);
            byKey[key] = ids.Count <= MostUnderKey ? ids : ids.Remove(ids[^1]);
        }
        return new(Clusters.SetItem(cluster.Id, cluster), byKey.ToImmutable());
    }
}
