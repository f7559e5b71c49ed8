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

    /// <summary>What is to be known of its artifacts beside their content.</summary>
    protected virtual JsonObject Metadata(PhaseWork work, PlaybookResult result) => new() { ["playbook"] = work.Using };

    /// <summary>The tool whose word counts as this phase's proof; null where none is needed.</summary>
    protected virtual string? Witness => null;

    public override async Task ExecuteAsync(PhaseWork work, CancellationToken cancel)
    {
        var result = await work.UseBestPlaybookAsync(Playbook, Inputs(work), cancel);
        foreach (var product in result.Artifacts)
            work.AddArtifact(product.Type, product.Content!, Metadata(work, result),
                product.Type == Phase.Implement.Produces() ? await WorkspaceBundle.MakeAsync(work.Workspace, cancel) : null);
        // A playbook is data and can write anything into an artifact; what proves something is what the tool itself gave.
        if (Witness is { } tool && Product(result, Phase) is { } claimed && !JsonNode.DeepEquals(claimed, result.Gave(tool)))
            work.Error ??= $"What playbook {work.Using} hands over as {Phase.Produces()} is not what {tool} gave, so it proves nothing.";
        else
            Prove(work, result);
    }

    protected static JsonNode? Product(PlaybookResult result, Phase phase) =>
        result.Artifacts.FirstOrDefault(a => a.Type == phase.Produces())?.Content;
}
