using System.Diagnostics;
using System.Text;

namespace Grace.Engine.Postgres;

/// <summary>Runs one short program of PostgreSQL or of the system and gathers what it says.</summary>
internal static class Command
{
    public sealed record Result(int ExitCode, string Output)
    {
        public bool Ok => ExitCode == 0;
    }

    /// <summary>Exit code 127 when the program does not exist, as in a shell.</summary>
    /// <param name="argv">The program and its arguments.</param>
    /// <param name="killOnCancel">False leaves the program to finish by itself: a server must not die halfway through its start.</param>
    public static async Task<Result> RunAsync(IEnumerable<string> argv, CancellationToken cancel, bool killOnCancel = false)
    {
        using var process = new Process { StartInfo = Describe([.. argv]) };
        var output = new StringBuilder();
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new Result(127, e.Message);
        }

        process.StandardInput.Close();
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, output));
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException) when (killOnCancel)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        // A server that inherited the pipe (Windows) never closes it, so its end is not worth waiting for.
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), cancel));
        lock (output)
        {
            return new Result(process.ExitCode, output.ToString().Trim());
        }
    }

    public static string? FindOnPath(string program) => OnPath(program).FirstOrDefault();

    public static IEnumerable<string> OnPath(string program) =>
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        from suffix in OperatingSystem.IsWindows() ? new[] { ".exe", ".cmd" } : [""]
        let file = Path.Combine(folder, program + suffix)
        where File.Exists(file)
        select file;

    private static ProcessStartInfo Describe(string[] argv)
    {
        var start = new ProcessStartInfo(argv[0], argv.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The caller's folder may be closed to the user that the server runs as.
            WorkingDirectory = OperatingSystem.IsWindows() ? Environment.SystemDirectory : "/",
        };
        // PGDATA, PGPORT, PGOPTIONS… belong to the user's own servers, and messages are read, so they are in English.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal) || k.StartsWith("LC_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (to)
            {
                to.AppendLine(line);
            }
        }
    }
}
