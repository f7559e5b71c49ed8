using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Playbooks;

namespace Grace.Engine.Learning;

/// <summary>What a mission has to go by.</summary>
/// <param name="Step">Where the playbook fails, where that is known.</param>
public sealed record MissionMaterial(string Failure, Playbook? Playbook, string? Step, IReadOnlyList<Remedy> Remedies, IReadOnlyList<PastRemedy> Past);

/// <param name="Yaml">The changed playbook; null for a known issue.</param>
/// <param name="Fix">The playbook that recovery is to apply; null for a candidate.</param>
public sealed record Proposal(string Kind, string Lesson, IReadOnlyList<string> Reasons, string? Yaml, string? Fix, JsonObject? Context);

/// <summary>
/// What a mission proposes from what it found, without a model: first what people wrote down, then what helped before, then
/// for failures that pass by themselves to try again. It proposes nothing rather than something at random. Pure.
/// </summary>
public static partial class MissionProposal
{
    /// <summary>The fix playbook that gives the next attempt what a lesson knows.</summary>
    public const string ApplyLesson = "fix_from_lesson";

    [GeneratedRegex(@"timed?[ -]?out|ETIMEDOUT|ECONNRESET|ECONNREFUSED|EAI_AGAIN|connection (?:reset|refused|aborted)|temporar(?:y|ily)|too many requests|\b(?:429|502|503|504)\b|rate limit|try again|resource busy", RegexOptions.IgnoreCase)]
    private static partial Regex PassesByItself();

    public static Proposal? Of(MissionMaterial known)
    {
        if (known.Playbook is { } playbook && known.Remedies.FirstOrDefault(r => r.IsFor(known.Failure, playbook)) is { } written)
            return Change(playbook, written.Change, $"{written.Because ?? written.Change.InWords()} (from {written.Source})",
                [$"{written.Source} has a remedy for failures that say '{written.Failure}': {written.Change.InWords()}."]);
        if (known.Past.Where(p => p.Fix is not null and not ApplyLesson).GroupBy(p => p.Fix!).MaxBy(g => g.Count()) is { } fix)
            return new("known_issue", $"{fix.Key} mends it.", [.. fix.Take(5).Select(p => p.Says)], null, fix.Key, null);
        if (known.Past.Where(p => p.Override is not null).GroupBy(p => p.Override!.ToJsonString()).MaxBy(g => g.Count()) is { } overridden)
            return new("known_issue", $"With {overridden.Key} in the context it passes.", [.. overridden.Take(5).Select(p => p.Says)], null, ApplyLesson, (JsonObject)overridden.First().Override!.DeepClone());
        if (known is { Playbook: { } candidate, Step: { } step } && candidate.Steps.FirstOrDefault(s => s.Id == step) is { Attempts: 1 } && PassesByItself().Match(known.Failure) is { Success: true } sign)
            return Change(candidate, new(step, Attempts: 3, DelaySeconds: 2), $"Failures that say '{sign.Value}' often pass: step {step} is tried three times.",
                [$"The failure says '{sign.Value}', which often passes by itself; nobody wrote a remedy down, so this is a hypothesis for a trial."]);
        return null;
    }

    static Proposal Change(Playbook playbook, StepChange change, string lesson, IReadOnlyList<string> reasons) =>
        new("playbook", lesson, reasons, PlaybookEdit.Apply(playbook, change, lesson), null, null);
}
