using System.Collections.Immutable;
using Grace.Engine.Pipelines;
using static Grace.Engine.Pipelines.PipelineEvent;

namespace Grace.Web.Live;

/// <param name="Outcome">running, completed, failed or interrupted.</param>
public sealed record PhaseAttempt(int Number, string Outcome, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Error)
{
    /// <param name="now">Up to when an attempt has run that has not ended.</param>
    public double Seconds(DateTimeOffset now) => Math.Max(0, ((EndedAt ?? now) - StartedAt).TotalSeconds);
}

/// <summary>What a phase has cost so far, over all its attempts: pure.</summary>
/// <param name="Ended">Seconds of the attempts that have ended.</param>
/// <param name="Newest">The newest attempts, oldest of them first; at most <see cref="Kept"/>.</param>
public sealed record PhaseEffort(Phase Phase, int Attempts, double Ended, ImmutableList<PhaseAttempt> Newest)
{
    public const int Kept = 6;

    /// <summary>In seconds.</summary>
    public double Total(DateTimeOffset now) => Ended + (Newest.LastOrDefault() is { EndedAt: null } running ? running.Seconds(now) : 0);

    public static ImmutableDictionary<Phase, PhaseEffort> Evolve(ImmutableDictionary<Phase, PhaseEffort> efforts, PipelineEvent change, DateTimeOffset at) => change switch
    {
        PhaseStarted e => efforts.SetItem(e.Phase, Of(efforts, e.Phase).Begin(e.Attempt, at)),
        PhaseCompleted e => efforts.SetItem(e.Phase, Of(efforts, e.Phase).End("completed", at, null)),
        PhaseFailed e => efforts.SetItem(e.Phase, Of(efforts, e.Phase).End("failed", at, e.Error)),
        PhaseInterrupted e => efforts.SetItem(e.Phase, Of(efforts, e.Phase).End("interrupted", at, e.Reason)),
        // The pipeline's end is the end of the phase that runs.
        Cancelled or Failed => efforts.ToImmutableDictionary(e => e.Key, e => e.Value.End("failed", at, null)),
        _ => efforts,
    };

    static PhaseEffort Of(ImmutableDictionary<Phase, PhaseEffort> efforts, Phase phase) => efforts.GetValueOrDefault(phase) ?? new(phase, 0, 0, []);

    PhaseEffort Begin(int number, DateTimeOffset at)
    {
        // A worker that died has not ended its attempt.
        var before = End("interrupted", at, null);
        var newest = before.Newest.Add(new(number, "running", at, null, null));
        return before with { Attempts = Attempts + 1, Newest = newest.Count > Kept ? newest.RemoveAt(0) : newest };
    }

    PhaseEffort End(string outcome, DateTimeOffset at, string? error) => Newest.LastOrDefault() is { EndedAt: null } running
        ? this with { Ended = Ended + running.Seconds(at), Newest = Newest.SetItem(Newest.Count - 1, running with { Outcome = outcome, EndedAt = at, Error = error }) }
        : this;
}
