using System.Text.Json.Nodes;
using Grace.Engine.Playbooks;
using MathNet.Numerics.Distributions;

namespace Grace.Engine.Learning;

public enum TrialVerdict { Open, Better, Worse, NoBetter }

/// <param name="Evidence">Test, look, sample, rates with their intervals, p-value and the bound that it is held against.</param>
public sealed record TrialLook(TrialVerdict Verdict, string Reason, JsonObject Evidence);

/// <summary>
/// Whether a candidate is better or worse than what it is to replace, beyond chance. Pipelines are the sample, each counted
/// once by the first proven outcome. It is looked at a few times only, and each look spends its part of the error allowed:
/// whoever looks all the time and stops when it suits finds a difference in anything.
/// </summary>
public static class TrialRule
{
    /// <summary>Pipelines on the candidate at which it is looked at.</summary>
    public static readonly int[] Looks = [5, 10, 20, 40, 80];

    /// <summary>On the other side at least.</summary>
    const int LeastControl = 5;

    /// <param name="looked">How often it has been looked at.</param>
    public static bool IsDue(PlaybookRate candidate, PlaybookRate control, int looked) =>
        looked < Looks.Length && candidate.Runs >= Looks[looked] && control.Runs >= LeastControl;

    public static TrialLook Look(PlaybookRate candidate, PlaybookRate control, int looked, double significance)
    {
        // Both directions, all looks: what they may spend together is the significance (Bonferroni).
        var bound = significance / (2 * Looks.Length);
        var (better, worse) = (Chance(candidate, control), Chance(control, candidate));
        var last = looked == Looks.Length - 1;
        var verdict = better <= bound ? TrialVerdict.Better : worse <= bound ? TrialVerdict.Worse : last ? TrialVerdict.NoBetter : TrialVerdict.Open;
        var figures = $"{candidate.Successes} of {candidate.Runs} pipelines proven good against {control.Successes} of {control.Runs}";
        var p = verdict == TrialVerdict.Worse ? worse : better;
        var reason = verdict switch
        {
            TrialVerdict.Better => $"Better beyond chance: {figures} (p = {p:0.#####}, bound {bound:0.#####}).",
            TrialVerdict.Worse => $"Worse beyond chance: {figures} (p = {p:0.#####}, bound {bound:0.#####}).",
            TrialVerdict.NoBetter => $"No better than chance after {Looks.Length} looks: {figures} (p = {p:0.#####}, bound {bound:0.#####}).",
            _ => $"Not decided yet: {figures} (p = {p:0.#####}, bound {bound:0.#####}); the next look is at {Looks[looked + 1]} pipelines.",
        };
        return new(verdict, reason, new()
        {
            ["test"] = "Fisher's exact test, one-sided in both directions",
            ["look"] = looked + 1,
            ["of_looks"] = Looks.Length,
            ["candidate"] = Describe(candidate),
            ["control"] = Describe(control),
            ["p_value"] = p,
            ["bound"] = bound,
        });
    }

    /// <summary>How likely one does at least this much better when both are alike (hypergeometric tail).</summary>
    public static double Chance(PlaybookRate one, PlaybookRate other)
    {
        var (population, successes) = ((int)(one.Runs + other.Runs), (int)(one.Successes + other.Successes));
        if (one.Runs == 0 || other.Runs == 0)
            return 1;
        var drawn = new Hypergeometric(population, successes, (int)one.Runs);
        return Enumerable.Range((int)one.Successes, (int)(Math.Min(successes, one.Runs) - one.Successes) + 1).Sum(drawn.Probability);
    }

    public static JsonObject Describe(PlaybookRate rate)
    {
        var (low, high) = Interval.Of(rate);
        return new()
        {
            ["runs"] = rate.Runs, ["proven"] = rate.Successes, ["success_rate"] = rate.Rate, ["interval_95"] = new JsonArray(Math.Round(low, 4), Math.Round(high, 4)),
        };
    }
}
