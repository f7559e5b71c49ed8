using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Design;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Phases;

/// <summary>What may go wrong, each from a check that was made, most serious first. Pure.</summary>
public static class PlanRisks
{
    public static IReadOnlyList<PlannedRisk> Of(PlanDraft draft, PlanFacts facts, Vocabulary known) =>
        [.. All(draft, facts, known).OrderBy(r => r.Severity switch { "high" => 0, "medium" => 1, _ => 2 })];

    static IEnumerable<PlannedRisk> All(PlanDraft draft, PlanFacts facts, Vocabulary known) =>
        Language(draft, facts, known).Concat(Research(draft, facts)).Concat(Repository(draft, facts)).Concat(People(draft, facts)).Concat(Words(draft));

    static IEnumerable<PlannedRisk> Language(PlanDraft draft, PlanFacts facts, Vocabulary known)
    {
        foreach (var (key, value) in draft.Taken)
            yield return new("high", $"The {key} {value} has no templates, so nothing can be written with it without a model; the plan goes on without it.",
                key == "language" ? $"Choose among {string.Join(", ", known.Languages.Keys)}, or add templates of your own to the data folder." : "Leave the framework out, or add templates of your own to the data folder.");
        foreach (var program in draft.Has(Phase.Test) ? facts.MissingPrograms : [])
            yield return new("high", $"{program} is not installed on this machine, so the tests could not run.", $"Install {program} before the start.");
    }

    static IEnumerable<PlannedRisk> Research(PlanDraft draft, PlanFacts facts)
    {
        if (!draft.Has(Phase.Research))
            yield break;
        if (!facts.WebSearch)
            yield return PlannedPhases.Asks(draft.Context["sources"], "web")
                ? new("medium", "The web was asked for as a source, and no web search is configured: the research will name it as a gap.", "Set Grace:Search:Provider to searxng and Grace:Search:Endpoint to its address.")
                : new("low", "No web search is configured: the research draws on the handbook, your knowledge folders and earlier pipelines alone.", "Set Grace:Search:Provider to searxng and Grace:Search:Endpoint to its address.");
        foreach (var gap in facts.DocumentGaps)
            yield return new("medium", $"The document {gap.Source} cannot be read: {gap.Reason}", gap.HowToClose);
    }

    static IEnumerable<PlannedRisk> Repository(PlanDraft draft, PlanFacts facts)
    {
        if (draft.Asked.Repository is null || facts.Repository is not { } found)
            yield break;
        if (!found.LookedInto)
            yield return new("low", "The repository is cloned only when the pipeline runs, so its test commands are not known yet.");
        else if (draft.Has(Phase.Test) && found.Ecosystems.Count == 0)
            yield return new("high", $"The repository has no test command that was found, so the test phase will fail: looked for {Workspaces.TestDiscovery.LookedFor}.", "Add one, or leave the test phase out.");
        if (found.LookedInto && draft.Has(Phase.Deploy) && !found.SaysHowItStarts)
            yield return new("high", "The repository has no grace-service.json, so nothing says how it is built and started.", "Add the file, or leave the deploy phase out.");
    }

    static IEnumerable<PlannedRisk> People(PlanDraft draft, PlanFacts facts)
    {
        if (draft.Has(Phase.Deploy) && facts.NeedsApproval)
            yield return new("medium", $"Deploying to {draft.Environment} waits for a person's approval{(facts.RequesterMayApprove ? "" : ", and not that of whoever asked for it")}.", "Tell somebody who may approve; it appears in the Guardian's inbox.");
        if (draft.Context["approvals"] is JsonArray { Count: > 0 } approvals)
            yield return new("low", $"The pipeline waits for a person before {string.Join(", ", approvals.Select(a => a?.ToString()).Distinct())}.", "It appears in the Guardian's inbox.");
        if (draft.Context["skip_tests"]?.GetValueKind() == JsonValueKind.True)
            yield return new("high", "skip_tests is set: nothing is tested, and deploying the untested tree waits for an approval that names it.", "Leave skip_tests out.");
        if (ContextRules.Number((draft.Context["limits"] as JsonObject)?["attempts"]) is { } attempts && attempts < draft.Phases.Count)
            yield return new("medium", $"The limit of {attempts} attempts is less than the {draft.Phases.Count} phases: the pipeline pauses before its end.", "Raise limits.attempts.");
    }

    /// <summary>What tasks often say in words and rules cannot build.</summary>
    static IEnumerable<PlannedRisk> Words(PlanDraft draft)
    {
        if (draft.Design is null)
            yield break;
        if (TaskQuestion.Of(draft.Asked.Task, draft.Context) is { } question)
            yield return new("high", question.Risk, question.Remedy);
        if (BeyondTemplates.Access(draft.Asked.Task) is { } access)
            yield return new("high", $"The task speaks of '{access}'. Without a model no access control is built: it is left to what stands in front of the service.", "Put a proxy that knows its callers in front, or take it out of the task.");
        if (BeyondTemplates.Other(draft.Asked.Task) is { } beyond)
            yield return new("medium", $"The task speaks of '{beyond}', which goes beyond keeping and serving records: without a model that part is not built.", "Describe the data that it needs as resources, or take it out of the task.");
    }
}
