using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;

namespace Grace.Engine.Phases;

/// <summary>Turns task and findings into a specification ("Design Agent").</summary>
public sealed class DesignAgent : PlaybookAgent
{
    public override Phase Phase => Phase.Design;

    protected override string Playbook => "create_design_spec";

    protected override JsonObject Inputs(PhaseWork work) => new()
    {
        ["task"] = work.Pipeline.Task,
        ["context"] = work.Pipeline.Context.DeepClone(),
        ["findings"] = work.Inputs.GetValueOrDefault("research_doc")?.DeepClone(),
    };

    /// <summary>A playbook is data: also one that somebody else wrote must keep to the criteria that a person agreed to.</summary>
    protected override void Prove(PhaseWork work, PlaybookResult result)
    {
        if (work.Error is not null || work.Pipeline.Context[PlannedSubmission.Criteria] is not JsonArray agreed)
            return;
        string[] kept = [.. (Product(result, Phase)?["acceptance_criteria"] as JsonArray ?? []).Select(c => c?["text"]?.ToString()).OfType<string>()];
        string[] dropped = [.. agreed.Select(c => c?.ToString()).OfType<string>().Where(text => !PhaseCriteria.Has(text) && !kept.Any(k => PhaseCriteria.Same(k, text)))];
        if (dropped.Length > 0)
            work.Error = $"The design of playbook {work.Using} leaves out what was agreed on: {string.Join("; ", dropped.Take(5))}{(dropped.Length > 5 ? $" and {dropped.Length - 5} more" : "")}.";
    }
}
