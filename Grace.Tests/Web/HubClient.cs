using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Tests.Web;

/// <summary>@microsoft/signalr in Node.js, driven over its standard input and output.</summary>
sealed class HubClient : IAsyncDisposable
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Web", "client");

    /// <summary>The packages of <c>client/package.json</c>, once a run.</summary>
    public static readonly Lazy<Task> Installed = new(async () =>
    {
        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"]) { WorkingDirectory = Folder, RedirectStandardOutput = true })!;
        _ = npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        npm.ExitCode.ShouldBe(0);
    });

    readonly Process node;
    readonly Queue<JsonObject> events = [];

    HubClient(Process node) => this.node = node;

    /// <summary>What the client said first: that it is connected, or why not.</summary>
    public JsonObject Hello { get; private set; } = [];

    public static async Task<HubClient> ConnectAsync(string address, string key)
    {
        await Installed.Value;
        var client = new HubClient(Process.Start(new ProcessStartInfo("node", ["watch.mjs", address, key])
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!);
        client.Hello = await client.ReadAsync();
        return client;
    }

    /// <summary>Invokes a hub method and returns its answer ({answer} or {failed}); events that come before it wait.</summary>
    public async Task<JsonObject> InvokeAsync(string method, params object?[] arguments)
    {
        await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize<object?[]>([method, .. arguments]));
        while (true)
            if (await ReadAsync() is var said && said["event"] is JsonObject e)
                events.Enqueue(e);
            else
                return said;
    }

    public async Task<JsonObject> NextEventAsync() => events.TryDequeue(out var waiting) ? waiting : (await ReadAsync())["event"]!.AsObject();

    public async Task<List<JsonObject>> EventsUntilAsync(Func<JsonObject, bool> last)
    {
        List<JsonObject> seen = [];
        do
            seen.Add(await NextEventAsync());
        while (!last(seen[^1]));
        return seen;
    }

    /// <summary>Waits until the server ended the connection.</summary>
    public async Task<bool> ClosedAsync()
    {
        while (true)
            if (await ReadAsync() is var said && said["event"] is null)
                return said["closed"] is not null;
    }

    async Task<JsonObject> ReadAsync() =>
        JsonNode.Parse(await node.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException("The client ended."))!.AsObject();

    public async ValueTask DisposeAsync()
    {
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        node.Dispose();
    }
}
