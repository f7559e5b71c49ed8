using Grace.Engine.Design;
using Grace.Engine.Hosting;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Orchestration;

/// <summary>Whether a submission can work, by its rules and by a closer look: the repository is there, the task can be designed. Needs no database.</summary>
public sealed class SubmissionChecks(DataFolder data)
{
    /// <summary>The submission with what its plan fills in, and its phases; or what is wrong with it, by field as it was given.</summary>
    public async Task<(Submission Wanted, IReadOnlyList<Phase> Phases, IReadOnlyList<FieldError> Errors)> WholeAsync(Submission given, Vocabulary known, CancellationToken cancel)
    {
        var (wanted, errors) = PlannedSubmission.Of(given);
        IReadOnlyList<Phase> phases = [];
        if (errors.Count == 0)
            (phases, errors) = SubmissionRules.Check(wanted, known);
        if (errors.Count == 0)
            errors = await CheckAsync(wanted, phases, cancel);
        return (wanted, phases, errors.Count == 0 ? [] : PlannedSubmission.Attribute(errors, given));
    }

    /// <summary>
    /// What a person has to say before anything is designed; null where nothing is, or where the task leaves nothing open. Whoever
    /// took it out of the plan's open questions has answered it.
    /// </summary>
    public static TaskQuestion? Question(Submission wanted, IReadOnlyList<Phase> phases)
    {
        if (!phases.Any(p => p is Phase.Design or Phase.Implement) || TaskQuestion.Of(wanted.Task, wanted.Context) is not { } question)
            return null;
        return PlanReader.Read(wanted.Plan, [])?.OpenQuestions is { } open && !open.Contains(question.Text) ? null : question;
    }

    public async Task<IReadOnlyList<FieldError>> CheckAsync(Submission given, IReadOnlyList<Phase> phases, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        try
        {
            if (phases.Any(p => p is Phase.Design or Phase.Implement))
                ServiceDesigner.Derive(given.Task, given.Context);
            else
                ChosenCriteria.CheckWithoutDesign(given.Context);
        }
        catch (TaskRefusedException refused)
        {
            errors.Add(new(refused.Place.StartsWith("context.", StringComparison.Ordinal) ? refused.Place : "task", refused.Message));
        }
        if (given.Repository is not null && await WorkspaceClone.ProbeAsync(given.Repository, cancel, data.Root) is { Readable: false } probe)
            errors.Add(new("repository", probe.Error ?? $"'{given.Repository}' cannot be read."));
        return errors;
    }
}
