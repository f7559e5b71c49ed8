using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Provenance;

/// <summary>An override that was in force when code was written.</summary>
public sealed record OverrideInForce(JsonObject Values, string Reason, string? By, DateTimeOffset At);

public sealed record PlaybookUsed(string Id, int Version);

/// <summary>Where a commit of a pipeline comes from.</summary>
/// <param name="Recovery">Set when a recovery's fix wrote it, and not the phase itself.</param>
/// <param name="Playbook">The one that wrote it.</param>
/// <param name="Inputs">The artifacts it was made from, with their hashes.</param>
public sealed record CodeOrigin(
    string Commit, string ArtifactId, string ContentHash, Phase Phase, int Attempt, int? Recovery, PlaybookUsed? Playbook, IReadOnlyList<string> Tools,
    IReadOnlyList<OverrideInForce> Overrides, IReadOnlyList<(string ArtifactId, string ContentHash)> Inputs);

/// <summary>The code that counts, and whose work each commit is: pure.</summary>
/// <param name="Made">The artifact that names the commit in force.</param>
public sealed record PipelineCode(string Commit, string Tree, ArtifactRef Made, IReadOnlyDictionary<string, CodeOrigin> Origins)
{
    /// <summary>Null when the pipeline has written no code.</summary>
    /// <param name="contents">Of the code artifacts, by content hash.</param>
    public static PipelineCode? Of(Pipeline pipeline, IReadOnlyDictionary<string, JsonNode?> contents)
    {
        Dictionary<string, CodeOrigin> origins = [];
        PipelineCode? last = null, proven = null;
        var tree = pipeline.Has(Phase.Implement) ? pipeline[Phase.Implement].Proof?.Tree : null;
        foreach (var made in pipeline.Artifacts.Where(IsCode))
        {
            if (contents.GetValueOrDefault(made.ContentHash) is not JsonObject content || Text(content["commit"]) is not { Length: > 0 } commit || Text(content["tree"]) is not { } its)
                continue;
            // Of several that name a commit, the first made it; the others found nothing to change.
            origins.TryAdd(commit, Origin(pipeline, made, commit));
            last = new(commit, its, made, origins);
            if (its == tree)
                proven = last;
        }
        return proven ?? last;
    }

    public static bool IsCode(ArtifactRef artifact) => artifact.ArtifactType == Phase.Implement.Produces();

    static CodeOrigin Origin(Pipeline pipeline, ArtifactRef made, string commit)
    {
        var from = made.Provenance;
        // An artifact keeps the overrides' values; as overrides are only ever added, they are the first so many of the pipeline's.
        var inForce = pipeline.Overrides.Take((from["overrides"] as JsonArray)?.Count ?? 0);
        var playbook = (from["playbooks"] as JsonArray)?.LastOrDefault();
        return new(
            commit, made.ArtifactId, made.ContentHash, made.Phase, made.Attempt, from["recovery"]?.GetValue<int>(),
            Text(playbook?["id"]) is { } id ? new(id, playbook!["version"]?.GetValue<int>() ?? 0) : null,
            [.. (from["tools"] as JsonArray ?? []).Select(Text).OfType<string>()],
            [.. inForce.Select(o => new OverrideInForce(o.Override, o.Reason, o.By, o.At))],
            [.. (from["inputs"] as JsonArray ?? []).Select(i => (Text(i?["artifact_id"])!, Text(i?["content_hash"])!))]);
    }

    static string? Text(JsonNode? node) => node?.GetValueKind() == System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : null;
}
