using System.Diagnostics;
using Grace.Engine.Postgres;

namespace Grace.Tests.Support;

/// <summary>A real process of its own that uses a data folder's server, to be told to leave or to be killed.</summary>
public sealed class SecondProcess : IAsyncDisposable
{
    private readonly Process process;

    private SecondProcess(Process process, string connectionString) => (this.process, ConnectionString) = (process, connectionString);

    /// <summary>What the other process was given.</summary>
    public string ConnectionString { get; }

    /// <summary>Returns when the other process uses the server.</summary>
    public static async Task<SecondProcess> StartAsync(string dataFolder, PostgresBinaries binaries)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(SecondProcess).Assembly.Location, dataFolder, binaries.Folder, binaries.Version])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        return new SecondProcess(process, line ?? throw new InvalidOperationException("The second process ended before it was ready; its error is above."));
    }

    public async Task LeaveAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }

    /// <summary>As <c>kill -9</c>: it cannot clean up after itself.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    /// <summary>The other process's side: use the server until the input ends.</summary>
    internal static async Task Main(string[] args)
    {
        // With the folder alone it looks for binaries like everybody else.
        var binaries = args.Length > 2 ? new PostgresBinaries(args[1], args[2]) : null;
        await using var postgres = await EmbeddedPostgres.StartAsync(args[0], Console.Error.WriteLine, binaries, [], CancellationToken.None);
        Console.WriteLine(postgres.ConnectionString);
        await Console.In.ReadToEndAsync();
    }
}
