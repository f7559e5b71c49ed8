using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Artifacts;

/// <param name="Size">In bytes.</param>
/// <param name="Blob">git's name of its content.</param>
public sealed record CodeFile(string Path, long Size, string Blob);

/// <param name="Total">How many there are; at most <see cref="CodeFiles.MostFiles"/> of them are named.</param>
public sealed record CodeTree(string Commit, IReadOnlyList<CodeFile> Files, int Total);

/// <param name="Text">Null when the file is no text, or larger than <see cref="CodeFiles.LargestRead"/>.</param>
/// <param name="Cut">The end is left out.</param>
public sealed record CodeText(CodeFile File, string? Text, bool Cut);

/// <summary>
/// The files of a code artifact, as its commit has them: from the commits kept with the artifact, or, where those were too
/// many to keep, from the pipeline's workspace on this node.
/// </summary>
public sealed partial class CodeFiles(ContentShelf shelf, DataFolder data)
{
    public const int MostFiles = 2000;

    /// <summary>Characters of one file that are handed out.</summary>
    public const int MostOfFile = 256 * 1024;

    /// <summary>In bytes.</summary>
    public const long LargestRead = 8 * 1024 * 1024;

    const int TextProbe = 8000;

    /// <param name="metadata">The artifact's, which names its bundle of commits.</param>
    /// <exception cref="GitFailedException">The commit is kept nowhere that this node reaches, or cannot be read.</exception>
    public async Task<CodeTree> ListAsync(string pipelineId, JsonObject metadata, string commit, CancellationToken cancel = default)
    {
        using var commits = await OpenAsync(pipelineId, metadata, commit, cancel);
        return await ListAsync(commits, commit, cancel);
    }

    /// <summary>Null when the commit has no such file.</summary>
    /// <inheritdoc cref="ListAsync(string, JsonObject, string, CancellationToken)" />
    public async Task<CodeText?> ReadAsync(string pipelineId, JsonObject metadata, string commit, string path, int most = MostOfFile, CancellationToken cancel = default)
    {
        using var commits = await OpenAsync(pipelineId, metadata, commit, cancel);
        if (Entries(await Git.RunAsync(commits.Path, cancel, "--literal-pathspecs", "ls-tree", "-r", "-z", "-l", commit, "--", path)).FirstOrDefault(f => f.Path == path) is not { } file)
            return null;
        if (file.Size > LargestRead)
            return new(file, null, true);
        var bytes = await Git.BytesAsync(commits.Path, "", cancel, "cat-file", "blob", file.Blob);
        if (bytes.AsSpan(0, Math.Min(bytes.Length, TextProbe)).Contains((byte)0))
            return new(file, null, false);
        var text = Encoding.UTF8.GetString(bytes);
        return text.Length <= most ? new(file, text, false) : new(file, text[..most], true);
    }

    static async Task<CodeTree> ListAsync(CommitStore commits, string commit, CancellationToken cancel)
    {
        var files = Entries(await Git.RunAsync(commits.Path, cancel, "ls-tree", "-r", "-z", "-l", commit)).ToList();
        return new(commit, [.. files.Take(MostFiles)], files.Count);
    }

    /// <summary>Of each file that is one: MODE blob HASH SIZE, a tab, its path.</summary>
    static IEnumerable<CodeFile> Entries(string listed)
    {
        foreach (var entry in listed.Split('\0', StringSplitOptions.RemoveEmptyEntries))
            if (entry.Split('\t', 2) is [var head, var path]
                && head.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["100644" or "100755", "blob", var blob, var size])
                yield return new(path, long.Parse(size, CultureInfo.InvariantCulture), blob);
    }

    async Task<CommitStore> OpenAsync(string pipelineId, JsonObject metadata, string commit, CancellationToken cancel)
    {
        if (!CommitName().IsMatch(commit))
            throw new GitFailedException($"'{commit}' is no commit: it must be 40 or 64 hexadecimal digits.");
        if (metadata["bundle"] is JsonValue value && value.TryGetValue<string>(out var bundle))
            return await CommitStore.OfBundlesAsync([await shelf.ReadAsync(bundle, cancel)], cancel);
        return await CommitStore.OfWorkspaceAsync(data.Workspace(pipelineId), commit, cancel)
            ?? throw new GitFailedException($"The commit {commit} is not on this node, and was too large to be kept with its artifact.");
    }

    [GeneratedRegex("^([0-9a-f]{40}|[0-9a-f]{64})$")]
    private static partial Regex CommitName();
}
