using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Phases;

/// <summary>Gathers findings with their sources ("Research Agent" in the specification).</summary>
public sealed class ResearchAgent(KnowledgeUpkeep knowledge) : PlaybookAgent
{
    public override Phase Phase => Phase.Research;

    protected override string Playbook => "research_and_gather";

    public override async Task ExecuteAsync(PhaseWork work, CancellationToken cancel)
    {
        // The first pipeline on a new database comes before the handbook is indexed, and would find nothing.
        await knowledge.Indexed.WaitAsync(cancel);
        await base.ExecuteAsync(work, cancel);
    }

    protected override JsonObject Inputs(PhaseWork work) => new()
    {
        ["task"] = work.Pipeline.Task,
        ["context"] = work.Context.DeepClone(),
        ["repository"] = work.Pipeline.Repository,
        ["sources"] = work.Context["sources"]?.DeepClone(),
        ["web"] = PlannedPhases.Asks(work.Context["sources"], "web"),
        ["documents"] = work.Context["documents"]?.DeepClone(),
    };
}
