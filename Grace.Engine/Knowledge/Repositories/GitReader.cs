using System.Diagnostics;
using System.Text;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <param name="IsShallow">Only the newest commits are here.</param>
internal sealed record GitHead(string? Remote, string? Branch, string? Commit, IReadOnlyList<CommitLine> History, bool IsShallow);

/// <summary>
/// Reads a git work tree. Its configuration was written by a stranger, so everything in it that could start a program or reach the
/// network is switched off, and a folder inside another work tree is not mistaken for that one.
/// </summary>
internal sealed class GitReader(string root)
{
    private const int HistoryLength = 10;
    private const int OutputLimit = 16 * 1024 * 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private static readonly string[] Tame =
    [
        "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never",
        "-c", "core.quotePath=false", "-c", "log.showSignature=false", "-c", "core.untrackedCache=false",
    ];

    public async Task<GitHead> HeadAsync(CancellationToken cancel)
    {
        var commit = Line(await RunAsync(cancel, "rev-parse", "--verify", "--quiet", "HEAD"));
        var remote = Line(await RunAsync(cancel, "config", "--local", "--get", "remote.origin.url"));
        var branch = Line(await RunAsync(cancel, "symbolic-ref", "--quiet", "--short", "HEAD"));
        var log = commit is null ? null : await RunAsync(
            cancel, "log", "-n", $"{HistoryLength}", "--no-show-signature", "--no-color", "--format=%H%x1f%aI%x1f%an%x1f%s%x1e", "HEAD");
        return new GitHead(remote is null ? null : RemoteAddress.WithoutCredentials(remote), branch, commit, History(log), Line(await RunAsync(cancel, "rev-parse", "--is-shallow-repository")) == "true");
    }

    /// <summary>Tracked files and new ones that are not ignored; null when this is no git work tree.</summary>
    public async Task<(IReadOnlyList<string> Paths, bool Whole)?> FilesAsync(CancellationToken cancel)
    {
        var (output, whole) = await ReadAsync(cancel, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        if (output is null) return null;
        var paths = output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
        if (!whole && paths.Count > 0) paths.RemoveAt(paths.Count - 1);
        return (paths, whole);
    }

    internal static List<CommitLine> History(string? log) =>
        [.. (log ?? "").Split('\u001e', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Trim('\n').Split('\u001f'))
            .Where(parts => parts.Length == 4)
            .Select(parts => new CommitLine(parts[0], parts[1], CleanText.Line(parts[3], 200), CleanText.Line(parts[2], 100)))];

    private static string? Line(string? output) => output?.Trim() is { Length: > 0 } line ? line : null;

    private async Task<string?> RunAsync(CancellationToken cancel, params string[] arguments) =>
        (await ReadAsync(cancel, arguments)).Output;

    private async Task<(string? Output, bool Whole)> ReadAsync(CancellationToken cancel, params string[] arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeLimit);
        using var git = Run(Start(arguments));
        if (git is null) return (null, false);
        try
        {
            var complaints = git.StandardError.ReadToEndAsync(limit.Token);
            var output = new StringBuilder();
            var buffer = new char[64 * 1024];
            int read;
            while (output.Length < OutputLimit && (read = await git.StandardOutput.ReadAsync(buffer, limit.Token)) > 0)
                output.Append(buffer, 0, read);
            if (output.Length >= OutputLimit) return (output.ToString(), false);
            await complaints;
            await git.WaitForExitAsync(limit.Token);
            return git.ExitCode == 0 ? (output.ToString(), true) : (null, true);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, false);
        }
        finally
        {
            if (!git.HasExited) git.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Null where git is not installed: then the folder is read without it.</summary>
    private static Process? Run(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private ProcessStartInfo Start(string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // The owner of a mounted or cloned folder is often another user; nothing here executes what the folder says.
        foreach (var argument in Tame.Concat(["-c", $"safe.directory={root}"]).Concat(arguments)) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(root) ?? root;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }
}
