using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Engine.Text;

/// <summary>JSON written so that equal values give equal texts: keys in order, numbers by value, nothing between.</summary>
public static class CanonicalJson
{
    public static string Of(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject map => $"{{{string.Join(',', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{JsonSerializer.Serialize(p.Key)}:{Of(p.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Of))}]",
        _ when node.GetValueKind() == JsonValueKind.Number => Number(node.ToJsonString()),
        _ when node.GetValueKind() == JsonValueKind.String => JsonSerializer.Serialize(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    /// <summary>1, 1.0 and 1e0 are one number; beyond what a decimal holds, a double tells them apart.</summary>
    static string Number(string digits) =>
        decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && (exact != 0 || double.Parse(digits, CultureInfo.InvariantCulture) == 0)
            ? (exact / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
            : double.Parse(digits, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
}
