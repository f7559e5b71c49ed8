using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Grace.Tests.Support;

/// <summary>The real server as a process of its own, told from its own output when it is ready.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    public const string Key = "test-key-0123456789abcdef";

    readonly Process process;

    ServerProcess(Process process, string address, string loginLink, IReadOnlyList<string> said)
    {
        (this.process, Address, LoginLink, Said) = (process, address, loginLink, said);
        Http = new HttpClient { BaseAddress = new(address) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public string Address { get; }

    public string LoginLink { get; }

    /// <summary>The lines it printed until it was ready, the login link left out.</summary>
    public IReadOnlyList<string> Said { get; }

    public int Pid => process.Id;

    /// <summary>With the bearer key.</summary>
    public HttpClient Http { get; }

    /// <param name="connectionString">Null: PostgreSQL embedded in the data folder.</param>
    public static async Task<ServerProcess> StartAsync(
        string data, string? connectionString, string urls = "http://127.0.0.1:0", Dictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "serve", "--urls", urls, "--data", data])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["Grace__Access__ApiKey"] = Key, ["Grace__Database"] = connectionString ?? "" },
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string? address = null;
        List<string> said = [];
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            if (line.StartsWith("Dashboard: ", StringComparison.Ordinal))
                address = line["Dashboard: ".Length..];
            if (!line.StartsWith("Login link: ", StringComparison.Ordinal))
            {
                said.Add(line);
                continue;
            }
            _ = process.StandardOutput.ReadToEndAsync();
            return new(process, address!, line["Login link: ".Length..], said);
        }
        throw new InvalidOperationException($"The server ended with {process.ExitCode}: {await errors}");
    }

    public async Task<JsonObject> GetAsync(string path) => (await Http.GetFromJsonAsync<JsonObject>($"/api/agent-pipeline/{path}"))!;

    public Task<HttpResponseMessage> PostAsync(string path, JsonNode body) => Http.PostAsJsonAsync($"/api/agent-pipeline/{path}", body);

    public async Task<string> SubmitAsync(string task, params string[] phases)
    {
        var answer = await PostAsync("execute", new JsonObject { ["task"] = task, ["phases"] = new JsonArray([.. phases.Select(p => (JsonNode)p)]) });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["pipeline_id"]!.ToString();
    }

    /// <summary>Follows the live feed until an event of this type.</summary>
    public async Task<List<JsonObject>> FeedUntilAsync(string query, Func<JsonObject, bool> last)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var stream = new StreamReader(await Http.GetStreamAsync($"/api/agent-pipeline/events?{query}", patience.Token));
        List<JsonObject> events = [];
        while (await stream.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(JsonNode.Parse(line[6..])!.AsObject());
                if (last(events[^1]))
                    return events;
            }
        throw new InvalidOperationException("The feed ended.");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        Http.Dispose();
        process.Dispose();
    }
}
