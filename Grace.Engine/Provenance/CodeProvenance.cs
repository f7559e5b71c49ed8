using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Provenance;

/// <param name="Origin">Null for a commit that no artifact names: the history of a repository that was there before.</param>
public sealed record LineOrigin(int From, int To, string Commit, string Summary, CodeOrigin? Origin);

/// <param name="Sha256">Of the file's bytes, 64 hex digits.</param>
public sealed record FileProvenance(string Path, string Sha256, IReadOnlyList<LineOrigin> Lines);

/// <param name="Cut">More files were written than are told of.</param>
public sealed record ProvenanceReport(string PipelineId, PipelineCode Code, IReadOnlyList<FileProvenance> Files, bool Cut);

/// <summary>There is nothing to tell the origin of, and why.</summary>
public sealed class NoProvenance(string detail) : Exception(detail);

/// <summary>
/// Tells of each line of a pipeline's code whose work it is, from the commits: the workspace's, or, where that is gone, those
/// kept with the code artifact. The work tree is not looked at.
/// </summary>
public sealed class CodeProvenance(Orchestrator orchestrator, ContentShelf shelf, DataFolder data)
{
    public const int MostFiles = 400;
    const int AtOnce = 4;

    /// <param name="path">One file; null for all that the pipeline wrote.</param>
    /// <exception cref="NoProvenance">No such pipeline, no code, no such file, or the commits are kept nowhere.</exception>
    /// <exception cref="GitFailedException">The commits cannot be read.</exception>
    public async Task<ProvenanceReport> OfAsync(string pipelineId, string? path = null, CancellationToken cancel = default)
    {
        var pipeline = await orchestrator.LoadAsync(pipelineId, cancel: cancel);
        return pipeline.Exists ? await OfAsync(pipeline, path, cancel) : throw new NoProvenance($"There is no pipeline '{pipelineId}'.");
    }

    /// <inheritdoc cref="OfAsync(string, string?, CancellationToken)" />
    public async Task<ProvenanceReport> OfAsync(Pipeline pipeline, string? path, CancellationToken cancel)
    {
        var code = PipelineCode.Of(pipeline, await ContentsAsync(pipeline, cancel)) ?? throw new NoProvenance($"Pipeline {pipeline.Id} has written no code.");
        using var commits = await OpenAsync(pipeline, code, cancel);
        var there = await commits.FilesAsync(code.Commit, cancel);
        var asked = path is not null
            ? there.Where(f => f.Path == path).ToList()
            : await WrittenAsync(commits, code, there, cancel);
        if (path is not null && asked.Count == 0)
            throw new NoProvenance($"The code of pipeline {pipeline.Id} has no file '{path}' (commit {code.Commit}).");
        var told = asked.Take(MostFiles).ToList();
        var hashes = await commits.HashesAsync([.. told.Select(f => f.Blob)], cancel);
        var files = new FileProvenance[told.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, told.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (at, stop) =>
        {
            var lines = Blame.Read(await commits.BlameAsync(code.Commit, told[at].Path, stop));
            files[at] = new(told[at].Path, hashes[at], [.. lines.Select(l => new LineOrigin(l.From, l.To, l.Commit, l.Summary, code.Origins.GetValueOrDefault(l.Commit)))]);
        });
        return new(pipeline.Id, code, files, asked.Count > told.Count);
    }

    /// <summary>The files that are there still and that a commit of this pipeline changed.</summary>
    static async Task<List<(string Path, string Blob)>> WrittenAsync(
        CommitStore commits, PipelineCode code, IReadOnlyList<(string Path, string Blob)> there, CancellationToken cancel)
    {
        HashSet<string> changed = [];
        foreach (var commit in code.Origins.Keys)
            changed.UnionWith(await commits.ChangedAsync(commit, cancel));
        return [.. there.Where(f => changed.Contains(f.Path))];
    }

    async Task<CommitStore> OpenAsync(Pipeline pipeline, PipelineCode code, CancellationToken cancel)
    {
        if (await CommitStore.OfWorkspaceAsync(data.Workspace(pipeline.Id), code.Commit, cancel) is { } workspace)
            return workspace;
        return code.Made.Metadata["bundle"]?.GetValue<string>() is { } bundle
            ? await CommitStore.OfBundlesAsync([await shelf.ReadAsync(bundle, cancel)], cancel)
            : throw new NoProvenance($"The commits of pipeline {pipeline.Id} are not on this node, and were too many to be kept with its artifacts.");
    }

    async Task<Dictionary<string, JsonNode?>> ContentsAsync(Pipeline pipeline, CancellationToken cancel)
    {
        string[] hashes = [.. pipeline.Artifacts.Where(PipelineCode.IsCode).Select(a => a.ContentHash).Distinct()];
        Dictionary<string, JsonNode?> contents = [];
        foreach (var (hash, bytes) in hashes.Length == 0 ? [] : await shelf.ReadManyAsync(hashes, cancel))
            try
            {
                contents[hash] = JsonNode.Parse(bytes);
            }
            catch (JsonException)
            {
                contents[hash] = null;
            }
        return contents;
    }
}
