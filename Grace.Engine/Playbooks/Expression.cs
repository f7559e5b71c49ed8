using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Grace.Engine.Playbooks;

/// <summary>
/// <c>${a.b.0.c}</c> in a playbook: alone it is the value itself, inside text it is written out. Missing is null, never an
/// error. <see cref="Condition"/> compares them.
/// </summary>
public static partial class Expression
{
    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Path();

    public static JsonNode? Resolve(JsonNode? template, JsonObject scope) => template switch
    {
        JsonObject map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Resolve(p.Value, scope)))),
        JsonArray list => new JsonArray([.. list.Select(item => Resolve(item, scope))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Resolve(value.GetValue<string>(), scope),
        _ => template?.DeepClone(),
    };

    public static JsonNode? Resolve(string text, JsonObject scope) =>
        Path().Match(text) is { Success: true } whole && whole.Length == text.Length
            ? Find(whole.Groups[1].Value, scope)?.DeepClone()
            : JsonValue.Create(Path().Replace(text, found => Write(Find(found.Groups[1].Value, scope))));

    /// <summary>A condition that is left out holds.</summary>
    /// <exception cref="WrongCondition">It is none.</exception>
    public static bool Holds(string? condition, JsonObject scope) => condition is null || Condition.Parse(condition).Holds(scope);

    internal static bool IsTrue(JsonNode? value) => value switch
    {
        null => false,
        JsonObject map => map.Count > 0,
        JsonArray list => list.Count > 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.String => value.GetValue<string>() is not ("" or "false"),
            JsonValueKind.Number => value.ToJsonString() != "0",
            _ => false,
        },
    };

    static JsonNode? Find(string path, JsonObject scope)
    {
        JsonNode? here = scope;
        foreach (var part in path.Trim().Split('.'))
            here = here switch
            {
                JsonObject map => map[part],
                JsonArray list when int.TryParse(part, out var index) && index >= 0 && index < list.Count => list[index],
                _ => null,
            };
        return here;
    }

    internal static string Write(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
