using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Grace.Engine.Workspaces;

/// <summary>One call of git: what it printed, and whether it worked.</summary>
internal sealed record GitResult(int? ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Why it failed, in one line and without passwords that an address may hold.</summary>
    public string Reason => ExitCode is null ? "git did not answer in time"
        : GitSource.Redact((Error.Trim().Length > 0 ? Error : Output).Trim().ReplaceLineEndings(" · "));
}

/// <summary>What git said when it could not do what Grace needs.</summary>
public sealed class GitFailedException(string message) : Exception(message);

/// <summary>Runs git untouched by the settings of the user and the machine, without prompts and hooks, bounded in time.</summary>
internal static class Git
{
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(2);

    // A file system monitor, a hook or a signing key named by a configuration would be a program to run.
    private static readonly string[] Settings =
    [
        "safe.directory=*", "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.autocrlf=false", "core.quotePath=false", "commit.gpgSign=false",
        "user.name=Grace", "user.email=grace@localhost", "init.defaultBranch=main", "gc.auto=0", "advice.detachedHead=false", "protocol.ext.allow=never",
    ];

    public static async Task<string> RunAsync(string folder, CancellationToken cancel, params string[] words)
    {
        var result = await TryAsync(folder, Usual, null, null, cancel, words).ConfigureAwait(false);
        return result.Succeeded ? result.Output : throw new GitFailedException($"git {words[0]} failed in {folder}: {result.Reason}");
    }

    /// <param name="input">Written to its standard input; null: nothing.</param>
    /// <param name="environment">Added to the environment.</param>
    public static async Task<GitResult> TryAsync(
        string folder, TimeSpan limit, string? input, IReadOnlyDictionary<string, string>? environment, CancellationToken cancel, params string[] words)
    {
        var start = Start(folder, environment, words);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return new GitResult(127, "", "git is not installed on this machine: install the package git");
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bound.CancelAfter(limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(bound.Token);
            var error = process.StandardError.ReadToEndAsync(bound.Token);
            await FeedAsync(process, input, bound.Token).ConfigureAwait(false);
            var texts = await Task.WhenAll(output, error).ConfigureAwait(false);
            await process.WaitForExitAsync(bound.Token).ConfigureAwait(false);
            return new GitResult(process.ExitCode, texts[0], texts[1]);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            return new GitResult(null, "", "");
        }
    }

    /// <summary>
    /// The same for a command that reads another repository. It may belong to another user of this machine, and git's other end
    /// listens to what allows that only in a file of the user's own.
    /// </summary>
    public static async Task<GitResult> FromElsewhereAsync(string folder, TimeSpan limit, IReadOnlyDictionary<string, string> environment, CancellationToken cancel, params string[] words)
    {
        var settings = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(settings, "[safe]\n\tdirectory = *\n", cancel).ConfigureAwait(false);
            return await TryAsync(folder, limit, null, new Dictionary<string, string>(environment) { ["GIT_CONFIG_GLOBAL"] = settings }, cancel, words).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(settings);
        }
    }

    /// <summary>What git prints, byte for byte.</summary>
    public static async Task<byte[]> BytesAsync(string folder, string input, CancellationToken cancel, params string[] words)
    {
        using var process = Process.Start(Start(folder, null, words))!;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bound.CancelAfter(Usual);
        try
        {
            using var output = new MemoryStream();
            var copy = process.StandardOutput.BaseStream.CopyToAsync(output, bound.Token);
            var error = process.StandardError.ReadToEndAsync(bound.Token);
            await FeedAsync(process, input, bound.Token).ConfigureAwait(false);
            await Task.WhenAll(copy, error).ConfigureAwait(false);
            await process.WaitForExitAsync(bound.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? output.ToArray() : throw new GitFailedException($"git {words[0]} failed in {folder}: {(await error.ConfigureAwait(false)).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw new GitFailedException($"git {words[0]} did not answer in time in {folder}");
        }
    }

    private static ProcessStartInfo Start(string folder, IReadOnlyDictionary<string, string>? environment, string[] words)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8, StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (var word in Settings.SelectMany(setting => new[] { "-c", setting }).Concat(words))
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in EnvironmentOf(start.Environment).Concat(environment ?? new Dictionary<string, string>()))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task FeedAsync(Process process, string? input, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), cancel).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code and error tell why.
        }
    }

    private static Dictionary<string, string> EnvironmentOf(IDictionary<string, string?> inherited)
    {
        // A GIT_DIR of whoever started Grace would send every call to another repository.
        foreach (var name in inherited.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal) && !name.StartsWith("GIT_SSL", StringComparison.Ordinal)).ToList())
        {
            inherited.Remove(name);
        }

        foreach (var name in inherited.Keys.Where(name => name.StartsWith("Grace__", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            inherited.Remove(name);
        }

        return new Dictionary<string, string>
        {
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_ASKPASS"] = "true",
            ["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes -oConnectTimeout=15",
            ["GIT_ALLOW_PROTOCOL"] = "file:https:http:ssh:git",
            ["LC_ALL"] = "C.UTF-8",
        };
    }
}
