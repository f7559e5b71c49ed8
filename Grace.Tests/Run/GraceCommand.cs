using System.Diagnostics;

namespace Grace.Tests.Run;

/// <summary>The command line as people call it, as a process of its own.</summary>
sealed record GraceCommand(int Exit, string Output, string Errors)
{
    public static async Task<GraceCommand> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return new(process.ExitCode, await output, await errors);
    }
}
