using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Grace.Engine.Playbooks;

/// <summary>How often a playbook's runs were proven good.</summary>
public sealed record PlaybookRate(long Runs, long Successes)
{
    public static readonly PlaybookRate None = new(0, 0);

    public double? Rate => Runs == 0 ? null : (double)Successes / Runs;
}

/// <param name="Reason">In a sentence, for the log.</param>
/// <param name="Considered">Every playbook of the phase, with its figures and why it was not taken.</param>
public sealed record Choice(Playbook Playbook, string Reason, JsonArray Considered);

/// <summary>Which of a phase's playbooks an agent uses, without a model: by what was asked, by inputs and context, then by success. Pure.</summary>
public static class PlaybookChoice
{
    /// <summary>Fewer runs tell nothing.</summary>
    const int Telling = 10;

    /// <param name="asked">What the task or the Guardian named; it decides alone.</param>
    /// <param name="usual">The agent's own, where nothing speaks for another.</param>
    /// <returns>Null when none fits; then <c>considered</c> of the error says why not.</returns>
    public static (Choice? Choice, string? WhyNone) Of(
        IReadOnlyList<Playbook> offered, string? asked, string usual, JsonObject inputs, JsonObject context, IReadOnlyDictionary<(string, int), PlaybookRate> rates)
    {
        if (asked is not null)
            return offered.FirstOrDefault(p => p.Id == asked) is { } named
                ? (new(named, "The task or the Guardian asks for it.", []), null)
                : (null, $"There is no playbook '{asked}'.");
        var scope = new JsonObject { ["inputs"] = inputs.DeepClone(), ["context"] = context.DeepClone() };
        var considered = offered.Select(p => (Playbook: p, Rate: rates.GetValueOrDefault((p.Id, p.Version), PlaybookRate.None), WhyNot: WhyNot(p, inputs, scope))).ToList();
        var fit = considered.Where(c => c.WhyNot is null).ToList();
        if (fit.Count == 0)
            return (null, offered.Count == 0 ? $"There is no playbook '{usual}'." : $"No playbook fits: {string.Join("; ", considered.Select(c => $"{c.Playbook.Id}: {c.WhyNot}"))}.");
        var special = fit.Where(c => c.Playbook.Suits is not null).ToList();
        var (chosen, reason) = special.Count == 1 ? (special[0], $"It is made for this: {special[0].Playbook.Suits}.") : Best(special.Count > 1 ? special : fit, usual);
        return (new(chosen.Playbook, reason, [.. considered.Select(c => (JsonNode)new JsonObject
        {
            ["playbook"] = c.Playbook.Id, ["version"] = c.Playbook.Version, ["runs"] = c.Rate.Runs, ["success_rate"] = c.Rate.Rate, ["why_not"] = c.Playbook == chosen.Playbook ? null : c.WhyNot ?? "another is preferred",
        })]), null);
    }

    static ((Playbook Playbook, PlaybookRate Rate, string?) Chosen, string Reason) Best(List<(Playbook Playbook, PlaybookRate Rate, string?)> fit, string usual)
    {
        if (fit.Count == 1)
            return (fit[0], "It is the only one that fits.");
        var standard = fit.FirstOrDefault(c => c.Playbook.Id == usual) is { Playbook: not null } own ? own : fit[0];
        // Another is taken when it is better beyond chance, not when it was lucky twice.
        var better = fit.Where(c => c.Rate.Runs >= Telling && standard.Rate.Runs >= Telling && Interval.Of(c.Rate).Low > Interval.Of(standard.Rate).High)
            .OrderByDescending(c => Interval.Of(c.Rate).Low).FirstOrDefault();
        return better.Playbook is not null
            ? (better, $"{better.Rate.Rate:P0} of its {better.Rate.Runs} runs were proven good, against {standard.Rate.Rate:P0} of {standard.Rate.Runs} with {standard.Playbook.Id}.")
            : (standard, standard.Playbook.Id == usual ? "It is the agent's usual one, and no other is proven better." : "It is the first that fits, and no other is proven better.");
    }

    static string? WhyNot(Playbook playbook, JsonObject inputs, JsonObject scope) =>
        !Expression.Holds(playbook.Suits, scope) ? $"it is for {playbook.Suits}"
        : (playbook.Inputs["required"] as JsonArray)?.Select(r => r!.GetValue<string>()).FirstOrDefault(r => inputs[r] is null) is { } missing ? $"it needs the input '{missing}'"
        : null;

    /// <summary>Whether this pipeline is among the share that tries the candidate. The same pipeline always gets the same answer.</summary>
    public static bool IsInTrial(string pipelineId, string playbookId, int candidate, double share)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{pipelineId}\n{playbookId}\n{candidate}"));
        return BitConverter.ToUInt32(hash) / (double)uint.MaxValue < share;
    }
}
