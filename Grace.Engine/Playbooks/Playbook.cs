using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Playbooks;

/// <summary>
/// A playbook: what an agent does in a phase, as data. Steps call tools; what they give flows on through
/// <c>${inputs.…}</c> and <c>${steps.ID.…}</c>; what they prove is under <c>expect</c>.
/// </summary>
/// <param name="Phase">Null for one that is no phase's own, such as phase_failure_recovery.</param>
/// <param name="Inputs">JSON Schema of what it is given.</param>
/// <param name="Artifacts">What a run hands over, each with a type and a content expression.</param>
public sealed record Playbook(
    string Id, int Version, Phase? Phase, string Description, JsonObject Inputs, IReadOnlyList<PlaybookStep> Steps,
    IReadOnlyList<PlaybookArtifact> Artifacts, IReadOnlyList<PlaybookExpectation> Expect)
{
    /// <summary>Whom it is for, an expression over <c>${context.…}</c> and <c>${inputs.…}</c>; null for everyone.</summary>
    public string? Suits { get; init; }

    /// <summary>JSON Schema of the artifacts by type; what does not fit fails the run.</summary>
    public JsonObject Outputs { get; init; } = [];

    /// <summary>For whoever works with it, a person or a model.</summary>
    public string? Guidance { get; init; }

    /// <summary>What was learnt with it.</summary>
    public IReadOnlyList<string> Lessons { get; init; } = [];

    /// <summary>The YAML it was read from, and its file name there.</summary>
    public string Text { get; init; } = "";

    public string File { get; init; } = "";

    /// <summary>Of the text, as the shelf knows it: "sha256:" and 64 hex digits.</summary>
    public string Hash { get; init; } = "";

    /// <summary>shipped, folder, repository, api or mission.</summary>
    public string Source { get; init; } = PlaybookSource.Shipped;
}

/// <param name="Id">How later steps name it.</param>
/// <param name="Tool">The tool it calls, or null.</param>
/// <param name="Playbook">The playbook it uses, an expression, or null.</param>
/// <param name="Prompt">What a model is asked, or null; without a model the step fails and says so.</param>
/// <param name="Each">An expression that gives a list: the step runs once for each, as <c>${item}</c>, and its output is the list of outputs.</param>
/// <param name="With">The tool's input; strings may hold expressions.</param>
/// <param name="When">Runs only where this expression holds; always when null.</param>
/// <param name="Optional">A failure is kept as the step's <c>error</c> and does not end the run.</param>
public sealed record PlaybookStep(
    string Id, string? Tool, JsonObject With, string? When, bool Optional, string? Playbook = null, string? Each = null)
{
    public string? Prompt { get; init; }

    /// <summary>How often it is tried, 1 to 10, and what is waited in between.</summary>
    public int Attempts { get; init; } = 1;

    public TimeSpan Delay { get; init; }

    /// <summary>Shorter than the tool's own; null for that.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Where it stands in its file.</summary>
    public long Line { get; init; }

    public string Does => Tool ?? Playbook ?? "prompt";
}

public sealed record PlaybookArtifact(string Type, string Content, string? When);

/// <summary>A condition that must hold at the end, and what to say when it does not.</summary>
public sealed record PlaybookExpectation(string That, string Otherwise);

/// <summary>"Playbook Results Structure" of the specification.</summary>
/// <param name="Metadata">execution_time in seconds, tools_used, and per step what it touched; on failure failed_step.</param>
/// <param name="Used">The playbooks that its steps used, in order, with theirs.</param>
/// <param name="Calls">Every tool call with what it gave: a playbook can write anything into an artifact, but not in here.</param>
public sealed record PlaybookResult(
    bool Success, IReadOnlyList<PlaybookProduct> Artifacts, JsonObject Metadata, string? Error, JsonObject Steps,
    IReadOnlyList<(Playbook Playbook, PlaybookResult Result)> Used, IReadOnlyList<ToolCall> Calls)
{
    /// <summary>What this tool gave the last time, whatever the playbook made of it.</summary>
    public JsonNode? Gave(string tool) => Calls.LastOrDefault(c => c.Tool == tool)?.Output;
}

public sealed record ToolCall(string Tool, JsonNode? Output);

public sealed record PlaybookProduct(string Type, JsonNode? Content);

/// <summary>Where a version comes from. Whoever stands further back decides over those before: a team's own over what ships.</summary>
public static class PlaybookSource
{
    public const string Shipped = "shipped", Folder = "folder", Repository = "repository", Api = "api", Mission = "mission";

    public static int Rank(string source) => source switch { Shipped => 0, Folder => 1, _ => 2 };
}
