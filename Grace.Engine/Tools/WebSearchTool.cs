using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Text;

namespace Grace.Engine.Tools;

/// <summary>Section <c>Grace:Search</c>.</summary>
/// <param name="Provider"><c>none</c> (or empty) or <c>searxng</c>.</param>
/// <param name="Endpoint">Of SearXNG: the instance's address; it must offer its JSON format.</param>
public sealed record SearchOptions(string? Provider = null, Uri? Endpoint = null)
{
    public IEnumerable<string> Check()
    {
        if (Provider is not (null or "" or "none" or "searxng"))
            yield return $"Grace:Search:Provider is '{Provider}'; allowed are none, searxng.";
        if (this is { Provider: "searxng", Endpoint: null })
            yield return "Grace:Search:Endpoint is missing; it must be the address of the SearXNG instance.";
    }
}

/// <summary>Asks a configured search engine. Without one it fails and says what to configure, so that the research names the gap.</summary>
public sealed class WebSearchTool(SearchOptions options, HttpClient http) : ITool
{
    public const string NotConfigured =
        "Web search is not configured: set Grace:Search:Provider to \"searxng\" and Grace:Search:Endpoint to the address of your SearXNG instance.";

    private const int AnswerLimit = 2 * 1024 * 1024;

    public string Name => "web_search";

    public string Description => "Searches the web through the configured provider (Search:Provider) and returns titles, addresses and the engine's extracts.";

    public JsonObject InputSchema { get; } = JsonNode.Parse("""
        {
          "type": "object",
          "properties": {
            "query": { "type": "string" },
            "limit": { "type": "integer", "minimum": 1, "maximum": 20, "default": 5 }
          },
          "required": ["query"]
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (JsonText.Text(input["query"]) is not { } text) return ToolResult.Failed("web_search needs a query.");
        var query = CleanText.Line(text, 300);
        var (endpoint, problem) = Configured();
        context.Progress($"→ Web: \"{query}\"{(problem is null ? "" : " (not configured)")}");
        if (endpoint is null) return ToolResult.Failed(problem!);
        try
        {
            var limit = (int)Math.Clamp(JsonText.Number(input["limit"], 5), 1, 20);
            var address = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/search?format=json&q={Uri.EscapeDataString(query)}");
            return ToolResult.Done(await AskAsync(address, query, limit, cancel), endpoint.Host);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or IOException)
        {
            return ToolResult.Failed($"The search provider at {endpoint.Host} did not answer as expected: {e.Message}", null, endpoint.Host);
        }
    }

    private (Uri? Endpoint, string? Problem) Configured() => options.Provider?.Trim().ToLowerInvariant() switch
    {
        null or "" or "none" => (null, NotConfigured),
        "searxng" when options.Endpoint is { IsAbsoluteUri: true, Scheme: "http" or "https" } endpoint => (endpoint, null),
        "searxng" => (null, $"Grace:Search:Endpoint is \"{options.Endpoint}\"; it must be an absolute http or https address."),
        _ => (null, $"Grace:Search:Provider is \"{options.Provider}\"; allowed are none and searxng."),
    };

    private async Task<JsonNode> AskAsync(Uri address, string query, int limit, CancellationToken cancel)
    {
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancel);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(AnswerLimit, cancel);
        var answer = ForeignJson.Read(await response.Content.ReadAsStringAsync(cancel)) as JsonObject;
        var results = answer?["results"] as JsonArray ?? throw new JsonException("there is no list of results in the answer.");
        var findings = results.OfType<JsonObject>()
            .Select(result => (Title: JsonText.Text(result["title"]), Uri: JsonText.Text(result["url"]), Extract: JsonText.Text(result["content"])))
            .Where(result => result.Extract is not null && Uri.TryCreate(result.Uri, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            .Take(limit)
            .Select(result => (JsonNode)new JsonObject
            {
                ["quote"] = CleanText.Of(result.Extract!, 700),
                ["title"] = CleanText.Line(result.Title ?? result.Uri!, 200),
                ["uri"] = CleanText.Line(result.Uri!, 1000),
                ["content_hash"] = KnowledgeHash.Of(result.Extract!),
            });
        return new JsonObject { ["query"] = query, ["findings"] = new JsonArray([.. findings]) };
    }
}
