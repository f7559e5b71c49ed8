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

        var result = await Git.TryAsync(Path.GetTempPath(), ProbeLimit, null, GitCredentials.Environment(data), cancel, "ls-remote", "--", Absolute(source), "HEAD").ConfigureAwait(false);
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

        foreach (var settings in parent.EnumerateFiles($"{Path.GetFileName(path)}.*{Part}.gitconfig"))
        {
            settings.Delete();
        }
    }

    private static async Task<(string? Head, IReadOnlyList<string> Notes)> CloneAsync(string source, string path, bool address, string? data, CancellationToken cancel)
    {
        var parent = Path.GetDirectoryName(path)!;
        var settings = path + ".gitconfig";
        // A local source may belong to another user; git listens to this only in a file of the user's own.
        await File.WriteAllTextAsync(settings, "[safe]\n\tdirectory = *\n", cancel).ConfigureAwait(false);
        try
        {
            string[] words = ["clone", "--quiet", "--template=", .. address ? new[] { "--depth=1" } : ["--no-hardlinks"], "--", Absolute(source), path];
            var environment = GitCredentials.Environment(data);
            environment["GIT_CONFIG_GLOBAL"] = settings;
            var result = await Git.TryAsync(parent, CloneLimit, null, environment, cancel, words).ConfigureAwait(false);
            if (!result.Succeeded)
            {
                throw new GitFailedException($"{GitSource.Redact(source)} cannot be cloned: {result.Reason}");
            }
        }
        finally
        {
            File.Delete(settings);
        }

        // The address may hold a password, and nothing in the workspace has to know where it came from.
        await Git.TryAsync(path, Git.Usual, null, null, cancel, "remote", "remove", "origin").ConfigureAwait(false);
        var workspace = await GitWorkspace.OpenAsync(path, cancel).ConfigureAwait(false);
        var head = await workspace.HeadAsync(cancel).ConfigureAwait(false);
        List<string> notes = [.. head is null ? new[] { "The repository has no commit yet." } : []];
        if (!address && await UncommittedAsync(source, cancel).ConfigureAwait(false) is { Length: > 0 } uncommitted)
        {
            notes.Add(uncommitted);
        }

        if (File.Exists(Path.Combine(path, ".gitmodules")))
        {
            notes.Add("The repository has submodules; they were not cloned.");
        }

        return (head, notes);
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
