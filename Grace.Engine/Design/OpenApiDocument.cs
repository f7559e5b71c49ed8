using System.Text.Json.Nodes;

namespace Grace.Engine.Design;

/// <summary>The OpenAPI 3.1 document of a design's service.</summary>
internal static class OpenApiDocument
{
    private const string Problem = "problem-details";

    public static JsonObject Write(string service, string summary, IReadOnlyList<ResourceDesign> resources)
    {
        var paths = new JsonObject
        {
            ["/health"] = new JsonObject
            {
                ["get"] = Operation("getHealth", "Whether the service and its store work", null,
                    Answers(("200", "Healthy", "health"), ("503", "The store cannot be reached", Problem))),
            },
        };
        var schemas = new JsonObject { ["health"] = OpenApiSchemas.Health(), [Problem] = OpenApiSchemas.Problem() };
        foreach (var resource in resources)
        {
            paths["/" + resource.PluralRoute] = Collection(resource);
            paths[$"/{resource.PluralRoute}/{{id}}"] = One(resource);
            OpenApiSchemas.AddTo(schemas, resource);
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = service, ["version"] = "1.0.0", ["description"] = summary },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject Collection(ResourceDesign r)
    {
        var list = Operation($"list{Naming.Pascal(r.PluralRoute)}", "Lists in the order of creation", r.Name,
            Answers(("200", "One page", r.Name + ".Page"), ("422", "A parameter is wrong", Problem)));
        list["parameters"] = new JsonArray(
            Parameter("limit", "query", "How many at most", new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 100, ["default"] = 50 }),
            Parameter("after", "query", "The next value of the page before", new JsonObject { ["type"] = "integer", ["format"] = "int64", ["minimum"] = 0 }));

        var created = Answers([("201", "Stored", r.Name), .. BodyRefusals()]);
        created["201"]!["headers"] = new JsonObject
        {
            ["Location"] = new JsonObject { ["description"] = "Where it can be read", ["schema"] = new JsonObject { ["type"] = "string" } },
        };
        var create = Operation($"create{r.Name}", $"Stores {Naming.WithArticle(r.Name)}", r.Name, created);
        create["requestBody"] = Body(r);
        return new JsonObject { ["get"] = list, ["post"] = create };
    }

    private static JsonObject One(ResourceDesign r)
    {
        (string, string, string?) unknown = ("404", "No such id", Problem);
        var replace = Operation($"replace{r.Name}", "Replaces every field", r.Name, Answers([("200", "Replaced", r.Name), unknown, .. BodyRefusals()]));
        replace["requestBody"] = Body(r);
        return new JsonObject
        {
            ["parameters"] = new JsonArray(Parameter("id", "path", "Given by the service", new JsonObject { ["type"] = "string", ["format"] = "uuid" })),
            ["get"] = Operation($"get{r.Name}", $"Reads {Naming.WithArticle(r.Name)}", r.Name, Answers(("200", "Found", r.Name), unknown)),
            ["put"] = replace,
            ["delete"] = Operation($"delete{r.Name}", $"Deletes {Naming.WithArticle(r.Name)}", r.Name, Answers(("204", "Deleted", null), unknown)),
        };
    }

    private static IEnumerable<(string, string, string?)> BodyRefusals() =>
    [
        ("400", "The body is not one JSON object", Problem),
        ("413", "The body is larger than 1 MiB", Problem),
        ("415", "The body is not JSON by its content type", Problem),
        ("422", "Fields are missing or wrong; errors says which", Problem),
    ];

    private static JsonObject Operation(string id, string summary, string? tag, JsonObject answers)
    {
        var operation = new JsonObject { ["operationId"] = id, ["summary"] = summary, ["responses"] = answers };
        if (tag is not null) operation["tags"] = new JsonArray(tag);
        return operation;
    }

    private static JsonObject Answers(params IEnumerable<(string Status, string Text, string? Schema)> answers)
    {
        var all = new JsonObject();
        foreach (var (status, text, schema) in answers)
        {
            var answer = new JsonObject { ["description"] = text };
            var media = int.Parse(status) >= 400 ? "application/problem+json" : "application/json";
            if (schema is not null) answer["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = Reference(schema) } };
            all[status] = answer;
        }
        return all;
    }

    private static JsonObject Body(ResourceDesign r) => new()
    {
        ["required"] = true,
        ["content"] = new JsonObject
        {
            ["application/json"] = new JsonObject { ["schema"] = Reference(r.Name + ".Input"), ["example"] = r.Example.DeepClone() },
        },
    };

    private static JsonObject Parameter(string name, string place, string text, JsonObject schema)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["description"] = text, ["schema"] = schema };
        if (place == "path") parameter["required"] = true;
        return parameter;
    }

    private static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };
}
