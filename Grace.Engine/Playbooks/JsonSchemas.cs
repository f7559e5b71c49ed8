using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Grace.Engine.Playbooks;

/// <summary>JSON Schema, as playbooks and tools use it for what they take and give.</summary>
public static class JsonSchemas
{
    /// <summary>Schemas are few and long-lived; reading one costs more than a check.</summary>
    static readonly ConcurrentDictionary<string, JsonSchema> Read = new();

    public static string? WhyNoSchema(JsonObject schema)
    {
        try
        {
            Of(schema);
            return null;
        }
        catch (Exception broken) when (broken is Newtonsoft.Json.JsonException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            return broken.Message;
        }
    }

    /// <summary>What does not fit, a sentence each; a null in the value counts as left out.</summary>
    public static IEnumerable<string> WhyNotFit(JsonObject schema, JsonNode? value) =>
        schema.Count == 0 ? [] : Of(schema).Validate(WithoutNulls(value)?.ToJsonString() ?? "null").SelectMany(Say);

    /// <summary>References are looked at before the library sees them: it would fetch them from wherever they lead.</summary>
    static JsonSchema Of(JsonObject schema) => Read.GetOrAdd(schema.ToJsonString(), text =>
        Elsewhere(schema) is { } place ? throw new InvalidOperationException($"it refers to '{place}'; references may only lead within it, such as #/definitions/name")
        : JsonSchema.FromJsonAsync(text).GetAwaiter().GetResult());

    static string? Elsewhere(JsonNode? node) => node switch
    {
        JsonObject map => map.Where(p => p.Key is "$ref" or "$dynamicRef" or "$recursiveRef" && p.Value is JsonValue).Select(p => p.Value!.ToString()).FirstOrDefault(to => !to.StartsWith('#'))
            ?? map.Select(p => Elsewhere(p.Value)).FirstOrDefault(found => found is not null),
        JsonArray list => list.Select(Elsewhere).FirstOrDefault(found => found is not null),
        _ => null,
    };

    static IEnumerable<string> Say(ValidationError error) => error is ChildSchemaValidationError { Errors.Count: > 0 } child
        ? child.Errors.Values.SelectMany(e => e).SelectMany(Say).DefaultIfEmpty(Sentence(error)).Take(3)
        : [Sentence(error)];

    static string Sentence(ValidationError error)
    {
        var where = error.Path?.TrimStart('#', '/') is { Length: > 0 } path ? path : "it";
        return error.Kind switch
        {
            ValidationErrorKind.PropertyRequired => $"'{error.Property}' is missing",
            ValidationErrorKind.NoAdditionalPropertiesAllowed => $"'{error.Property}' is not known",
            ValidationErrorKind.NotInEnumeration => $"{where} is none of {string.Join(", ", error.Schema.Enumeration)}",
            _ => $"{where}: {error.Kind}",
        };
    }

    static JsonNode? WithoutNulls(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, WithoutNulls(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(WithoutNulls)]),
        _ => value?.DeepClone(),
    };
}
