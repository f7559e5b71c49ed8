using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;

namespace Grace.Engine;

/// <summary>What only a look at the world can tell about a submission: whether the repository is there and can be read.</summary>
public sealed class SubmissionChecks
{
    public IReadOnlyCollection<string> Languages { get; } = ["csharp"];

    public async Task<IReadOnlyList<FieldError>> CheckAsync(Submission given, IReadOnlyList<Phase> phases, CancellationToken cancel)
    {
        if (given.Repository is null)
            return [];
        var probe = await WorkspaceClone.ProbeAsync(given.Repository, cancel);
        return probe.Readable ? [] : [new("repository", probe.Error ?? $"'{given.Repository}' cannot be read.")];
    }
}
