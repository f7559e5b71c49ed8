using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Web.Components.Parts.Artifacts;

/// <summary>Reads JSON that a playbook wrote, which can be anything: what is not there, or of another kind, is null or empty.</summary>
static class Loose
{
    public static JsonNode? At(this JsonNode? node, string name) => (node as JsonObject)?[name];

    /// <summary>Null for an empty text as well.</summary>
    public static string? Text(this JsonNode? node) => node switch
    {
        JsonValue value when value.ToString() is { Length: > 0 } text => text,
        _ => null,
    };

    public static double? Number(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) ? number
        : node is JsonValue whole && whole.TryGetValue<int>(out var integer) ? integer : null;

    public static bool IsTrue(this JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static IReadOnlyList<JsonObject> Objects(this JsonNode? node) => [.. (node as JsonArray ?? []).OfType<JsonObject>()];

    public static IReadOnlyList<string> Texts(this JsonNode? node) => [.. (node as JsonArray ?? []).Select(Text).OfType<string>()];

    /// <summary>The address when a browser may follow it: http and https alone.</summary>
    public static string? Link(this JsonNode? node) =>
        node.Text() is { } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.AbsoluteUri : null;
}
