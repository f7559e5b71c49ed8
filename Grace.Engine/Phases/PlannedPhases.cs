using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Phases;

/// <summary>Which phases a task needs, and why each is in or left out. By rule, from the task's words; pure.</summary>
public static partial class PlannedPhases
{
    public static IReadOnlyList<Phase> Propose(PlanRequest asked, PlanFacts facts)
    {
        if (asked.Repository is not null)
            return SaysDeploy().IsMatch(asked.Task) && !SaysNoDeploy().IsMatch(asked.Task) && facts.Repository is { SaysHowItStarts: true }
                ? [Phase.Research, Phase.Test, Phase.Deploy]
                : [Phase.Research, Phase.Test];
        var builds = SaysBuild().IsMatch(asked.Task);
        if (!builds && SaysResearch().IsMatch(asked.Task))
            return [Phase.Research];
        if (!builds && SaysDesign().IsMatch(asked.Task))
            return [Phase.Research, Phase.Design];
        return [.. PhaseOrder.All.Where(p => p != Phase.Deploy || !SaysNoDeploy().IsMatch(asked.Task))];
    }

    public static IReadOnlyList<PhaseReason> Reasons(PlanDraft draft, PlanFacts facts) =>
        [.. PhaseOrder.All.Select(phase => new PhaseReason(phase.Name(), draft.Has(phase), draft.Has(phase) ? Why(draft, facts, phase) : WhyNot(draft, facts, phase)))];

    static string Why(PlanDraft draft, PlanFacts facts, Phase phase) => phase switch
    {
        Phase.Research => $"Looks into what is known first: {Sources(draft, facts)}.",
        Phase.Design => $"Turns the task into a specification: {Count(draft.Design?.Resources.Count ?? 0, "resource")} ({string.Join(", ", draft.Design?.Resources.Select(r => r.Name) ?? [])}), an OpenAPI document and {Count(draft.Design?.AcceptanceCriteria.Count ?? 0, "criterion", "criteria")} to test.",
        Phase.Implement => $"Writes the service in {draft.Language}, with a test for each criterion.",
        Phase.Test when draft.Asked.Repository is not null => facts.Repository is { LookedInto: true, Ecosystems.Count: > 0 } found
            ? $"Runs the repository's own tests ({string.Join(", ", found.Ecosystems)})."
            : "Runs the repository's own tests.",
        Phase.Test => "Nothing counts as done before its tests have run and passed.",
        Phase.Deploy => $"Releases the tested tree to {draft.Environment} and checks its health{(facts.NeedsApproval ? "; a person has to approve it first" : "")}.",
    };

    static string WhyNot(PlanDraft draft, PlanFacts facts, Phase phase)
    {
        if (draft.Asked.Phases is not null)
            return "Left out: the phases that were asked for do not name it.";
        if (draft.Asked.Repository is not null)
            return phase switch
            {
                Phase.Design or Phase.Implement => "Left out: an existing repository is not changed without a model or a coding agent, and this version has neither.",
                Phase.Deploy when facts.Repository is { LookedInto: true, SaysHowItStarts: false } => "Left out: the repository has no grace-service.json, which would say how it is built and started.",
                _ => "Left out: the task does not ask for it; add it when the tested tree is to be released.",
            };
        if (draft.Phases is [Phase.Research])
            return "Left out: the task asks to find something out, and not to build it.";
        if (draft.Phases is [Phase.Research, Phase.Design])
            return "Left out: the task asks for a design, and not to build it.";
        return "Left out: the task says not to deploy.";
    }

    static string Sources(PlanDraft draft, PlanFacts facts)
    {
        List<string> sources = ["the knowledge base with what earlier pipelines found"];
        if (draft.Asked.Repository is not null)
            sources.Add("the repository");
        if (Asks(draft.Context["sources"], "web") && facts.WebSearch)
            sources.Add("the web");
        if (draft.Context["documents"] is not null)
            sources.Add("the documents that the context names");
        return string.Join(", ", sources);
    }

    internal static bool Asks(JsonNode? sources, string source) => sources switch
    {
        JsonArray list => list.Any(s => s?.ToString() == source),
        null => false,
        _ => sources.ToString().Split(',').Any(s => s.Trim() == source),
    };

    internal static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";

    [GeneratedRegex(@"^\W*(?:please\s+)?(?:research|investigate|explore|compare|evaluate|explain|summari[sz]e|find out|analy[sz]e|study|survey|what|why|how|which|who|when|where)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SaysResearch();

    [GeneratedRegex(@"^\W*(?:please\s+)?(?:design|specify|architect|draft|sketch)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SaysDesign();

    [GeneratedRegex(@"\b(?:build|implement|write|create|develop|make|code|deploy)\b|\w\([^)]*:[^)]*\)", RegexOptions.IgnoreCase)]
    private static partial Regex SaysBuild();

    [GeneratedRegex(@"\b(?:deploy|release|ship)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SaysDeploy();

    [GeneratedRegex(@"\b(?:do not|don't|dont|without|no|not)\s+(?:to\s+)?(?:deploy(?:ing|ment|ed)?|releas(?:e|ing))\b", RegexOptions.IgnoreCase)]
    private static partial Regex SaysNoDeploy();
}
