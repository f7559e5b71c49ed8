using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Web.Components.Parts.Artifacts;

namespace Grace.Web.Live;

/// <param name="From">Null when it is not an artifact of this pipeline, or not one of those drawn.</param>
/// <param name="Matches">The hash that was read is the hash that the artifact has; true where the artifact is not known.</param>
public sealed record LineageInput(string ArtifactId, string ContentHash, string? Type, bool Matches, LineageNode? From);

/// <param name="Counts">False when a later one of its phase and type took its place.</param>
/// <param name="Column">Of its phase, from 0.</param>
/// <param name="Row">0 for the newest of its phase.</param>
/// <param name="Playbooks">Each as id and version: "run_tests v2".</param>
/// <param name="Recovery">Which recovery of its phase made it, instead of the phase itself.</param>
public sealed record LineageNode(
    ArtifactRef Artifact, bool Counts, int Column, int Row, IReadOnlyList<string> Playbooks, IReadOnlyList<string> Tools, int Overrides, int? Recovery,
    IReadOnlyList<LineageInput> Inputs)
{
    /// <summary>The same in words, for whoever does not see the picture.</summary>
    public string Told =>
        $"Attempt {Artifact.Attempt}{(Recovery is { } n ? $", recovery {n}" : "")}{(Counts ? "" : ", superseded")}. "
        + (Inputs.Count == 0 ? "Made from the task alone. " : $"Made from {string.Join(", ", Inputs.Select(i => $"{i.Type ?? i.ArtifactId} {Short(i.ContentHash)}{(i.Matches ? "" : " (another content than it has)")}"))}. ")
        + (Playbooks.Count == 0 ? "" : $"By {string.Join(", ", Playbooks)}. ")
        + (Tools.Count == 0 ? "" : $"With {string.Join(", ", Tools.Distinct())}. ")
        + (Overrides == 0 ? "" : $"{Overrides} {(Overrides == 1 ? "override" : "overrides")} in force.");

    public static string Short(string hash) => hash.Length <= 19 ? hash : hash[..19] + "…";
}

/// <summary>Where a pipeline's artifacts come from, as a picture to be drawn: columns are phases, rows are attempts. Pure.</summary>
/// <param name="Left">Older artifacts that are not drawn.</param>
public sealed record Lineage(IReadOnlyList<LineageNode> Nodes, int Columns, int Rows, int Left)
{
    /// <summary>Artifacts drawn of each phase: the newest.</summary>
    public const int MostRows = 3;

    public static Lineage Of(Pipeline pipeline)
    {
        var newestOfKind = pipeline.Artifacts.GroupBy(a => (a.Phase, a.ArtifactType)).Select(same => same.Last().ArtifactId).ToHashSet();
        var known = pipeline.Artifacts.GroupBy(a => a.ArtifactId).ToDictionary(same => same.Key, same => same.Last());
        Dictionary<string, LineageNode> drawn = [];
        List<LineageNode> nodes = [];
        for (var column = 0; column < pipeline.Phases.Count; column++)
        {
            var phase = pipeline.Phases[column].Phase;
            var newest = pipeline.Artifacts.Where(a => a.Phase == phase).Reverse().Take(MostRows).ToList();
            // Of one phase the older come first, since a fix reads what the phase wrote.
            for (var row = newest.Count - 1; row >= 0; row--)
            {
                var node = Node(newest[row], newestOfKind.Contains(newest[row].ArtifactId), column, row, known, drawn);
                drawn[node.Artifact.ArtifactId] = node;
                nodes.Add(node);
            }
        }
        return new([.. nodes.OrderBy(n => n.Column).ThenBy(n => n.Row)], pipeline.Phases.Count, nodes.Select(n => n.Row + 1).DefaultIfEmpty(0).Max(), pipeline.Artifacts.Count - nodes.Count);
    }

    static LineageNode Node(ArtifactRef a, bool counts, int column, int row, Dictionary<string, ArtifactRef> known, Dictionary<string, LineageNode> drawn)
    {
        JsonNode from = a.Provenance;
        return new(
            a, counts, column, row,
            [.. from.At("playbooks").Objects().Select(p => $"{p.At("id").Text()} v{p.At("version").Text()}").Distinct()],
            from.At("tools").Texts(), (from.At("overrides") as JsonArray)?.Count ?? 0, (int?)from.At("recovery").Number(),
            [.. from.At("inputs").Objects().Where(i => i.At("artifact_id").Text() is not null).Select(i => Input(i.At("artifact_id").Text()!, i.At("content_hash").Text() ?? "", known, drawn))]);
    }

    static LineageInput Input(string id, string hash, Dictionary<string, ArtifactRef> known, Dictionary<string, LineageNode> drawn) =>
        known.TryGetValue(id, out var made) ? new(id, hash, made.ArtifactType, made.ContentHash == hash, drawn.GetValueOrDefault(id)) : new(id, hash, null, true, null);
}
