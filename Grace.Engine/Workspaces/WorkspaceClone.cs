namespace Grace.Engine.Workspaces;

/// <summary>A workspace that was made from a repository.</summary>
/// <param name="Notes">What the user should know, e.g. uncommitted changes that were left where they are.</param>
public sealed record ClonedWorkspace(GitWorkspace Workspace, string? Head, IReadOnlyList<string> Notes);

/// <summary>Makes workspaces out of repositories and folders, and finds out beforehand whether that would work.</summary>
public static class WorkspaceClone
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CloneLimit = TimeSpan.FromMinutes(10);
    private const string Part = ".part";

    /// <summary>Whether a repository can be read: quick (20 s at most), so that a submission can be refused at once.</summary>
    /// <param name="data">The data folder, whose git-credentials are used; null: none.</param>
    public static async Task<SourceProbe> ProbeAsync(string source, CancellationToken cancel, string? data = null)
    {
        if (GitSource.Refusal(source) is { } refusal)
        {
            return new SourceProbe(false, refusal, null);
        }

        if (!GitSource.IsAddress(source))
        {
            if (!Directory.Exists(source))
            {
                return new SourceProbe(false, File.Exists(source) ? $"{source} is a file, not a folder." : $"{source}: there is no such folder.", null);
            }

            if (!GitSource.IsRepository(source))
            {
                return new SourceProbe(true, null, null);
            }
        }

        var result = await Git.FromElsewhereAsync(Path.GetTempPath(), ProbeLimit, GitCredentials.Environment(data), cancel, "ls-remote", "--", Absolute(source), "HEAD").ConfigureAwait(false);
        return result.Succeeded
            ? new SourceProbe(true, null, result.Output.Split('\t')[0] is { Length: > 0 } head ? head : null)
            : new SourceProbe(false, $"{GitSource.Redact(source)} cannot be read: {result.Reason}", null);
    }

    /// <summary>
    /// Clones a repository (shallow, where it comes from an address), or copies a folder that is none and puts the copy
    /// under git. Never linked to the source: nothing that happens here can change it. It appears at the path whole or not
    /// at all; what a process that was killed meanwhile left beside the path is removed.
    /// </summary>
    /// <exception cref="GitFailedException">The source cannot be read, or the path is taken.</exception>
    /// <param name="data">The data folder, whose git-credentials are used; null: none.</param>
    public static async Task<ClonedWorkspace> FromAsync(string source, string path, CancellationToken cancel, string? data = null)
    {
        if (GitSource.Refusal(source) is { } refusal)
        {
            throw new GitFailedException(refusal);
        }

        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new GitFailedException($"{path} is not empty.");
        }

        var address = GitSource.IsAddress(source);
        if (!address && !Directory.Exists(source))
        {
            throw new GitFailedException($"{source}: there is no such folder.");
        }

        // A name of its own each time: a git that outlived its killed Grace may still write to the one before.
        var part = $"{Path.GetFullPath(path)}.{Guid.NewGuid():N}{Part}";
        RemoveParts(path);
        try
        {
            var (head, notes) = !address && !GitSource.IsRepository(source)
                ? await CopyAsync(source, part, cancel).ConfigureAwait(false)
                : await CloneAsync(source, part, address, data, cancel).ConfigureAwait(false);
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            Directory.Move(part, path);
            return new ClonedWorkspace(await GitWorkspace.OpenAsync(path, cancel).ConfigureAwait(false), head, notes);
        }
        catch (IOException failed)
        {
            throw new GitFailedException($"{GitSource.Redact(source)} cannot be brought into the workspace: {failed.Message}");
        }
        finally
        {
            RemoveParts(path);
        }
    }

    private static void RemoveParts(string path)
    {
        var parent = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        foreach (var folder in parent.EnumerateDirectories($"{Path.GetFileName(path)}.*{Part}"))
        {
            FolderRemoval.Remove(folder.FullName);
        }
    }

    private static async Task<(string? Head, IReadOnlyList<string> Notes)> CloneAsync(string source, string path, bool address, string? data, CancellationToken cancel)
    {
        var deep = GitSource.IsHere(source);
        string[] words = ["clone", "--quiet", "--template=", .. deep ? new[] { "--no-hardlinks" } : ["--depth=1"], "--", Absolute(source), path];
        var result = await Git.FromElsewhereAsync(Path.GetDirectoryName(path)!, CloneLimit, GitCredentials.Environment(data), cancel, words).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new GitFailedException($"{GitSource.Redact(source)} cannot be cloned: {result.Reason}");
        }

        var workspace = await GitWorkspace.OpenAsync(path, cancel).ConfigureAwait(false);
        var head = await workspace.HeadAsync(cancel).ConfigureAwait(false);
        List<string> notes = [];
        if (head is null && await AnyBranchAsync(path, cancel).ConfigureAwait(false) is { } branch)
        {
            notes.Add($"The repository's HEAD names a branch that is not there; {branch} was taken.");
            head = await workspace.HeadAsync(cancel).ConfigureAwait(false);
        }

        notes.AddRange(head is null ? ["The repository has no commit yet."] : []);
        notes.AddRange(deep ? [] : ["It was cloned one commit deep: earlier commits and tags are not in the workspace."]);
        await NameOriginAsync(source, path, address, cancel).ConfigureAwait(false);
        if (!address && await UncommittedAsync(source, cancel).ConfigureAwait(false) is { Length: > 0 } uncommitted)
        {
            notes.Add(uncommitted);
        }

        if (File.Exists(Path.Combine(path, ".gitmodules")))
        {
            notes.Add("The repository has submodules; they were not cloned.");
        }

        var pointers = await Git.TryAsync(path, Git.Usual, null, null, cancel, "grep", "-l", "-I", "-z", "-e", "^version https://git-lfs.github.com/spec/", "HEAD").ConfigureAwait(false);
        if (pointers.Succeeded && pointers.Output.Count(c => c == '\0') is > 0 and var count)
        {
            notes.Add($"{count} file{(count == 1 ? " is a pointer" : "s are pointers")} of Git LFS; what is behind was not fetched.");
        }

        return (head, notes);
    }

    /// <summary>Checks out main, master or the first branch there is, and says which; null when there is none.</summary>
    private static async Task<string?> AnyBranchAsync(string path, CancellationToken cancel)
    {
        var listed = await Git.RunAsync(path, cancel, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin").ConfigureAwait(false);
        var branches = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "HEAD").ToList();
        var branch = new[] { "main", "master" }.FirstOrDefault(branches.Contains) ?? branches.FirstOrDefault();
        if (branch is not null)
        {
            await Git.RunAsync(path, cancel, "checkout", "--quiet", "-B", branch, $"refs/remotes/origin/{branch}").ConfigureAwait(false);
        }

        return branch;
    }

    /// <summary>Tools ask where a repository is at home. It keeps that address without credentials, and never a path of this machine.</summary>
    private static async Task NameOriginAsync(string source, string path, bool address, CancellationToken cancel)
    {
        var home = address ? source : (await Git.TryAsync(source, Git.Usual, null, null, cancel, "remote", "get-url", "origin").ConfigureAwait(false)).Output.Trim();
        await Git.TryAsync(path, Git.Usual, null, null, cancel, GitSource.IsAddress(home) && !GitSource.IsHere(home)
            ? ["remote", "set-url", "origin", GitSource.WithoutCredentials(home)] : ["remote", "remove", "origin"]).ConfigureAwait(false);
    }

    private static async Task<string> UncommittedAsync(string source, CancellationToken cancel)
    {
        var result = await Git.TryAsync(source, Git.Usual, null, null, cancel, "status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all").ConfigureAwait(false);
        var files = result.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Length > 3 ? line[3..] : line).ToList();
        return !result.Succeeded || files.Count == 0 ? ""
            : $"{files.Count} uncommitted change{(files.Count == 1 ? "" : "s")} in {source} {(files.Count == 1 ? "is" : "are")} not part of the clone: {string.Join(", ", files.Take(10))}{(files.Count > 10 ? ", …" : "")}";
    }

    private static async Task<(string? Head, IReadOnlyList<string> Notes)> CopyAsync(string source, string path, CancellationToken cancel)
    {
        var left = await WorkspaceCopy.RunAsync(Path.GetFullPath(source), path, cancel).ConfigureAwait(false);
        var workspace = await GitWorkspace.CreateEmptyAsync(path, cancel).ConfigureAwait(false);
        var commit = await workspace.CommitAsync("Take the folder over as it is", cancel).ConfigureAwait(false);
        return (commit.Changed ? commit.Commit : null, 
        [
            $"{source} is not a git repository: it was copied, and the copy put under git.",
            .. left.Count == 0 ? [] : new[] { $"{left.Count} pipes, sockets or devices were left out: {string.Join(", ", left.Take(5))}{(left.Count > 5 ? ", …" : "")}" },
        ]);
    }

    private static string Absolute(string source) => GitSource.IsAddress(source) ? source : Path.GetFullPath(source);
}
