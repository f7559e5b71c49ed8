namespace Grace.Engine.Failures;

/// <summary>One failure, as an event of the log tells it.</summary>
/// <param name="Kind">The event: playbook.failed, agent.tests.failed, agent.phase.failed, agent.recovery.failed, agent.pipeline.rejected.</param>
/// <param name="ExitCode">Of the step that failed; null where none ran.</param>
/// <param name="Tests">The failed tests, as the runner's report names them; null where there is no report.</param>
public sealed record FailureSighting(
    string Kind, string PipelineId, string? Phase, string? PlaybookId, int? PlaybookVersion, string? Tool, string Message, DateTimeOffset At,
    int? ExitCode = null, IReadOnlyList<string>? Tests = null);

/// <summary>How often a cluster's failure was seen with something: a phase, a tool, a kind of event.</summary>
public sealed record Tally(string Name, int Count)
{
    /// <summary>Names a list may hold; what comes later counts under <see cref="Others"/>, so that counts always add up.</summary>
    public const int MostNames = 24;

    public const string Others = "(others)";

    public static IReadOnlyList<Tally> Add(IReadOnlyList<Tally> tallies, string? name)
    {
        if (string.IsNullOrEmpty(name))
            return tallies;
        var known = tallies.Any(t => t.Name == name);
        var counted = known || tallies.Count < MostNames ? name : Others;
        return [.. tallies.Where(t => t.Name != counted).Append(new(counted, 1 + (tallies.FirstOrDefault(t => t.Name == counted)?.Count ?? 0)))
            .OrderByDescending(t => t.Count).ThenBy(t => t.Name, StringComparer.Ordinal)];
    }
}

/// <summary>A cluster's failure in one pipeline.</summary>
/// <param name="Since">The first of the pipeline's <paramref name="Times"/> failures that the cluster remembers; <paramref name="At"/> is the last.</param>
public sealed record PipelineSighting(
    string PipelineId, string Kind, string? Phase, string? PlaybookId, int? PlaybookVersion, string? Tool, DateTimeOffset Since, DateTimeOffset At, int Times);
