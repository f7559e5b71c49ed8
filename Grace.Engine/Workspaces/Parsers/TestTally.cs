namespace Grace.Engine.Workspaces.Parsers;

/// <summary>What became of one test. What did not run is skipped, never passed.</summary>
public enum TestOutcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>One test as its tool reported it.</summary>
/// <param name="Suite">Class, package or file it belongs to; empty when the tool does not tell.</param>
public sealed record TestCase(string Id, string Suite, TestOutcome Outcome, string? Message)
{
    /// <summary>No test, but what holds tests and could not be loaded or built.</summary>
    public bool Broken { get; init; }

    /// <summary>How long it took; null when the tool does not tell.</summary>
    public double? Seconds { get; init; }

    /// <summary>An example in the documentation that is run as a test.</summary>
    public bool Doc { get; init; }

    /// <summary><c>doc</c>, <c>integration</c> when its name or its place says so, otherwise <c>unit</c>.</summary>
    public string Kind => Doc ? "doc"
        : Id.Contains("integration", StringComparison.OrdinalIgnoreCase) || Suite.Contains("integration", StringComparison.OrdinalIgnoreCase) ? "integration" : "unit";
}

/// <summary>The counts of a run. <see cref="Cases"/> may name fewer tests than were counted: not every tool lists them.</summary>
public sealed record TestTally(int Passed, int Failed, int Skipped, IReadOnlyList<TestCase> Cases)
{
    public static readonly TestTally Empty = new(0, 0, 0, []);

    /// <summary>What a reader of the counts has to know about them.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public int Total => Passed + Failed + Skipped;

    public static TestTally Of(IReadOnlyList<TestCase> cases) => new(
        cases.Count(one => one.Outcome == TestOutcome.Passed),
        cases.Count(one => one.Outcome == TestOutcome.Failed),
        cases.Count(one => one.Outcome == TestOutcome.Skipped),
        cases);

    public static TestTally operator +(TestTally left, TestTally right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped, [.. left.Cases, .. right.Cases]) { Notes = [.. left.Notes, .. right.Notes] };
}
