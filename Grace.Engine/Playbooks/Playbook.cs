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
    IReadOnlyList<PlaybookArtifact> Artifacts, IReadOnlyList<PlaybookExpectation> Expect);

/// <param name="Id">How later steps name it.</param>
/// <param name="Tool">The tool it calls; null where it uses a playbook.</param>
/// <param name="Playbook">The playbook it uses, an expression; null where it calls a tool.</param>
/// <param name="Each">An expression that gives a list: the step runs once for each, as <c>${item}</c>, and its output is the list of outputs.</param>
/// <param name="With">The tool's input; strings may hold expressions.</param>
/// <param name="When">Runs only where this expression holds; always when null.</param>
/// <param name="Optional">A failure is kept as the step's <c>error</c> and does not end the run.</param>
public sealed record PlaybookStep(
    string Id, string? Tool, JsonObject With, string? When, bool Optional, string? Playbook = null, string? Each = null);

public sealed record PlaybookArtifact(string Type, string Content, string? When);

/// <summary>A condition that must hold at the end, and what to say when it does not.</summary>
public sealed record PlaybookExpectation(string That, string Otherwise);

/// <summary>"Playbook Results Structure" of the specification.</summary>
/// <param name="Metadata">execution_time in seconds, tools_used, and per step what it touched; on failure failed_step.</param>
/// <param name="Used">The playbooks that its steps used, in order, with theirs.</param>
public sealed record PlaybookResult(
    bool Success, IReadOnlyList<PlaybookProduct> Artifacts, JsonObject Metadata, string? Error, JsonObject Steps,
    IReadOnlyList<(Playbook Playbook, PlaybookResult Result)> Used);

public sealed record PlaybookProduct(string Type, JsonNode? Content);
