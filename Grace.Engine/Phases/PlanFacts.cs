using Grace.Engine.Deployments;
using Grace.Engine.Design;
using Grace.Engine.Knowledge;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Phases;

/// <summary>What somebody wants planned.</summary>
/// <param name="Phases">As asked; null: the plan proposes them.</param>
public sealed record PlanRequest(string Task, System.Text.Json.Nodes.JsonObject Context, IReadOnlyList<string>? Phases = null, string? Repository = null);

/// <summary>What was looked up for a plan: each is a check that was made, and none is a guess.</summary>
/// <param name="MissingPrograms">Of those that the language's build and tests need, the ones that are not on this machine.</param>
/// <param name="NeedsApproval">Whether the environment that the context names waits for a person.</param>
/// <param name="DocumentGaps">Of the documents that the context names, those that cannot be read.</param>
public sealed record PlanFacts(
    bool WebSearch, IReadOnlyList<string> MissingPrograms, bool NeedsApproval, bool RequesterMayApprove, RepositoryFacts? Repository, IReadOnlyList<Gap> DocumentGaps)
{
    public static readonly PlanFacts None = new(false, [], false, true, null, []);
}

/// <param name="LookedInto">False for an address: it is cloned only when the pipeline runs.</param>
/// <param name="Ecosystems">Those whose tests were found, such as dotnet or npm.</param>
/// <param name="SaysHowItStarts">Whether it has a grace-service.json.</param>
public sealed record RepositoryFacts(bool LookedInto, IReadOnlyList<string> Ecosystems, bool SaysHowItStarts);

/// <summary>A request as the plan takes it: what cannot be had here is taken out of the context, and said.</summary>
/// <param name="Taken">The keys that were taken out, with what they asked for.</param>
/// <param name="Design">Null where nothing is designed.</param>
public sealed record PlanDraft(
    PlanRequest Asked, IReadOnlyList<Phase> Phases, System.Text.Json.Nodes.JsonObject Context, IReadOnlyList<(string Key, string Value)> Taken, ServiceDesign? Design)
{
    public bool Has(Phase phase) => Phases.Contains(phase);

    public string Language => Context["language"]?.ToString().ToLowerInvariant() ?? ContextRules.DefaultLanguage;

    public string Environment => Context["deployment_environment"]?.ToString() ?? DeployOptions.Local;
}
