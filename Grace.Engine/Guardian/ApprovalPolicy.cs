using System.Text.Json.Nodes;
using System.Text.Json;
using Grace.Engine.Deployments;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Guardian;

/// <summary>
/// Which phases wait for a person: those that the pipeline's context names under <c>approvals</c>, deployments to
/// environments that ask for it, a design of a task that leaves open which data it is about, and every deployment of a tree whose tests were skipped.
/// </summary>
public static class ApprovalPolicy
{
    public static ApprovalNeed? Of(Pipeline state, Phase phase, DeployOptions deploy)
    {
        var environment = state.Context["deployment_environment"]?.ToString() ?? DeployOptions.Local;
        var barred = phase == Phase.Deploy && !deploy.RequesterMayApprove(environment);
        if (phase == Phase.Deploy && state.Has(Phase.Test) && state[Phase.Test].Status == PhaseStatus.Skipped)
            return Need($"Deploy the untested tree {Tree(state)} to {environment}", Tree(state));
        if (phase == Phase.Deploy && deploy.NeedsApproval(environment))
            return Need($"Deploy tree {Tree(state)} to {environment}", Tree(state));
        if (state.Question is { } question && state.Context["resources"] is null && phase == state.Phases.Select(p => p.Phase).FirstOrDefault(p => p is Phase.Design or Phase.Implement, Phase.Research))
            return Need(question, Tree(state));
        if (state.Context["approvals"] is JsonArray named && named.Any(p => p?.ToString() == phase.Name()))
            return Need($"Start {phase.Name()}", Tree(state));
        return null;

        ApprovalNeed Need(string subject, string? tree) => new(subject, new()
        {
            ["environment"] = phase == Phase.Deploy ? environment : null,
            ["tree"] = tree,
            ["tests"] = state.Has(Phase.Test) ? JsonSerializer.SerializeToNode(state[Phase.Test].Proof, Wire.Json) : null,
            ["artifacts"] = new JsonArray([.. state.CurrentArtifacts.Select(a => (JsonNode)new JsonObject { ["artifact_id"] = a.ArtifactId, ["artifact_type"] = a.ArtifactType, ["content_hash"] = a.ContentHash })]),
        }, tree, barred);
    }

    static string? Tree(Pipeline state) =>
        state.Has(Phase.Implement) ? state[Phase.Implement].Proof?.Tree : state.Has(Phase.Test) ? state[Phase.Test].Proof?.Tree : null;
}
