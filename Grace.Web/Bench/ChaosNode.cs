using System.Diagnostics;
using System.Net.Http.Headers;

namespace Grace.Web.Bench;

/// <summary>A serving node as a process of its own, to be killed, frozen and started again.</summary>
sealed class ChaosNode(string name, string data, string database, int limit, string key) : IAsyncDisposable
{
    static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    Process? process;

    public string Name => name;
    public string Data => data;
    public HttpClient? Http { get; private set; }
    public bool Frozen { get; private set; }
    public bool Ready => Http is not null && !Frozen && process is { HasExited: false };

    /// <summary>Starts it and waits until it says that it serves. What it prints goes to a file in its data folder.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(data);
        while (true)
        {
            process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(Program).Assembly.Location, "serve", "--urls", "http://127.0.0.1:0", "--data", data])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
                Environment =
                {
                    ["Grace__Access__ApiKey"] = key, ["Grace__Database"] = database, ["Grace__Orchestrator__MaxConcurrentPipelines"] = $"{limit}",
                },
            })!;
            _ = Keep(process.StandardError, "errors.log");
            if (await AddressAsync(process, cancel) is { } address)
            {
                Http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
                Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
                _ = Keep(process.StandardOutput, "output.log");
                return;
            }
            // It came up while the database was away, said so and ended: an operator's system would start it again.
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancel);
        }
    }

    static async Task<Uri?> AddressAsync(Process process, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(StartPatience);
        Uri? address = null;
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith("Dashboard: ", StringComparison.Ordinal))
                address = new(line["Dashboard: ".Length..]);
            else if (line.StartsWith("Login link: ", StringComparison.Ordinal))
                return address;
        return null;
    }

    async Task Keep(StreamReader from, string file)
    {
        await using var to = new StreamWriter(Path.Combine(data, file), append: true);
        while (await from.ReadLineAsync() is { } line)
            await to.WriteLineAsync(line);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        Http?.Dispose();
        Http = null;
        Frozen = false;
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP, or SIGCONT.</summary>
    public async Task FreezeAsync(bool frozen)
    {
        Frozen = frozen;
        using var kill = Process.Start("kill", [frozen ? "-STOP" : "-CONT", $"{process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
            await KillAsync();
        process?.Dispose();
        process = null;
    }
}
