using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;

namespace Grace.Engine.Phases;

/// <summary>Publishes, starts and checks the very tree that passed its tests, and goes back if it is not healthy ("Deploy Agent").</summary>
public sealed class DeployAgent : PlaybookAgent
{
    public override Phase Phase => Phase.Deploy;

    protected override string Playbook => "deploy_to_environment";

    protected override string Witness => "start_release";

    public override Task ExecuteAsync(PhaseWork work, CancellationToken cancel)
    {
        if (ProofGate.WhyNotDeployable(work.Pipeline, Tree(work)) is { } why)
        {
            work.Say($"Checking test results: {why}");
            work.Error = why;
            return Task.CompletedTask;
        }
        work.Say("Checking test results: all passed ✓");
        return base.ExecuteAsync(work, cancel);
    }

    protected override JsonObject Inputs(PhaseWork work) => new()
    {
        ["context"] = work.Pipeline.Context.DeepClone(),
        ["tree"] = Tree(work),
        ["environment"] = work.Context["deployment_environment"]?.DeepClone() ?? "local",
        ["design"] = work.Inputs.GetValueOrDefault("design_spec")?.DeepClone(),
        ["code"] = work.Inputs.GetValueOrDefault("code")?.DeepClone(),
    };

    protected override void Prove(PhaseWork work, PlaybookResult result)
    {
        if (Product(result, Phase)?["tree"]?.GetValue<string>() is { } tree)
            work.Proof = new(tree);
    }

    /// <summary>What implement wrote; of an existing repository, what the tests ran on.</summary>
    static string? Tree(PhaseWork work) =>
        work.Pipeline.Has(Phase.Implement) ? work.Inputs.GetValueOrDefault("code")?["tree"]?.GetValue<string>()
        : work.Pipeline.Has(Phase.Test) ? work.Pipeline[Phase.Test].Proof?.Tree : null;
}
