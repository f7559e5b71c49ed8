using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Engine.Tools;

/// <summary>Reads the input of a tool that a model or a playbook wrote: a value of the wrong type counts as not given.</summary>
internal static class ToolInput
{
    public static string? Text(this JsonObject input, string name) =>
        input[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Trim().Length > 0 ? text : null;

    public static double? Number(this JsonObject input, string name) =>
        input[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) ? number : null;

    public static bool? Flag(this JsonObject input, string name) =>
        input[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>Null unless it is a list of nothing but texts.</summary>
    public static IReadOnlyList<string>? Texts(this JsonObject input, string name)
    {
        var texts = (input[name] as JsonArray)?.Select(one => one is JsonValue value && value.TryGetValue<string>(out var text) ? text : null).ToList();
        return texts is null || texts.Contains(null) ? null : [.. texts.OfType<string>()];
    }
}
