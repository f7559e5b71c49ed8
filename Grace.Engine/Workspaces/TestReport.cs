using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Engine.Workspaces;

/// <summary>What a test run proves, and what not. In JSON its names are snake_case.</summary>
/// <param name="Success">Every rule held: the commands exited with 0, tests ran, none failed, and the tree stayed the same.</param>
/// <param name="Reason">Why it is no success; null when it is.</param>
/// <param name="Tree">Hash of the git tree that the commands ran on.</param>
/// <param name="TreeAfter">Another hash when the commands changed the tree, which makes the evidence stale; otherwise null.</param>
/// <param name="Failures">At most 50, with messages of at most 1,000 characters.</param>
/// <param name="Notes">What the reader should know and what did not decide, e.g. lint findings of a repository that is not held to them.</param>
/// <param name="Confinement"><c>bubblewrap</c>, <c>unshare</c> or <c>process-limits</c>.</param>
public sealed record TestReport(
    bool Success,
    string? Reason,
    string Tree,
    string? TreeAfter,
    IReadOnlyList<TestCommand> Commands,
    TestCounts Counts,
    IReadOnlyList<TestSuite> Suites,
    IReadOnlyList<TestFailure> Failures,
    TestCoverage? Coverage,
    IReadOnlyList<string> Notes,
    string Confinement)
{
    /// <summary>Tests that failed in an earlier attempt on this work and passed when they ran again alone.</summary>
    public IReadOnlyList<string> Flaky { get; init; } = [];

    /// <summary>What was found testable and did not run, each with its reason.</summary>
    public IReadOnlyList<string> NotRun { get; init; } = [];

    /// <summary>Every test by its name, failed ones first, as far as the tools name them and no more than <see cref="TestLine.Most"/>.</summary>
    public IReadOnlyList<TestLine> Tests { get; init; } = [];

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Json)!.AsObject();

    /// <summary>The console lines, one for each kind and for what did not run: "→ Unit tests: 25/25 passed".</summary>
    public IEnumerable<string> Lines() => Suites.Select(suite =>
        $"→ {suite.Kind switch { "unit" => "Unit", "doc" => "Doc", _ => "Integration" }} tests: {suite.Passed}/{suite.Passed + suite.Failed} passed"
        + (suite.Skipped > 0 ? $", {suite.Skipped} skipped" : "") + (suite.Failed > 0 ? " ⚠️" : ""))
        .Concat(NotRun.Select(one => $"→ Not run: {one}"));
}

/// <summary>One command of a run.</summary>
/// <param name="Name"><c>build</c>, <c>lint</c> or <c>test</c>; fetching packages counts as building.</param>
/// <param name="ExitCode">Null when it did not exit by itself, or did not start.</param>
public sealed record TestCommand(
    string Name, string Ecosystem, string Command, int? ExitCode, double DurationSeconds, bool TimedOut, string OutputTail)
{
    /// <summary>Other commands ran in its place and decide.</summary>
    public bool Replaced { get; init; }

    /// <summary>Whether its failure fails the run.</summary>
    public bool Decides { get; init; } = true;
}

public sealed record TestCounts(int Total, int Passed, int Failed, int Skipped);

/// <param name="Kind"><c>unit</c>, <c>integration</c> or <c>doc</c>.</param>
public sealed record TestSuite(string Kind, int Total, int Passed, int Failed, int Skipped);

/// <param name="Kind"><c>unit</c>, <c>integration</c> or <c>doc</c>.</param>
public sealed record TestFailure(string Id, string Suite, string Message, string Kind);

/// <summary>One test of a run.</summary>
/// <param name="Outcome"><c>passed</c>, <c>failed</c> or <c>skipped</c>.</param>
/// <param name="Seconds">Null when its tool does not tell.</param>
public sealed record TestLine(string Id, string Suite, string Outcome, double? Seconds)
{
    public const int Most = 10_000;

    /// <summary>Characters of all names together: a report has to fit on a page.</summary>
    public const int Longest = 2_000_000;
}

public sealed record TestCoverage(double LinePercent);
