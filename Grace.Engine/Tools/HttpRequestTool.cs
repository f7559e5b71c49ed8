using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Grace.Engine.Text;

namespace Grace.Engine.Tools;

/// <summary>One HTTP call to a host that the installation allows. Redirects are answers, not followed: they could lead anywhere.</summary>
public sealed class HttpRequestTool(ToolOptions options) : ITool
{
    const int MostRead = 256 * 1024;
    static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
    static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public string Name => "http_request";

    public string Description =>
        "Calls an HTTP address on a host that Grace:Tools:HttpHosts allows. Answers status, content type, body and, where the body is JSON, the JSON. A status other than expected is a failure.";

    public JsonObject InputSchema => JsonNode.Parse("""
        {
          "type": "object",
          "required": ["url"],
          "properties": {
            "url": { "type": "string" },
            "method": { "enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], "default": "GET" },
            "headers": { "type": "object", "additionalProperties": { "type": "string" } },
            "json": { "description": "Sent as application/json" },
            "expect_status": { "type": "array", "items": { "type": "integer" }, "description": "By default any from 200 to 299" }
          },
          "additionalProperties": false
        }
        """)!.AsObject();

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(1);

    public async Task<ToolResult> RunAsync(JsonObject input, ToolContext context, CancellationToken cancel)
    {
        if (!Uri.TryCreate(input.Text("url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
            return ToolResult.Failed($"url is '{input.Text("url")}'; it must be an http or https address without a name and password.");
        if (!options.HttpHosts.Any(host => host.Equals(url.Host, StringComparison.OrdinalIgnoreCase) || host.Equals(url.Authority, StringComparison.OrdinalIgnoreCase)))
            return ToolResult.Failed($"{url.Authority} may not be called; allowed {(options.HttpHosts.Length == 0 ? "is none" : $"are {string.Join(", ", options.HttpHosts)}")}. Add it to Grace:Tools:HttpHosts.");
        var method = input.Text("method") ?? "GET";
        if (!Methods.Contains(method))
            return ToolResult.Failed($"method is '{method}'; allowed are {string.Join(", ", Methods)}.");

        using var request = new HttpRequestMessage(new(method), url);
        if (input["json"] is { } json)
            request.Content = new StringContent(json.ToJsonString(), Encoding.UTF8, "application/json");
        foreach (var (name, value) in input["headers"] as JsonObject ?? [])
            if (!request.Headers.TryAddWithoutValidation(name, $"{value}"))
                return ToolResult.Failed($"The header '{name}' cannot be set.");
        context.Progress($"→ {method} {url.GetLeftPart(UriPartial.Path)}");
        try
        {
            using var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            var (body, cut) = await ReadAsync(answer, cancel);
            var status = (int)answer.StatusCode;
            var output = new JsonObject
            {
                ["status"] = status, ["content_type"] = answer.Content.Headers.ContentType?.MediaType, ["location"] = answer.Headers.Location?.ToString(),
                ["output"] = body, ["cut"] = cut, ["json"] = cut ? null : Json(body),
            };
            var expected = (input["expect_status"] as JsonArray)?.Select(s => s!.GetValue<int>()).ToList();
            return (expected?.Contains(status) ?? answer.IsSuccessStatusCode)
                ? ToolResult.Done(output, url.GetLeftPart(UriPartial.Path))
                : ToolResult.Failed($"{method} {url.GetLeftPart(UriPartial.Path)} answered {status}.", output, url.GetLeftPart(UriPartial.Path));
        }
        catch (HttpRequestException unreachable)
        {
            return ToolResult.Failed($"{url.Authority} cannot be reached: {unreachable.Message}");
        }
    }

    static async Task<(string Body, bool Cut)> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var buffer = new byte[MostRead + 1];
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return (Encoding.UTF8.GetString(buffer, 0, Math.Min(read, MostRead)), read > MostRead);
    }

    static JsonNode? Json(string body)
    {
        try
        {
            return ForeignJson.Read(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
