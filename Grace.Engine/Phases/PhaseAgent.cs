using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Tools;

namespace Grace.Engine.Phases;

/// <summary>
/// A phase's specialist. It chooses and uses playbooks, turns what they give into artifacts, and names its proof. One
/// instance serves all pipelines; what belongs to one attempt is in <see cref="PhaseWork"/>.
/// </summary>
public abstract class PhaseAgent
{
    public abstract Phase Phase { get; }

    /// <summary>As the learning loop names it: "test_agent".</summary>
    public string Name => $"{Phase.Name()}_agent";

    public abstract Task ExecuteAsync(PhaseWork work, CancellationToken cancel);
}

/// <summary>One attempt of one phase: what the agent is given, and what it hands over.</summary>
/// <param name="Context">The task's context with overrides merged in, and the artifacts of the phases before as <c>PHASE_artifacts</c>.</param>
/// <param name="Inputs">The artifacts before, by type: the newest content of each.</param>
public sealed class PhaseWork(
    Pipeline pipeline, PhaseState attempt, string agent, JsonObject context, IReadOnlyDictionary<string, JsonNode> inputs,
    IReadOnlyList<ArtifactRef> inputRefs, ToolContext tools, PlaybookDesk desk)
{
    readonly List<ProducedArtifact> artifacts = [];
    readonly List<Content> contents = [];
    readonly List<PlaybookOutcome> outcomes = [];
    readonly List<(Playbook Playbook, PlaybookResult Result)> runs = [];

    public Pipeline Pipeline => pipeline;
    public string Workspace => tools.Workspace;
    public JsonObject Context => context;
    public IReadOnlyDictionary<string, JsonNode> Inputs => inputs;

    /// <summary>The playbook used last, by id.</summary>
    public string? Using => runs.Count == 0 ? null : runs[^1].Playbook.Id;

    /// <summary>Why the phase failed; the gate may find more.</summary>
    public string? Error { get; set; }

    public PhaseProof? Proof { get; set; }
    public TestFailures? FailedTests { get; set; }

    /// <summary>The bytes of the artifacts, to be recorded with them.</summary>
    public IReadOnlyList<Content> Contents => contents;

    public void Say(string line) => tools.Progress(line);

    /// <summary>Chooses among the phase's playbooks and runs the one; the choice and its reason go to the log with the run.</summary>
    /// <param name="usual">The agent's own, where nothing speaks for another.</param>
    public async Task<PlaybookResult> UseBestPlaybookAsync(string usual, JsonObject given, CancellationToken cancel)
    {
        var asked = context["playbooks"]?[attempt.Phase.Name()]?.GetValue<string>();
        var (choice, whyNone) = await desk.ChooseAsync(attempt.Phase, asked, usual, given, pipeline.Context, cancel);
        return choice is null ? Missing(asked ?? usual, whyNone!) : await UseAsync(choice.Playbook, given, choice, cancel);
    }

    /// <summary>Runs a playbook as a tool. A missing one is a failure that says so.</summary>
    public async Task<PlaybookResult> UsePlaybookAsync(string id, JsonObject given, CancellationToken cancel) =>
        desk.Library.Find(id) is { } playbook ? await UseAsync(playbook, given, null, cancel) : Missing(id, $"There is no playbook '{id}'.");

    PlaybookResult Missing(string id, string why)
    {
        outcomes.Add(new(id, 0, agent, why, 0, []));
        Error ??= why;
        return new(false, [], [], why, [], [], []);
    }

    async Task<PlaybookResult> UseAsync(Playbook playbook, JsonObject given, Choice? choice, CancellationToken cancel)
    {
        Say($"Using playbook: {playbook.Id}");
        var result = await desk.RunAsync(playbook, given, tools, cancel);
        var metadata = (JsonObject)result.Metadata.DeepClone();
        if (choice is not null)
            metadata["choice"] = new JsonObject { ["reason"] = choice.Reason, ["considered"] = choice.Considered.Count > 1 ? choice.Considered.DeepClone() : null };
        runs.Add((playbook, result));
        foreach (var (used, its) in result.Used)
            outcomes.Add(desk.Outcome(used, its, agent, (JsonObject)its.Metadata.DeepClone()));
        outcomes.Add(desk.Outcome(playbook, result, agent, metadata));
        Error ??= result.Error;
        return result;
    }

    /// <summary>Hands an artifact over, with its provenance.</summary>
    /// <param name="bundle">The workspace's commits, kept beside an artifact that names a tree.</param>
    public void AddArtifact(string type, JsonNode content, JsonObject? metadata = null, byte[]? bundle = null)
    {
        metadata ??= [];
        if (bundle is not null)
        {
            contents.Add(Content.Of(bundle));
            metadata["bundle"] = contents[^1].Hash;
        }
        var bytes = Content.Of(Encoding.UTF8.GetBytes(content.ToJsonString(Wire.Json)));
        contents.Add(bytes);
        artifacts.Add(new(
            $"{agent}_{Guid.NewGuid():N}"[..(agent.Length + 17)], type, bytes.Hash, bytes.Bytes.LongLength, "application/json", metadata,
            new()
            {
                ["phase"] = attempt.Phase.Name(),
                ["attempt"] = attempt.Attempt,
                ["playbooks"] = new JsonArray([.. runs.Select(r => (JsonNode)new JsonObject { ["id"] = r.Playbook.Id, ["version"] = r.Playbook.Version, ["content_hash"] = r.Playbook.Hash })]),
                ["tools"] = new JsonArray([.. runs.SelectMany(r => r.Result.Metadata["tools_used"]!.AsArray()).Select(t => t!.DeepClone())]),
                ["model"] = null,
                ["overrides"] = new JsonArray([.. pipeline.Overrides.Select(o => o.Override.DeepClone())]),
                ["inputs"] = new JsonArray([.. inputRefs.Select(i => (JsonNode)new JsonObject { ["artifact_id"] = i.ArtifactId, ["content_hash"] = i.ContentHash })]),
            }));
    }

    public PhaseReport Report() => new(Error, artifacts, outcomes, Proof, FailedTests);
}
