using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Deployments;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Tools;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Phases;

/// <summary>
/// Runs the playbook phase_failure_recovery on a failed phase ("Auto-Recovery"): analyse, look up, fix, and have the
/// phase tried again. It changes no result; whether the fix was one shows in the next attempt.
/// </summary>
public sealed class RecoveryAgent(ContentShelf shelf)
{
    public const string Name = LearningBook.Recovering;
    const string Playbook = "phase_failure_recovery";
    const string NextAttempt = "retry_context", FromLesson = "lesson_context";
    static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(2);

    /// <summary>What the recovery comes to, and the bytes of what it made.</summary>
    public async Task<(RecoveryReport Report, IReadOnlyList<Content> Contents)> RecoverAsync(Pipeline pipeline, PhaseState failed, ToolContext tools, PlaybookDesk desk, CancellationToken cancel)
    {
        if (desk.Library.Find(Playbook) is not { } playbook)
            return (new(null, $"There is no playbook '{Playbook}'.", []), []);
        var result = await desk.RunAsync(playbook, await Inputs(pipeline, failed, cancel), tools, cancel);
        var fixes = result.Used;
        var analysis = result.Steps["analyse"]?["output"] as JsonObject;
        JsonObject details = new()
        {
            ["fingerprint"] = failed.Fingerprint?.DeepClone(),
            ["issues"] = analysis?["issues"]?.DeepClone(),
            ["seen"] = analysis?["seen"]?.DeepClone(),
            ["fixes"] = new JsonArray([.. fixes.Select(f => (JsonNode)new JsonObject
            {
                ["playbook"] = f.Playbook.Id, ["version"] = f.Playbook.Version, ["success"] = f.Result.Success, ["error"] = f.Result.Error,
            })]),
            ["similar"] = Similar(result),
        };
        PlaybookOutcome[] outcomes = [.. fixes.Append((Playbook: playbook, Result: result)).Select(f => desk.Outcome(f.Playbook, f.Result, Name, (JsonObject)f.Result.Metadata.DeepClone()))];
        if (!result.Success)
            return (new(null, result.Error, details, Playbooks: outcomes), []);

        var backoff = Backoff(analysis!, failed.Recoveries);
        if (backoff > TimeSpan.Zero)
            tools.Progress(string.Create(CultureInfo.InvariantCulture, $"→ Waiting {backoff.TotalSeconds:0.#} s"));
        tools.Progress(failed.Phase == Phase.Test ? "→ Retrying tests" : $"→ Retrying {failed.Phase.Name()}");
        var made = fixes.SelectMany(f => f.Result.Artifacts.Where(a => a.Type is not (NextAttempt or FromLesson)).Select(a => Make(pipeline, failed, f.Playbook, f.Result, a))).ToList();
        var contents = made.Select(m => m.Content).ToList();
        if (made.FindLast(m => m.Tree is not null) is { Tree: not null } code && await WorkspaceBundle.MakeAsync(tools.Workspace, cancel) is { } bundle)
        {
            contents.Add(Content.Of(bundle));
            code.Artifact.Metadata["bundle"] = contents[^1].Hash;
        }
        return (new(
            string.Join(", ", fixes.Select(f => f.Playbook.Id)), null, details, Told(fixes),
            made.Select(m => m.Tree).LastOrDefault(tree => tree is not null), outcomes, [.. made.Select(m => m.Artifact)], backoff), contents);
    }

    async Task<JsonObject> Inputs(Pipeline pipeline, PhaseState failed, CancellationToken cancel)
    {
        var report = pipeline.Artifacts.LastOrDefault(a => a.Phase == failed.Phase && a.Attempt == failed.Attempt && a.ArtifactType == failed.Phase.Produces());
        var context = (JsonObject)pipeline.Context.DeepClone();
        context["deployment_environment"] ??= DeployOptions.Local;
        return new()
        {
            ["pipeline_id"] = pipeline.Id,
            ["failed_phase"] = failed.Phase.Name(),
            ["error"] = failed.Error,
            ["report"] = report is null ? null : JsonNode.Parse(await shelf.ReadAsync(report.ContentHash, cancel)),
            ["context"] = context,
        };
    }

    static JsonArray? Similar(PlaybookResult result) => (result.Steps["similar"]?["output"]?["findings"] as JsonArray)?.DeepClone() as JsonArray;

    /// <summary>The longest that an issue asks for, doubled with every recovery.</summary>
    static TimeSpan Backoff(JsonObject analysis, int recovery)
    {
        var seconds = (analysis["issues"] as JsonArray ?? []).Max(issue => ContextRules.Number(issue!["backoff_seconds"]) ?? 0) * Math.Pow(2, Math.Max(0, recovery - 1));
        return seconds > LongestBackoff.TotalSeconds ? LongestBackoff : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>What the fixes want the next attempt to know, under <c>recovery</c> in its context; what a lesson knows stands there by its own names.</summary>
    static JsonObject? Told(IReadOnlyList<(Playbook Playbook, PlaybookResult Result)> fixes)
    {
        JsonObject told = [];
        foreach (var product in fixes.SelectMany(f => f.Result.Artifacts).Where(a => a.Type == NextAttempt))
            told = GuardianDecisions.Merge(told, (JsonObject)product.Content!);
        JsonObject context = told.Count == 0 ? [] : new() { ["recovery"] = told };
        foreach (var product in fixes.SelectMany(f => f.Result.Artifacts).Where(a => a.Type == FromLesson))
            context = GuardianDecisions.Merge(context, PastRemedies.Lesson((JsonObject)product.Content!));
        return context.Count == 0 ? null : context;
    }

    static (ProducedArtifact Artifact, Content Content, string? Tree) Make(Pipeline pipeline, PhaseState failed, Playbook playbook, PlaybookResult result, PlaybookProduct product)
    {
        var content = Content.Of(Encoding.UTF8.GetBytes(product.Content!.ToJsonString(Wire.Json)));
        JsonObject provenance = new()
        {
            ["phase"] = failed.Phase.Name(),
            ["attempt"] = failed.Attempt,
            ["recovery"] = failed.Recoveries,
            ["playbooks"] = new JsonArray(new JsonObject { ["id"] = playbook.Id, ["version"] = playbook.Version, ["content_hash"] = playbook.Hash }),
            ["tools"] = result.Metadata["tools_used"]!.DeepClone(),
            ["model"] = null,
            ["overrides"] = new JsonArray([.. pipeline.Overrides.Select(o => o.Override.DeepClone())]),
            ["inputs"] = new JsonArray([.. pipeline.CurrentArtifacts.Select(i => (JsonNode)new JsonObject { ["artifact_id"] = i.ArtifactId, ["content_hash"] = i.ContentHash })]),
        };
        var artifact = new ProducedArtifact(
            $"{Name}_{Guid.NewGuid():N}"[..(Name.Length + 17)], product.Type, content.Hash, content.Bytes.LongLength, "application/json",
            new() { ["playbook"] = playbook.Id }, provenance);
        return (artifact, content, product.Type == Phase.Implement.Produces() && JsonNode.DeepEquals(product.Content, result.Gave("commit_workspace")) ? product.Content!["tree"]?.GetValue<string>() : null);
    }
}
