using System.Text.Json.Nodes;

namespace Grace.Engine.Design;

/// <summary>The JSON Schemas of a design's resources, for the OpenAPI document.</summary>
internal static class OpenApiSchemas
{
    public static void AddTo(JsonObject schemas, ResourceDesign resource)
    {
        // A dot keeps these apart from any declared resource.
        schemas[resource.Name + ".Input"] = Object(resource.Fields.Where(f => f.Required).Select(f => f.Name), Properties(resource, forInput: true));

        var stored = Properties(resource, forInput: false);
        stored.Insert(0, "id", new JsonObject { ["type"] = "string", ["format"] = "uuid" });
        foreach (var time in (string[])["created_at", "updated_at"]) stored[time] = new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        schemas[resource.Name] = Object(stored.Select(p => p.Key), stored);

        schemas[resource.Name + ".Page"] = Object(["items", "next"], new JsonObject
        {
            ["items"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["$ref"] = "#/components/schemas/" + resource.Name } },
            ["next"] = new JsonObject { ["type"] = new JsonArray("integer", "null"), ["format"] = "int64", ["description"] = "Pass it as after; null on the last page" },
        });
    }

    public static JsonObject Health() => Object(["status"], new JsonObject { ["status"] = new JsonObject { ["type"] = "string" } });

    /// <summary>RFC 9457, with the errors by field.</summary>
    public static JsonObject Problem() => Object(["title", "status"], new JsonObject
    {
        ["type"] = new JsonObject { ["type"] = "string" },
        ["title"] = new JsonObject { ["type"] = "string" },
        ["status"] = new JsonObject { ["type"] = "integer" },
        ["detail"] = new JsonObject { ["type"] = "string" },
        ["errors"] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
        },
    });

    private static JsonObject Properties(ResourceDesign resource, bool forInput)
    {
        var properties = new JsonObject();
        foreach (var field in resource.Fields) properties[field.Name] = Field(field, forInput);
        return properties;
    }

    private static JsonObject Field(FieldDesign field, bool forInput)
    {
        var kind = FieldKind.Of(field.Type);
        var schema = new JsonObject { ["type"] = kind.JsonType };
        if (kind.JsonFormat is not null) schema["format"] = kind.JsonFormat;
        if (field.MaxLength is { } length) schema["maxLength"] = length;
        if (forInput && field.Type is (FieldType.String or FieldType.Text) && (field.Required || field.IsArray)) schema["pattern"] = "\\S";
        if (field.Choices is { } choices)
        {
            schema["enum"] = new JsonArray([.. choices.Select(c => (JsonNode)c)]);
            if (!field.Required) schema["enum"]!.AsArray().Add(null);
        }
        if (field.IsArray) schema = new JsonObject { ["type"] = "array", ["items"] = schema, ["maxItems"] = field.MaxItems };
        if (!field.Required) schema["type"] = new JsonArray(schema["type"]!.DeepClone(), "null");
        return schema;
    }

    private static JsonObject Object(IEnumerable<string> required, JsonObject properties) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
        ["properties"] = properties,
    };
}
