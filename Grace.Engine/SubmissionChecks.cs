using Grace.Engine.Pipelines;

namespace Grace.Engine;

/// <summary>What only a look at the world can tell about a submission: whether the repository is there, the task can be read.</summary>
public sealed class SubmissionChecks
{
    public IReadOnlyCollection<string> Languages { get; } = ["csharp"];

    public Task<IReadOnlyList<FieldError>> CheckAsync(Submission given, IReadOnlyList<Phase> phases, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<FieldError>>([]);
}
