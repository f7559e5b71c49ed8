using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Text;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Artifacts;

/// <summary>One part of a comparison: a file of code, or the whole of another artifact.</summary>
/// <param name="Change">added, modified or deleted.</param>
/// <param name="Diff">Unified; at most <see cref="ArtifactComparison.MostOfPart"/> characters of it.</param>
public sealed record ComparedPart(string Name, string Change, int Added, int Removed, string Diff, bool Cut);

/// <param name="Kind">code, markdown, json or text.</param>
/// <param name="Cut">Something is left out: parts, or the end of one.</param>
public sealed record Comparison(string Kind, bool Identical, IReadOnlyList<ComparedPart> Parts, int TotalParts, bool Cut);

/// <summary>What differs between two artifacts: code by its commits, file by file, everything else as text.</summary>
public sealed class ArtifactComparison(ContentShelf shelf)
{
    public const int MostParts = 300;
    public const int MostOfPart = 64 * 1024;
    const int MostOfAll = 1024 * 1024;

    /// <summary>Of a text; more would take a differ's quadratic time.</summary>
    const int MostLines = 20_000;

    /// <exception cref="GitFailedException">The commits cannot be read.</exception>
    public async Task<Comparison> CompareAsync(Artifact left, Artifact right, CancellationToken cancel = default)
    {
        var (old, next) = (await ReadAsync(left, cancel), await ReadAsync(right, cancel));
        if (Code(left, old) is { } from && Code(right, next) is { } to)
            return await FilesAsync(from, to, cancel);
        var (kind, before, after) = (old as JsonObject)?["markdown"] is JsonValue one && (next as JsonObject)?["markdown"] is JsonValue other
            ? ("markdown", one.ToString(), other.ToString())
            : old is JsonValue && next is JsonValue ? ("text", old.ToString(), next.ToString())
            : ("json", old?.ToJsonString(Wire.Indented) ?? "null", next?.ToJsonString(Wire.Indented) ?? "null");
        var (short1, cut1) = Lines(before);
        var (short2, cut2) = Lines(after);
        var diff = UnifiedDiff.Of(short1, short2);
        var identical = before == after;
        return Bounded(kind, identical, identical ? [] : [new(kind, "modified", diff.Added, diff.Removed, diff.Text, cut1 || cut2)]);
    }

    async Task<Comparison> FilesAsync((string Bundle, string Commit) from, (string Bundle, string Commit) to, CancellationToken cancel)
    {
        var bundles = await shelf.ReadManyAsync([.. new[] { from.Bundle, to.Bundle }.Distinct()], cancel);
        using var commits = await CommitStore.OfBundlesAsync(bundles.Values, cancel);
        var files = await commits.DiffsAsync(from.Commit, to.Commit, cancel);
        return Bounded("code", files.Count == 0, [.. files.Select(f => Part(f.File, f.Diff))]);
    }

    static ComparedPart Part(ChangedFile file, string diff)
    {
        // The lines before the first hunk name the files.
        var lines = diff.Split('\n').SkipWhile(l => !l.StartsWith("@@", StringComparison.Ordinal)).ToList();
        return new(
            file.Path, file.Change switch { "A" => "added", "D" => "deleted", _ => "modified" }, lines.Count(l => l.StartsWith('+')), lines.Count(l => l.StartsWith('-')), diff, false);
    }

    static Comparison Bounded(string kind, bool identical, List<ComparedPart> parts)
    {
        var room = MostOfAll;
        List<ComparedPart> kept = [];
        foreach (var part in parts.Take(MostParts).TakeWhile(_ => room > 0))
        {
            var most = Math.Min(MostOfPart, room);
            kept.Add(part.Diff.Length <= most ? part : part with { Diff = part.Diff[..most], Cut = true });
            room -= kept[^1].Diff.Length;
        }
        return new(kind, identical, kept, parts.Count, kept.Count < parts.Count || kept.Any(p => p.Cut));
    }

    async Task<JsonNode?> ReadAsync(Artifact artifact, CancellationToken cancel)
    {
        var bytes = await shelf.ReadAsync(artifact.ContentHash, cancel);
        try
        {
            return artifact.MediaType == "application/json" ? JsonNode.Parse(bytes) : JsonValue.Create(Encoding.UTF8.GetString(bytes));
        }
        catch (JsonException)
        {
            return JsonValue.Create(Encoding.UTF8.GetString(bytes));
        }
    }

    /// <summary>Null where the commits are not kept: then what the artifact says of them is compared.</summary>
    static (string Bundle, string Commit)? Code(Artifact artifact, JsonNode? content) =>
        artifact.Metadata["bundle"]?.GetValue<string>() is { } bundle && (content as JsonObject)?["commit"]?.GetValue<string>() is { } commit ? (bundle, commit) : null;

    static (string Text, bool Cut) Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines.Length <= MostLines ? (string.Join('\n', lines), false) : (string.Join('\n', lines[..MostLines]), true);
    }
}
