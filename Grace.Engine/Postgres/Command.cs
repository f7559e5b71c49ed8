using System.Diagnostics;

namespace Grace.Engine.Postgres;

/// <summary>A trusted set-up command that ended badly.</summary>
sealed class CommandFailed(string command, int exit, string output) : Exception($"{command} exited with {exit}: {output.Trim()}")
{
    public int Exit { get; } = exit;
}

/// <summary>Runs a trusted set-up command to its end.</summary>
static class Command
{
    /// <exception cref="CommandFailed">It exited with another code than 0.</exception>
    public static async Task<string> RunAsync(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        // A server that is started keeps these pipes open; the exit code does not wait for them.
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        var text = await Task.WhenAll(output, error).WaitAsync(TimeSpan.FromSeconds(1), cancel)
            .ContinueWith(t => t.IsCompletedSuccessfully ? string.Concat(t.Result) : "", TaskScheduler.Default);
        return process.ExitCode == 0 ? text : throw new CommandFailed(Path.GetFileName(file), process.ExitCode, text);
    }
}
