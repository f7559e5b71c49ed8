using System.Collections.Immutable;
using Grace.Engine.Pipelines;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Web.Live;

public enum StoryKind { Queue, Pause, Attempt, Recovery, Wait }

/// <summary>Something that lasted.</summary>
/// <param name="Number">Of an attempt or a recovery; otherwise 0.</param>
/// <param name="Outcome">running until it ends; then completed, failed, interrupted, applied, succeeded, approved, rejected or ended.</param>
/// <param name="Until">Null while it lasts.</param>
/// <param name="Version">The event that began it.</param>
/// <param name="By">The person who began it, where it was one.</param>
public sealed record StorySpan(StoryKind Kind, int Number, string Outcome, DateTimeOffset From, DateTimeOffset? Until, long Version, string? By, string? Why);

/// <summary>Something that somebody did or that happened at one moment.</summary>
/// <param name="Kind">The picture that it has: asked, approved, rejected, override, pause, resume, retry, reminder, skip, cancel, completed, failed, submit.</param>
public sealed record StoryMark(string Kind, DateTimeOffset At, long Version, string? By, string Text);

/// <param name="Phase">Null for what concerns the whole pipeline.</param>
public sealed record StoryLane(Phase? Phase, ImmutableList<StorySpan> Spans, ImmutableList<StoryMark> Marks)
{
    public string Name => Phase?.Name() ?? "pipeline";

    internal StorySpan? Open(StoryKind kind) => Spans.LastOrDefault() is { Until: null } last && last.Kind == kind ? last : null;

    internal StoryLane Begin(StoryKind kind, int number, DateTimeOffset at, long version, string? by = null, string? why = null)
    {
        var before = End("ended", at);
        return before with { Spans = before.Spans.Add(new(kind, number, "running", at, null, version, by, Story.Cut(why))) };
    }

    /// <summary>What lasts ends here; an attempt or a recovery that nobody ended was interrupted.</summary>
    internal StoryLane End(string outcome, DateTimeOffset at, string? why = null) => Spans.LastOrDefault() is not { Until: null } last ? this
        : this with
        {
            Spans = Spans.SetItem(Spans.Count - 1, last with
            {
                Until = at, Why = Story.Cut(why) ?? last.Why,
                Outcome = outcome == "ended" && last.Kind is StoryKind.Attempt or StoryKind.Recovery ? "interrupted" : outcome,
            }),
        };
}

/// <summary>A pipeline as a story over time: one lane for all of it and one for each phase, with what lasted and what happened. Pure.</summary>
public sealed record Story(ImmutableList<StoryLane> Lanes, DateTimeOffset Began, DateTimeOffset? Ended)
{
    const int Longest = 300;
    public static readonly Story Untold = new([], default, null);

    public Story Evolve(PipelineEvent change, DateTimeOffset at, string? by, long version)
    {
        var who = by is "system" ? null : by;
        return change switch
        {
            Submitted e => new Story([new(null, [], []), .. e.Phases.Select(p => new StoryLane(p, [], []))], at, null)
                .Whole(l => l.Begin(StoryKind.Queue, 0, at, version)).Mark(null, new("submit", at, version, who, "asked for it")),
            Started => this,
            PauseRequested e => Mark(null, new("pause", at, version, who, "asked for a pause after the running phase" + Why(e.Reason))),
            Paused e => Whole(l => l.Begin(StoryKind.Pause, 0, at, version, who, e.Reason))
                .Mark(null, new("pause", at, version, who, "paused" + Why(e.Reason))),
            Reminded e => Mark(null, new("reminder", at, version, who, e.Reason)),
            Resumed e => Again(e, at, version, who),
            Overridden e => Mark(null, new("override", at, version, who, $"changed {string.Join(", ", e.Override.Select(o => o.Key))}{Why(e.Reason)}")),
            ApprovalRequested e => Wait(e.Phase, e.Subject, at, version).Mark(e.Phase, new("asked", at, version, null, $"approval asked for: {e.Subject}")),
            Escalated e => Wait(e.Phase, e.Reason, at, version).Mark(e.Phase, new("asked", at, version, who, $"a person's help asked for: {e.Reason}")),
            Approved e => Lane(e.Phase, l => l.End("approved", at)).Whole(l => l.Begin(StoryKind.Queue, 0, at, version))
                .Mark(e.Phase, new("approved", at, version, who, "approved" + Why(e.Reason))),
            Rejected e => Lane(e.Phase, l => l.End("rejected", at, e.Reason)).Mark(e.Phase, new("rejected", at, version, who, "rejected" + Why(e.Reason))),
            Cancelled e => End(at, "interrupted").Mark(null, new("cancel", at, version, who, $"cancelled: {e.Reason}")),
            Completed => End(at, "ended").Mark(null, new("completed", at, version, null, "completed")),
            Failed e => End(at, "failed").Mark(null, new("failed", at, version, null, $"failed: {e.Error}")),
            PhaseStarted e => Waited(at).Lane(e.Phase, l => l.Begin(StoryKind.Attempt, e.Attempt, at, version)),
            PhaseCompleted e => Lane(e.Phase, l => l.End("completed", at)),
            PhaseFailed e => Lane(e.Phase, l => l.End("failed", at, e.Error)),
            PhaseInterrupted e => Lane(e.Phase, l => l.End("interrupted", at, e.Reason)),
            PhaseSkipped e => Mark(e.Phase, new("skip", at, version, who, $"skipped: {e.Reason}")),
            RecoveryStarted e => Waited(at).Lane(e.Phase, l => l.Begin(StoryKind.Recovery, e.Recovery, at, version, null, e.Error)),
            RecoveryApplied e => Recovered(e.Phase, e.Recovery, "applied", at, e.Fix),
            RecoverySucceeded e => Recovered(e.Phase, e.Recovery, "succeeded", at, e.Fix),
            RecoveryFailed e => Recovered(e.Phase, e.Recovery, "failed", at, e.Reason),
            _ => this,
        };
    }

    /// <summary>The newest attempt of all phases.</summary>
    public StorySpan? Newest => Lanes.Select(l => l.Spans.FindLast(s => s.Kind == StoryKind.Attempt)).OfType<StorySpan>().MaxBy(s => s.Version);

    internal static string? Cut(string? text) => text?.ReplaceLineEndings(" ") is { Length: > Longest } line ? line[..Longest] + "…" : text?.ReplaceLineEndings(" ");

    static string Why(string? reason) => string.IsNullOrWhiteSpace(reason) ? "" : $": {reason}";

    Story Lane(Phase? phase, Func<StoryLane, StoryLane> change) => Lanes.FindIndex(l => l.Phase == phase) is >= 0 and var at ? this with { Lanes = Lanes.SetItem(at, change(Lanes[at])) } : this;

    Story Whole(Func<StoryLane, StoryLane> change) => Lane(null, change);

    Story Mark(Phase? phase, StoryMark mark) => Lane(phase, l => l with { Marks = l.Marks.Add(mark with { Text = Cut(mark.Text)! }) });

    Story Waited(DateTimeOffset at) => Whole(l => l.End("ended", at));

    Story Wait(Phase phase, string why, DateTimeOffset at, long version) => Waited(at).Lane(phase, l => l.Begin(StoryKind.Wait, 0, at, version, null, why));

    Story End(DateTimeOffset at, string outcome) => this with { Ended = at, Lanes = Lanes.ConvertAll(l => l.End(l.Open(StoryKind.Attempt) is null ? "ended" : outcome, at)) };

    /// <summary>A pause that was only asked for is taken back and nothing waits; otherwise it waits for a slot again.</summary>
    Story Again(Resumed e, DateTimeOffset at, long version, string? by)
    {
        var stood = Ended is not null || Lanes.Any(l => l.Open(StoryKind.Pause) is not null || l.Open(StoryKind.Wait) is not null);
        var on = this with { Ended = null, Lanes = Lanes.ConvertAll(l => l.Open(StoryKind.Pause) is null && l.Open(StoryKind.Wait) is null ? l : l.End("ended", at)) };
        if (stood)
            on = on.Whole(l => l.Begin(StoryKind.Queue, 0, at, version));
        return e.FromPhase is { } from
            ? on.Mark(from, new("retry", at, version, by, $"sent it back to {from.Name()}{Why(e.Reason)}"))
            : on.Mark(null, new("resume", at, version, by, "resumed" + Why(e.Reason)));
    }

    /// <summary>A fix that is in place shows only later whether it was one.</summary>
    Story Recovered(Phase phase, int number, string outcome, DateTimeOffset at, string why) => Lane(phase, l =>
    {
        if (l.Open(StoryKind.Recovery) is not null)
            return l.End(outcome, at, why);
        var index = l.Spans.FindLastIndex(s => s.Kind == StoryKind.Recovery && s.Number == number);
        return index < 0 ? l : l with { Spans = l.Spans.SetItem(index, l.Spans[index] with { Outcome = outcome, Why = Cut(why) }) };
    });
}
