using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Grace.Engine.Failures;

namespace Grace.Web.Bench;

/// <summary>
/// Whether failures are told apart, set by set and by kind where it is not perfect, on messages that tools really printed; and what telling one costs when 1, 1,000 and
/// 100,000 failures are known, beside the least that any matching could do: masking what varies and hashing the rest.
/// </summary>
static partial class FailuresBench
{
    const double LeastPrecision = 0.95, LeastRecall = 0.95, MostMilliseconds = 2;

    static readonly int[] Sizes = [1, 1_000, 100_000];

    public static bool Run(Action<string> say)
    {
        var met = true;
        foreach (var (name, set) in Sets())
            met &= Meets(name, FailureScore.Place(set), say);
        say($"masking alone: {FailureScore.Of([.. FailureSet.All.Select(f => (f, Masked(f.Message)))])}");
        return Time(say) & met;
    }

    /// <summary>Each set by itself: one cause has other names in another.</summary>
    static IEnumerable<(string Name, IEnumerable<CapturedFailure> Set)> Sets() =>
    [
        ("first set, two thirds that the rules were tuned on", FailureSet.All.Where(f => !f.IsUnseen)),
        ("first set, the third that was kept back", FailureSet.All.Where(f => f.IsUnseen)),
        ("first set, all at once", FailureSet.All),
        ("wide set, the half that the rules learnt from", FailureSet.Wide.Where(f => !f.IsKeptBack)),
        ("wide set, the half kept back until one look (precision 0.901, recall 0.890, 6 of 553 look-alike pairs then)", FailureSet.Wide.Where(f => f.IsKeptBack)),
        ("wide set, all at once", FailureSet.Wide),
        ("fresh set (precision 0.907, recall 0.794, 6 of 454 look-alike pairs at first sight)", FailureSet.Fresh),
    ];

    static bool Meets(string name, IReadOnlyList<(CapturedFailure Failure, string Cluster)> placed, Action<string> say)
    {
        var whole = FailureScore.Of(placed);
        say($"{name}: {whole} (aim: at least {LeastPrecision} and {LeastRecall})");
        foreach (var kind in placed.GroupBy(p => p.Failure.Group ?? "(no look-alikes)").OrderBy(g => g.Key, StringComparer.Ordinal))
            if (FailureScore.Of([.. kind]) is { Wrong: > 0 } or { Missed: > 0 })
                say($"    {kind.Key,-18} {FailureScore.Of([.. kind])}");
        return whole.Precision >= LeastPrecision && whole.Recall >= LeastRecall;
    }

    static bool Time(Action<string> say)
    {
        var sightings = FailureSet.All.Concat(FailureSet.Wide).Select(f => Seen(f.Message, f.Tool)).ToList();
        var (met, state1) = (true, TriageState.Empty.Add(sightings[0]).State);
        foreach (var size in Sizes)
        {
            var known = size == 1 ? state1 : Grown(TriageState.Empty, size);
            var yardstick = Each(sightings, s => Masked(s.Message));
            var each = Each(sightings, s => known.Add(s));
            yardstick = (yardstick + Each(sightings, s => Masked(s.Message))) / 2;
            met &= each <= MostMilliseconds;
            say(string.Create(CultureInfo.InvariantCulture, $"{size,7:N0} known: {each:0.000} ms a message; masking and hashing it {yardstick:0.000} ms: {each / yardstick:0.0} times (aim: at most {MostMilliseconds} ms)"));
        }
        return met;
    }

    static double Each(List<FailureSighting> sightings, Action<FailureSighting> act)
    {
        var began = Stopwatch.GetTimestamp();
        sightings.ForEach(act);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds / sightings.Count;
    }

    /// <summary>Failures in words, of tests and of types of exceptions, all unlike, though each shares words with many.</summary>
    static TriageState Grown(TriageState state, int size)
    {
        for (var i = 0; state.Clusters.Count < size; i++)
            state = state.Add(Seen((i % 3) switch
            {
                0 => $"cannot {Words(i)}",
                1 => $"FAILED tests/test_orders.py::test_{i} - KeyError: 'total'",
                _ => $"OrderError: {Words(i)}",
            }, "run_tests")).State;
        return state;
    }

    static string Words(int number)
    {
        var chance = (uint)number * 2654435761u;
        return string.Join(' ', Enumerable.Range(0, 8).Select(_ =>
        {
            chance = chance * 1664525u + 1013904223u;
            var n = (int)(chance >> 8) % 1296;
            return $"{"bdfgkl"[n % 6]}a{"mnprst"[n / 6 % 6]}o{"vwxzcj"[n / 36 % 6]}i{"bdfgkl"[n / 216]}";
        }));
    }

    static FailureSighting Seen(string message, string tool) => new("playbook.failed", "pipeline_1", "test", null, null, tool, message, DateTimeOffset.UnixEpoch);

    static string Masked(string message) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Varying().Replace(message, "_"))));

    [GeneratedRegex(@"'[^'\n]*'|""[^""\n]*""|(?:[\w.~-]*/)+[\w.~-]*|\d+")]
    private static partial Regex Varying();
}
