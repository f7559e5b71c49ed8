using System.Text.Json.Nodes;
using Grace.Engine.Text;

namespace Grace.Engine.Pipelines;

/// <summary>What somebody wants built or checked, before it is a pipeline.</summary>
/// <param name="Plan">The Senior Developer Agent's plan, edited or not; it fills what the request itself does not name.</param>
/// <param name="Phases">As asked; null for all five, or for research and test where a repository is given.</param>
public sealed record Submission(string Task, JsonObject Context, IReadOnlyList<string>? Phases, string? Repository, JsonNode? Plan = null);

/// <summary>One thing wrong with a submission, by the field it is about.</summary>
public sealed record FieldError(string Field, string Message, bool TooLarge = false);

/// <summary>A submission that cannot become a pipeline. Nothing has happened.</summary>
public sealed class SubmissionRefused(IReadOnlyList<FieldError> errors) : Exception(string.Join(" ", errors.Select(e => e.Message)))
{
    public IReadOnlyList<FieldError> Errors { get; } = errors;
}

/// <summary>Which submissions can work at all: pure, and asked before anything happens.</summary>
public static class SubmissionRules
{
    public const int LongestTask = 20_000;
    public const int LargestContext = 200_000;

    /// <summary>The phases to run, or what is wrong.</summary>
    public static (IReadOnlyList<Phase> Phases, IReadOnlyList<FieldError> Errors) Check(
        Submission given, Vocabulary known)
    {
        List<FieldError> errors = [];
        if (string.IsNullOrWhiteSpace(given.Task))
            errors.Add(new("task", "The task is empty; say what to build or check."));
        else if (given.Task.Length > LongestTask)
            errors.Add(new("task", $"The task has {given.Task.Length} characters; at most {LongestTask} are allowed. Put documents into files and name them in context.documents.", true));
        else if (Storable.Objection(given.Task) is { } why)
            errors.Add(new("task", $"The task {why}; take it out."));
        // A plan's criteria have bounds of their own, and come from the task and not from the caller.
        if (given.Context.Where(p => p.Key != PlannedSubmission.Criteria).Sum(p => p.Key.Length + (p.Value?.ToJsonString().Length ?? 4)) > LargestContext)
            errors.Add(new("context", $"The context has more than {LargestContext} characters.", true));
        errors.AddRange(Storable.Objections(given.Context, "context").Concat(Storable.Objections(given.Plan, "plan")).Select(o => new FieldError(o.Place, $"{o.Place} {o.Why}; take it out.")));
        var phases = ReadPhases(given.Phases, given.Repository is not null, errors);
        if (errors.Count == 0)
            errors.AddRange(Possible(given, phases, known));
        return (phases, errors);
    }

    static List<Phase> ReadPhases(IReadOnlyList<string>? asked, bool repository, List<FieldError> errors)
    {
        if (asked is null)
            return repository ? [Phase.Research, Phase.Test] : [.. PhaseOrder.All];
        var allowed = string.Join(", ", PhaseOrder.All.Select(p => p.Name()));
        if (asked.Count == 0)
            errors.Add(new("phases", $"phases is empty; leave it out for all, or name some of {allowed}."));
        List<Phase> phases = [];
        foreach (var name in asked)
        {
            if (PhaseOrder.Parse(name) is not { } phase)
                errors.Add(new("phases", $"'{Short(name)}' is no phase; allowed are {allowed}."));
            else if (phases.Contains(phase))
                errors.Add(new("phases", $"'{name}' is named twice."));
            else if (phases.Count > 0 && phases[^1] > phase)
                errors.Add(new("phases", $"'{name}' comes before '{phases[^1].Name()}'; the order is {allowed}."));
            else
                phases.Add(phase);
        }
        return phases;
    }

    static IEnumerable<FieldError> Possible(
        Submission given, List<Phase> phases, Vocabulary known)
    {
        if (phases.Contains(Phase.Implement) && ContextRules.WrongFramework(given.Context, known) is { } wrong)
            yield return new("context.framework", wrong);
        if (given.Repository is not null && phases.Any(p => p is Phase.Design or Phase.Implement))
            yield return new("phases", "Design and implement in an existing repository need a model or a coding agent: configure Grace:Models:Provider or Grace:CodingAgent:Command "
                + "(this version has neither yet), or ask for the phases research and test.");
        if (given.Repository is not null && phases.Contains(Phase.Deploy) && !phases.Contains(Phase.Test))
            yield return new("phases", "Deploy needs passing tests of the very tree it deploys: add the phase test.");
        if (given.Repository is null && phases.Contains(Phase.Test) && !phases.Contains(Phase.Implement))
            yield return new("phases", "There is nothing to test: add the implement phase, or name a repository.");
        if (given.Repository is null && phases.Contains(Phase.Deploy) && !(phases.Contains(Phase.Implement) && phases.Contains(Phase.Test)))
            yield return new("phases", "Deploy needs passing tests of the very tree it deploys: add the phases implement and test.");
        foreach (var error in ContextRules.Check(given.Context, known, "context"))
            yield return error;
    }

    static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
