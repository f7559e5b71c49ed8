using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Phases;

/// <summary>
/// An agent that, without a model, runs its phase's playbook as written and hands over what it gives. What it hands over
/// on failure (a report of failing tests) is kept as well: it is the evidence.
/// </summary>
public abstract class PlaybookAgent : PhaseAgent
{
    /// <summary>The one it uses where neither the task nor the Guardian chose another.</summary>
    protected abstract string Playbook { get; }

    /// <summary>What the playbook is given; nulls are left out.</summary>
    protected abstract JsonObject Inputs(PhaseWork work);

    /// <summary>Names the proof, from what the playbook gave.</summary>
    protected virtual void Prove(PhaseWork work, PlaybookResult result)
    {
    }

    public override async Task ExecuteAsync(PhaseWork work, CancellationToken cancel)
    {
        var chosen = work.Context["playbooks"]?[Phase.Name()]?.GetValue<string>() ?? Playbook;
        var result = await work.UsePlaybookAsync(chosen, Inputs(work), cancel);
        foreach (var product in result.Artifacts)
            work.AddArtifact(product.Type, product.Content!, new() { ["playbook"] = chosen },
                product.Type == Phase.Implement.Produces() ? await WorkspaceBundle.MakeAsync(work.Workspace, cancel) : null);
        Prove(work, result);
    }

    protected static JsonNode? Product(PlaybookResult result, Phase phase) =>
        result.Artifacts.FirstOrDefault(a => a.Type == phase.Produces())?.Content;
}
