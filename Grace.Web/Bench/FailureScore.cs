using System.Globalization;
using Grace.Engine.Failures;

namespace Grace.Web.Bench;

/// <summary>How well failures are told apart: pairs of messages, rightly or wrongly in one cluster.</summary>
/// <param name="Right">Pairs of one cause in one cluster.</param>
/// <param name="Wrong">Pairs of two causes in one cluster.</param>
/// <param name="Missed">Pairs of one cause in two clusters.</param>
/// <param name="LookAlikes">Pairs of causes of one group; <paramref name="MixedUp"/> of them share a cluster.</param>
sealed record FailureScore(int Failures, int Causes, int Right, int Wrong, int Missed, int LookAlikes, int MixedUp)
{
    public double Precision => Right + Wrong == 0 ? 1 : (double)Right / (Right + Wrong);

    public double Recall => Right + Missed == 0 ? 1 : (double)Right / (Right + Missed);

    /// <summary>In the order given, as they would come in.</summary>
    public static IReadOnlyList<(CapturedFailure Failure, string Cluster)> Place(IEnumerable<CapturedFailure> failures)
    {
        var state = TriageState.Empty;
        List<(CapturedFailure, string)> placed = [];
        foreach (var failure in failures)
        {
            var added = state.Add(new("playbook.failed", "pipeline_1", "test", null, null, failure.Tool, failure.Message, DateTimeOffset.UnixEpoch));
            state = added.State;
            placed.Add((failure, added.ClusterId));
        }
        return placed;
    }

    public static FailureScore Of(IReadOnlyList<(CapturedFailure Failure, string Cluster)> placed)
    {
        int right = 0, wrong = 0, missed = 0;
        for (var i = 0; i < placed.Count; i++)
            for (var j = 0; j < i; j++)
            {
                var (same, together) = (placed[i].Failure.Label == placed[j].Failure.Label, placed[i].Cluster == placed[j].Cluster);
                right += same && together ? 1 : 0;
                wrong += !same && together ? 1 : 0;
                missed += same && !together ? 1 : 0;
            }
        var causes = placed.GroupBy(p => p.Failure.Label).Select(g => (g.First().Failure.Group, Clusters: g.Select(p => p.Cluster).ToHashSet())).ToList();
        var alike = causes.SelectMany((one, at) => causes.Take(at).Where(other => one.Group is not null && one.Group == other.Group).Select(other => one.Clusters.Overlaps(other.Clusters))).ToList();
        return new(placed.Count, causes.Count, right, wrong, missed, alike.Count, alike.Count(mixed => mixed));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Failures} failures of {Causes} causes: precision {Precision:0.000} ({Wrong} pairs wrongly together), recall {Recall:0.000} ({Missed} apart), {MixedUp} of {LookAlikes} look-alike pairs mixed up");
}
