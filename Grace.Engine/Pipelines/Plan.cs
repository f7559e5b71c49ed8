using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Log;

namespace Grace.Engine.Pipelines;

/// <summary>
/// The Senior Developer Agent's plan: what to run, with what, what will prove it, and what may go wrong. A person may edit
/// it before <c>execute</c> takes it; every part but the task may be left out then.
/// </summary>
/// <param name="Task">What it was made for; a plan is for no other task.</param>
/// <param name="Note">How it was made and what it does not cover.</param>
/// <param name="Phases">By name, in their order; null: as without a plan.</param>
/// <param name="PhaseReasons">All five phases, each with why it is in or left out.</param>
/// <param name="Context">Used key by key where the request names none.</param>
/// <param name="AcceptanceCriteria">What the finished work has to prove; null: all that the design derives.</param>
public sealed record Plan(
    string? Task = null,
    string? MadeBy = null,
    string? Note = null,
    string? Repository = null,
    IReadOnlyList<string>? Phases = null,
    IReadOnlyList<PhaseReason>? PhaseReasons = null,
    JsonObject? Context = null,
    IReadOnlyList<PlannedCriterion>? AcceptanceCriteria = null,
    IReadOnlyList<string>? Assumptions = null,
    IReadOnlyList<string>? OpenQuestions = null,
    IReadOnlyList<PlannedRisk>? Risks = null)
{
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Wire.Json)!.AsObject();
}

public sealed record PhaseReason(string Phase, bool Included, string Reason);

/// <param name="Id">As the design numbers it, AC-01 and on; null for what a phase itself guarantees.</param>
public sealed record PlannedCriterion(string Text, string? Id = null);

/// <param name="Severity">low, medium or high.</param>
/// <param name="Remedy">What somebody can do about it; null where there is nothing to do.</param>
public sealed record PlannedRisk(string Severity, string Risk, string? Remedy = null);
