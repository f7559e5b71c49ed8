using System.Text.Json.Nodes;

namespace Grace.Engine.Pipelines;

/// <summary>What a submission becomes by the plan that comes with it: the plan fills what the request itself does not name. Pure.</summary>
public static class PlannedSubmission
{
    /// <summary>The context key that the plan's acceptance criteria go to: a list of texts that the design keeps to.</summary>
    public const string Criteria = "acceptance_criteria";

    /// <summary>The submission with its plan read and worked in, or what is wrong with the plan.</summary>
    public static (Submission Effective, IReadOnlyList<FieldError> Errors) Of(Submission given)
    {
        List<FieldError> errors = [];
        if (PlanReader.Read(given.Plan, errors) is not { } plan)
            return (given, errors);
        if (plan.Task is { } task && task.Trim() != given.Task.Trim())
            errors.Add(new("plan.task", "The plan was made for another task; make a new plan for this one, or leave plan out."));
        if (plan.Repository is { } repository && given.Repository is { } named && repository != named)
            errors.Add(new("plan.repository", $"The plan was made for the repository '{repository}', not for '{named}'; make a new plan, or leave plan out."));
        if (errors.Count > 0)
            return (given, errors);

        var context = (JsonObject)(plan.Context?.DeepClone() ?? new JsonObject());
        if (plan.AcceptanceCriteria is { } criteria)
            context[Criteria] = new JsonArray([.. criteria.Select(c => (JsonNode)c.Text)]);
        foreach (var (key, value) in given.Context)
            context[key] = value?.DeepClone();
        return (given with
        {
            Context = context, Phases = given.Phases ?? plan.Phases, Repository = given.Repository ?? plan.Repository, Plan = plan.ToJson(),
        }, []);
    }

    /// <summary>Errors about what only the plan says name the plan's field.</summary>
    public static IReadOnlyList<FieldError> Attribute(IEnumerable<FieldError> errors, Submission given) => given.Plan is null ? [.. errors] : [.. errors.Select(e => e.Field switch
    {
        "phases" when given.Phases is null => e with { Field = "plan.phases" },
        "repository" when given.Repository is null => e with { Field = "plan.repository" },
        $"context.{Criteria}" when !given.Context.ContainsKey(Criteria) => e with { Field = $"plan.{Criteria}" },
        _ when e.Field.Split('.') is ["context", var key, ..] && !given.Context.ContainsKey(key) => e with { Field = "plan." + e.Field },
        _ => e,
    })];
}
