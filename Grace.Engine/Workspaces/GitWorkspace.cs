using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces;

/// <summary>One commit of a workspace.</summary>
/// <param name="Changed">False when there was nothing to commit; the rest then describes the commit that was there.</param>
/// <param name="DiffStat">As <c>git diff --stat</c> prints it.</param>
public sealed record WorkspaceCommit(string Commit, string Tree, bool Changed, string DiffStat, IReadOnlyList<ChangedFile> Files);

/// <summary>A file of a commit.</summary>
/// <param name="Change">A added, M modified, D deleted, T type changed.</param>
public sealed record ChangedFile(string Change, string Path);

/// <summary>A pipeline's own git repository. Only Grace runs git in it; commands in the sandbox see its <c>.git</c> read-only.</summary>
public sealed partial class GitWorkspace
{
    /// <summary>Where what is known of a commit's origin is kept beside it, outside every tree.</summary>
    public const string ProvenanceNotes = "refs/notes/grace-provenance";

    private const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    private GitWorkspace(string path) => Path = path;

    /// <summary>The work tree, an absolute path.</summary>
    public string Path { get; }

    public static bool Exists(string path) => Directory.Exists(System.IO.Path.Combine(path, ".git"));

    /// <summary>Removes the locks of a git that was killed. Only for whoever alone may work here.</summary>
    public static void Unlock(string path)
    {
        if (!Exists(path))
        {
            return;
        }

        foreach (var name in new[] { "index.lock", "HEAD.lock", "config.lock", "shallow.lock", "packed-refs.lock", "refs/heads/main.lock", $"{ProvenanceNotes}.lock" })
        {
            var file = System.IO.Path.Combine(path, ".git", name);
            if (File.Exists(file))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>A repository that is there. Refused when its configuration names programs that git would run.</summary>
    /// <exception cref="GitFailedException">Not a repository, or not one to trust.</exception>
    public static async Task<GitWorkspace> OpenAsync(string path, CancellationToken cancel)
    {
        if (!Exists(path))
        {
            throw new GitFailedException($"{path} is not a git repository of its own.");
        }

        var names = (await Git.RunAsync(path, cancel, "config", "--local", "--list", "--name-only", "--no-includes").ConfigureAwait(false)).Split('\n');
        return names.FirstOrDefault(name => Runs().IsMatch(name)) is { } name
            ? throw new GitFailedException($"The repository in {path} is not used: its configuration sets {name}, which makes git run programs.")
            : new GitWorkspace(System.IO.Path.GetFullPath(path));
    }

    /// <summary>A repository without a commit. The folder may exist and hold files; a repository that is there stays.</summary>
    public static async Task<GitWorkspace> CreateEmptyAsync(string path, CancellationToken cancel)
    {
        Directory.CreateDirectory(path);
        if (!Exists(path))
        {
            await Git.RunAsync(path, cancel, "init", "--quiet", "--template=").ConfigureAwait(false);
        }

        return await OpenAsync(path, cancel).ConfigureAwait(false);
    }

    /// <summary>Records everything in the work tree that is not ignored. Without a change nothing is recorded.</summary>
    /// <param name="author">"Name &lt;mail&gt;"; Grace itself by default.</param>
    public async Task<WorkspaceCommit> CommitAsync(string message, CancellationToken cancel, string? author = null)
    {
        await Git.RunAsync(Path, cancel, "add", "--all").ConfigureAwait(false);
        var head = await HeadAsync(cancel).ConfigureAwait(false);
        var tree = (await Git.RunAsync(Path, cancel, "write-tree").ConfigureAwait(false)).Trim();
        var changed = head is null ? tree != EmptyTree : tree != await TreeOfAsync(head, cancel).ConfigureAwait(false);
        if (changed)
        {
            string[] words = ["commit", "--quiet", "--no-verify", "--cleanup=strip", "--file=-", .. author is null ? [] : new[] { $"--author={author}" }];
            var result = await Git.TryAsync(Path, Git.Usual, message, null, cancel, words).ConfigureAwait(false);
            head = result.Succeeded ? await HeadAsync(cancel).ConfigureAwait(false) : throw new GitFailedException($"git commit failed: {result.Reason}");
        }

        if (head is null)
        {
            return new WorkspaceCommit("", tree, false, "", []);
        }

        var stat = await Git.RunAsync(Path, cancel, "show", "--stat", "--format=", "--no-ext-diff", "--no-textconv", head).ConfigureAwait(false);
        var names = await Git.RunAsync(Path, cancel, "diff-tree", "-r", "-z", "--root", "--no-commit-id", "--name-status", head).ConfigureAwait(false);
        return new WorkspaceCommit(head, tree, changed, stat.Trim(), Pairs(names));
    }

    /// <summary>The commit that is checked out; null before the first.</summary>
    public async Task<string?> HeadAsync(CancellationToken cancel)
    {
        var result = await Git.TryAsync(Path, Git.Usual, null, null, cancel, "rev-parse", "--verify", "--quiet", "HEAD").ConfigureAwait(false);
        return result.Succeeded ? result.Output.Trim() : null;
    }

    /// <summary>
    /// The hash of the work tree as it lies there, with files nobody added yet and without ignored ones: what a commit
    /// made now would hold. The repository's own index is not touched.
    /// </summary>
    public async Task<string> TreeHashAsync(CancellationToken cancel)
    {
        var index = System.IO.Path.Combine(Path, ".git", $"index-{Guid.NewGuid():n}");
        try
        {
            var own = System.IO.Path.Combine(Path, ".git", "index");
            if (File.Exists(own))
            {
                // Knows the times of the files, so that only changed ones are read.
                File.Copy(own, index);
            }

            var environment = new Dictionary<string, string> { ["GIT_INDEX_FILE"] = index };
            await MustAsync(environment, cancel, "add", "--all").ConfigureAwait(false);
            return (await MustAsync(environment, cancel, "write-tree").ConfigureAwait(false)).Trim();
        }
        finally
        {
            File.Delete(index);
        }
    }

    /// <summary>Keeps a text beside a commit, in the place of the one before. Commit and tree stay as they are.</summary>
    public async Task NoteAsync(string commit, string text, CancellationToken cancel)
    {
        var result = await Git.TryAsync(Path, Git.Usual, text, null, cancel, "notes", $"--ref={ProvenanceNotes}", "add", "--force", "--file=-", commit).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new GitFailedException($"git notes failed in {Path}: {result.Reason}");
        }
    }

    /// <summary>Null when there is none.</summary>
    public async Task<string?> ReadNoteAsync(string commit, CancellationToken cancel)
    {
        var result = await Git.TryAsync(Path, Git.Usual, null, null, cancel, "notes", $"--ref={ProvenanceNotes}", "show", commit).ConfigureAwait(false);
        return result.Succeeded ? result.Output.Trim() : null;
    }

    /// <summary>Files as a tree has them; nothing else is touched.</summary>
    public Task RestoreAsync(string tree, IReadOnlyList<string> files, CancellationToken cancel) =>
        Git.TryAsync(Path, Git.Usual, string.Concat(files.Select(file => file + "\0")), null, cancel, "--literal-pathspecs", "restore", "--source", tree, "--worktree", "--pathspec-from-file=-", "--pathspec-file-nul");

    /// <summary>Removes every ignored file.</summary>
    public Task CleanIgnoredAsync(CancellationToken cancel) => Git.RunAsync(Path, cancel, "clean", "--quiet", "-d", "-X", "--force");

    /// <summary>The changes between two commits or trees; <paramref name="from"/> null: from nothing.</summary>
    public Task<string> DiffAsync(string? from, string to, CancellationToken cancel) =>
        Git.RunAsync(Path, cancel, "diff", "--no-ext-diff", "--no-textconv", "--no-color", from ?? EmptyTree, to, "--");

    /// <summary>What differs between two commits or trees.</summary>
    public async Task<IReadOnlyList<ChangedFile>> ChangesAsync(string from, string to, CancellationToken cancel) =>
        Pairs(await Git.RunAsync(Path, cancel, "diff-tree", "-r", "-z", "--name-status", from, to).ConfigureAwait(false));

    /// <summary>The paths of a tree or commit, in order.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync(string tree, CancellationToken cancel) =>
        (await Git.RunAsync(Path, cancel, "ls-tree", "-r", "-z", "--name-only", tree).ConfigureAwait(false)).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Writes exactly the files of a tree into a folder, which must be empty or not there.</summary>
    public async Task ExportTreeAsync(string tree, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new GitFailedException($"{folder} is not empty, so an export would not be exactly the tree {tree}.");
        }

        var index = System.IO.Path.Combine(Path, ".git", $"index-{Guid.NewGuid():n}");
        try
        {
            // Not git archive: that leaves out and rewrites what the attributes say.
            var environment = new Dictionary<string, string> { ["GIT_INDEX_FILE"] = index };
            await MustAsync(environment, cancel, "read-tree", tree).ConfigureAwait(false);
            await MustAsync(environment, cancel, "checkout-index", "--all", $"--prefix={System.IO.Path.GetFullPath(folder)}/").ConfigureAwait(false);
        }
        finally
        {
            File.Delete(index);
        }
    }

    /// <summary>Adds patterns to what this repository ignores, without touching a file of the work tree.</summary>
    public void Ignore(IEnumerable<string> patterns)
    {
        var file = System.IO.Path.Combine(Path, ".git", "info", "exclude");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        var there = File.Exists(file) ? File.ReadAllLines(file) : [];
        File.AppendAllLines(file, patterns.Except(there));
    }

    private async Task<string> TreeOfAsync(string commit, CancellationToken cancel) =>
        (await Git.RunAsync(Path, cancel, "rev-parse", $"{commit}^{{tree}}").ConfigureAwait(false)).Trim();

    private async Task<string> MustAsync(Dictionary<string, string> environment, CancellationToken cancel, params string[] words)
    {
        var result = await Git.TryAsync(Path, Git.Usual, null, environment, cancel, words).ConfigureAwait(false);
        return result.Succeeded ? result.Output : throw new GitFailedException($"git {words[0]} failed in {Path}: {result.Reason}");
    }

    internal static IReadOnlyList<ChangedFile> Pairs(string output) =>
        [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Chunk(2).Where(pair => pair.Length == 2).Select(pair => new ChangedFile(pair[0], pair[1]))];

    [GeneratedRegex(@"^(filter\.|diff\.[^.]+\.(command|textconv)|merge\..+\.driver|core\.(fsmonitor|sshcommand|worktree|editor|pager|askpass|gitproxy|alternaterefscommand)|include|gpg\.|credential\.|alias\.|remote\..+\.(uploadpack|receivepack|vcs))", RegexOptions.IgnoreCase)]
    private static partial Regex Runs();
}
