using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Engine.Text;

/// <summary>Lenient reading of tool input: playbooks pass on strings where a tool gave an object or a list.</summary>
internal static class JsonText
{
    public static string? Text(JsonNode? node) => node is JsonValue value
        ? value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>().Trim() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
            _ => null,
        }
        : null;

    public static double Number(JsonNode? node, double otherwise) =>
        Text(node) is { } text && double.TryParse(text, out var number) && double.IsFinite(number) ? number : otherwise;

    /// <summary>An object, also when it is written as JSON in a string.</summary>
    public static JsonObject? Object(JsonNode? node) => node as JsonObject ?? Parsed(node) as JsonObject;

    /// <summary>A list of texts: a JSON array (also written in a string), or text separated by commas or line ends.</summary>
    public static IReadOnlyList<string> List(JsonNode? node)
    {
        if ((node as JsonArray ?? Parsed(node) as JsonArray) is { } array) return [.. array.Select(Text).OfType<string>()];
        return Text(node)?.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    private static JsonNode? Parsed(JsonNode? node)
    {
        if (Text(node) is not { } text || text[0] is not ('{' or '[')) return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
