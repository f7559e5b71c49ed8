using System.Text.Json.Nodes;
using Grace.Engine.Deployments;
using Grace.Engine.Design;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Phases;

/// <summary>
/// Writes a plan by rule from what was looked up: the same request and facts give the same plan. What it proposes is what
/// <c>execute</c> accepts.
/// </summary>
public static class Planner
{
    public const string Name = "senior_developer_agent";

    /// <summary>Phases and context as they can be had here.</summary>
    public static PlanDraft Draft(PlanRequest asked, PlanFacts facts, Vocabulary known)
    {
        var context = (JsonObject)asked.Context.DeepClone();
        IReadOnlyList<Phase> phases = asked.Phases is null ? PlannedPhases.Propose(asked, facts) : [.. asked.Phases.Select(PhaseOrder.Parse).OfType<Phase>()];
        var taken = Impossible(context, phases, known).ToList();
        if (phases.Contains(Phase.Implement) && !context.ContainsKey("language"))
            context["language"] = ContextRules.DefaultLanguage;
        if (phases.Contains(Phase.Deploy) && !context.ContainsKey("deployment_environment"))
            context["deployment_environment"] = DeployOptions.Local;
        return new(asked, phases, context, taken, null);
    }

    /// <summary>The same with its design, where there is one to make.</summary>
    /// <exception cref="TaskRefusedException">The task declares what cannot be built.</exception>
    public static PlanDraft WithDesign(PlanDraft draft) =>
        draft.Has(Phase.Design) || draft.Has(Phase.Implement) ? draft with { Design = ServiceDesigner.Derive(draft.Asked.Task, draft.Context) } : draft;

    public static Plan Write(PlanDraft draft, PlanFacts facts, Vocabulary known)
    {
        List<PlannedCriterion> criteria = [.. draft.Design?.AcceptanceCriteria.Select(c => new PlannedCriterion(c.Text, c.Id)) ?? []];
        criteria.AddRange(draft.Phases.Select(PhaseCriteria.Of).OfType<string>().Select(text => new PlannedCriterion(text)));
        var context = (JsonObject)draft.Context.DeepClone();
        context.Remove(PlannedSubmission.Criteria);
        return new(
            draft.Asked.Task.Trim(), Name, Note(draft), draft.Asked.Repository, [.. draft.Phases.Select(p => p.Name())], PlannedPhases.Reasons(draft, facts),
            context, criteria, [.. Assumptions(draft)], [.. Questions(draft)], PlanRisks.Of(draft, facts, known));
    }

    static IEnumerable<(string Key, string Value)> Impossible(JsonObject context, IReadOnlyList<Phase> phases, Vocabulary known)
    {
        if (context["language"] is { } language && ContextRules.Check(new() { ["language"] = language.DeepClone() }, known, "context").Any())
        {
            context.Remove("language");
            yield return ("language", PlanReader.Short(language));
        }
        if (phases.Contains(Phase.Implement) && context["framework"] is { } framework && ContextRules.WrongFramework(context, known) is not null)
        {
            context.Remove("framework");
            yield return ("framework", PlanReader.Short(framework));
        }
    }

    static string Note(PlanDraft draft) => draft.Design is null
        ? "Made by rule, without a model: the phases follow from the task's first words and from whether a repository is given."
        : "Made by rule, without a model: the data that the task declares is built, served and tested; what else the task says in words is researched and not built.";

    static IEnumerable<string> Assumptions(PlanDraft draft)
    {
        if (draft.Has(Phase.Implement) && !draft.Asked.Context.ContainsKey("language"))
            yield return $"No language is named: {ContextRules.DefaultLanguage}.";
        if (draft.Has(Phase.Deploy) && !draft.Asked.Context.ContainsKey("deployment_environment"))
            yield return $"No environment is named: {DeployOptions.Local}.";
        foreach (var (key, value) in draft.Taken)
            yield return $"{key} {value} was taken out of the context, since it cannot be had here.";
        foreach (var settled in draft.Design?.Assumptions ?? [])
            yield return settled;
    }

    static IEnumerable<string> Questions(PlanDraft draft)
    {
        if (draft.Design is not null && TaskQuestion.Of(draft.Asked.Task, draft.Context) is { } question)
            yield return question.Text;
        if (draft.Design?.Assumptions.Any(a => a.StartsWith("The task declares no data", StringComparison.Ordinal)) == true)
            yield return "Which data does the service keep? Declare it in the task, as in Bookmark(title: string, url: uri, tags: string[]).";
        if (draft.Design?.Assumptions.Any(a => a.Contains("without types", StringComparison.Ordinal)) == true)
            yield return "Which types do the fields have? Without one, a field is taken as string.";
        if (draft.Taken.Any(t => t.Key == "language"))
            yield return $"Is {draft.Language} right, since the language that was asked for cannot be had?";
    }
}
