using System.Diagnostics;

namespace Grace.Tests.Run;

/// <summary>The command line as people call it, as a process of its own.</summary>
sealed record GraceCommand(int Exit, string Output, string Errors)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    public static async Task<GraceCommand> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            // Its children go with it, or they would work on beside every later test.
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{string.Join(' ', arguments)}' took longer than {Patience}. It said: {await output}{await errors}");
        }
        return new(process.ExitCode, await output, await errors);
    }
}
