using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Web.Api;

/// <summary>Reads a request's body as a JSON object whose fields are read strictly.</summary>
static class JsonBody
{
    public static async Task<Fields> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            var node = await JsonNode.ParseAsync(request.Body, new JsonNodeOptions(), new JsonDocumentOptions { MaxDepth = 64 }, cancel);
            // Materialised here: a key that stands twice is found now and not in the middle of the work.
            return node is JsonObject body && Materialise(body) >= 0 ? new(body) : throw new Malformed("The body must be a JSON object.");
        }
        catch (JsonException broken)
        {
            throw new Malformed($"The body is no JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.");
        }
        catch (ArgumentException)
        {
            throw new Malformed("The body is no JSON object with each key once.");
        }
        catch (InvalidOperationException)
        {
            throw new Malformed("The body has a key that holds half of a surrogate pair, which is no character.");
        }
    }

    /// <summary>The <c>reason</c> of a decision that may be made without one, and then also without a body.</summary>
    public static async Task<string?> ReasonAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength is 0 || (request.ContentLength is null && request.ContentType is null))
            return null;
        var body = await ReadAsync(request, cancel);
        var reason = body.Text("reason");
        body.End();
        return string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
    }

    static int Materialise(JsonNode? node) => node switch
    {
        JsonObject map => 1 + map.Sum(p => Materialise(p.Value)),
        JsonArray list => 1 + list.Sum(Materialise),
        _ => 1,
    };
}
