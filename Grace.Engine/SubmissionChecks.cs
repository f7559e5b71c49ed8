using Grace.Engine.Design;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;

namespace Grace.Engine;

/// <summary>What only a closer look can tell about a submission: whether the repository is there, the task can be designed.</summary>
public sealed class SubmissionChecks(DataFolder data)
{
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
