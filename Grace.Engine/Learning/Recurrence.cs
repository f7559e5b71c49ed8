using System.Globalization;
using Grace.Engine.Failures;

namespace Grace.Engine.Learning;

/// <summary>When a failure is worth learning from.</summary>
/// <param name="MinCount">Failures within the window.</param>
/// <param name="MinPipelines">Different pipelines within the window, at most <see cref="Cluster.MostRecent"/>.</param>
/// <param name="MinRate">The share (0 to 1) of the window's pipelines that must have met the failure; 0 for any.</param>
public sealed record RecurrencePolicy(int MinCount, TimeSpan Window, int MinPipelines, double MinRate = 0);

/// <param name="Reason">In words, either way.</param>
public sealed record RecurrenceVerdict(bool Recurring, string Reason);

/// <summary>Whether a cluster's failure keeps coming back.</summary>
public static class Recurrence
{
    /// <param name="pipelinesRun">How many pipelines ran within the window; null when nobody knows, and then <see cref="RecurrencePolicy.MinRate"/> is not asked.</param>
    public static RecurrenceVerdict Judge(Cluster cluster, RecurrencePolicy policy, DateTimeOffset now, int? pipelinesRun = null)
    {
        var since = now - policy.Window;
        var seen = cluster.Recent.Where(r => r.At > since && r.At <= now).ToList();
        // Of a pipeline that failed before the window too, only the last failure is surely within it.
        var count = seen.Sum(r => r.Since > since ? r.Times : 1);
        var rate = pipelinesRun is > 0 ? Math.Min(1, (double)seen.Count / pipelinesRun.Value) : (double?)null;
        var atLeast = seen.Count == Cluster.MostRecent ? "at least " : "";
        var found = $"{atLeast}{Plural(count, "time")} in {atLeast}{Plural(seen.Count, "pipeline")} within {Words(policy.Window)}";
        var share = rate is null ? "" : $" ({rate.Value.ToString("P0", CultureInfo.InvariantCulture)} of {pipelinesRun})";
        string? missing = null;
        if (count < policy.MinCount)
            missing = $"{policy.MinCount} times are asked for";
        else if (seen.Count < policy.MinPipelines)
            missing = $"{policy.MinPipelines} different pipelines are asked for";
        else if (rate < policy.MinRate)
            missing = $"{policy.MinRate.ToString("P0", CultureInfo.InvariantCulture)} of the pipelines are asked for";
        return missing is null
            ? new(true, $"It recurs: seen {found}{share}.")
            : new(false, $"It does not recur yet: seen {found}{share}; {missing}.");
    }

    static string Plural(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    static string Words(TimeSpan window) => window switch
    {
        { TotalDays: >= 1 } when window.TotalDays % 1 == 0 => Plural((int)window.TotalDays, "day"),
        { TotalHours: >= 1 } when window.TotalHours % 1 == 0 => Plural((int)window.TotalHours, "hour"),
        _ => Plural((int)Math.Ceiling(window.TotalMinutes), "minute"),
    };
}
