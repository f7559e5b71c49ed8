using Grace.Engine.Pipelines;

namespace Grace.Engine.Guardian;

/// <summary>Everything under way at one moment, and the last of what ended.</summary>
/// <param name="Counts">By status; a status without pipelines may be missing.</param>
/// <param name="Slots">Each slot there is, with what runs in it.</param>
/// <param name="Waiting">How many wait for a person, reminders of long pauses included; <paramref name="Needs"/> are the first of them.</param>
/// <param name="Queue">The first in line, in the order in which slots take them.</param>
/// <param name="Recent">Those that ended last, newest first.</param>
public sealed record MissionNow(
    IReadOnlyDictionary<string, long> Counts, IReadOnlyList<SlotNow> Slots, long Waiting, IReadOnlyList<Waiting> Needs,
    IReadOnlyList<PipelineSummary> Queue, IReadOnlyList<PipelineSummary> Recent, IReadOnlyList<HourOfEnds> Ends)
{
    public long Count(string status) => Counts.GetValueOrDefault(status);

    public bool IsEmpty => Counts.Values.Sum() == 0;
}

/// <param name="Node">Where it was held last; null for one that never was.</param>
/// <param name="Pipeline">Null: free.</param>
/// <param name="Since">When the phase that runs began; null while nothing runs.</param>
public sealed record SlotNow(int Number, string? Node, PipelineSummary? Pipeline, DateTimeOffset? Since, int Attempt, DateTimeOffset? RetryAt);

/// <summary>What ended within one hour.</summary>
/// <param name="Seconds">Of all that completed, together.</param>
public sealed record HourOfEnds(DateTimeOffset Hour, long Completed, long Failed, double Seconds);
