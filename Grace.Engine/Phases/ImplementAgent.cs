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

    /// <summary>What the code is written with, which may not be what was asked for.</summary>
    protected override JsonObject Metadata(PhaseWork work, PlaybookResult result)
    {
        var metadata = base.Metadata(work, result);
        foreach (var key in new[] { "language", "framework", "assumptions" })
            if (result.Gave("write_service")?[key] is { } known)
                metadata[key] = known.DeepClone();
        return metadata;
    }

    protected override void Prove(PhaseWork work, PlaybookResult result)
    {
        if (Product(result, Phase)?["tree"]?.GetValue<string>() is { } tree)
            work.Proof = new(tree);
    }
}
