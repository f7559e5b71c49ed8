using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

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
}
