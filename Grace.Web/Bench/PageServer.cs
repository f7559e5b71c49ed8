using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Grace.Web.Bench;

/// <summary>A server whose pages are measured: a process of its own, so that its memory is its own.</summary>
sealed class PageServer : IAsyncDisposable
{
    readonly Process process;

    PageServer(Process process, Uri address, string? key)
    {
        (this.process, Key) = (process, key);
        Http = new() { BaseAddress = address };
        if (key is not null)
            Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public HttpClient Http { get; }

    public string? Key { get; }

    /// <summary>In bytes, as the system counts it.</summary>
    public long Memory => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;

    /// <summary>Of all its threads, since it began.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<PageServer> StartAsync(string[] arguments, Dictionary<string, string> environment, string? key)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(Program).Assembly.Location, .. arguments]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) is { } line)
            if (line.StartsWith("Dashboard: ", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new(process, new(line["Dashboard: ".Length..]), key);
            }
        throw new InvalidOperationException($"The server to be measured ended with {process.ExitCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
