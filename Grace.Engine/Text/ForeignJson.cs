using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Engine.Text;

/// <summary>
/// JSON that nobody here wrote, read whole and at once, so that nothing of it throws where it is used: of a key that stands
/// twice the last counts, as everywhere, and texts are made storable.
/// </summary>
public static class ForeignJson
{
    /// <exception cref="JsonException">It is none, or is nested deeper than 64.</exception>
    public static JsonNode? Read(string json)
    {
        json = Storable.Text(json);
        using (JsonDocument.Parse(json))
        {
            // It is JSON, so its escapes can be looked at one by one.
        }
        using var document = JsonDocument.Parse(Storable.Json(json));
        return Build(document.RootElement);
    }

    static JsonNode? Build(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                JsonObject map = [];
                foreach (var property in element.EnumerateObject())
                    map[property.Name] = Build(property.Value);
                return map;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Build)]);
            default:
                return element.ValueKind == JsonValueKind.Null ? null : JsonValue.Create(element.Clone());
        }
    }
}
