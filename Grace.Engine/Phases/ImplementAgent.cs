using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;

namespace Grace.Engine.Phases;

/// <summary>Writes code and its tests from the design, in the pipeline's own workspace ("Implement Agent").</summary>
public sealed class ImplementAgent : PlaybookAgent
{
    public override Phase Phase => Phase.Implement;

    protected override string Playbook => "implement_code";

    protected override string Witness => "commit_workspace";

    protected override JsonObject Inputs(PhaseWork work) => new()
    {
        ["task"] = work.Pipeline.Task,
        ["context"] = work.Pipeline.Context.DeepClone(),
        ["language"] = work.Context["language"]?.DeepClone() ?? ContextRules.DefaultLanguage,
        ["framework"] = work.Context["framework"]?.DeepClone(),
        ["design"] = work.Inputs.GetValueOrDefault("design_spec")?.DeepClone(),
    };

    protected override void Prove(PhaseWork work, PlaybookResult result)
    {
        if (Product(result, Phase)?["tree"]?.GetValue<string>() is { } tree)
            work.Proof = new(tree);
    }
}
