using System.Text.Json.Nodes;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;

namespace Grace.Web.Bench;

/// <summary>A phase that does nothing but hand over 1 KB, for measuring what the engine itself costs.</summary>
sealed class NoopAgent(Phase phase) : PhaseAgent
{
    static readonly string Kilobyte = new('x', 1000);

    public override Phase Phase => phase;

    public static Playbook Playbook { get; } = PlaybookReader.Read("id: noop\nversion: 1\ndescription: Does nothing.", "noop.yaml");

    public override async Task ExecuteAsync(PhaseWork work, CancellationToken cancel)
    {
        await work.UsePlaybookAsync("noop", [], cancel);
        work.AddArtifact(phase.Produces(), new JsonObject { ["of"] = work.Pipeline.Id, ["filler"] = Kilobyte });
        work.Proof = phase < Phase.Implement ? null : new("noop", "noop", 0, 1, 1, 0, 0);
    }
}
