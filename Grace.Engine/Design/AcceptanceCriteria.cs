using System.Text.Json.Nodes;

namespace Grace.Engine.Design;

/// <summary>What the finished service has to prove, one generated test each.</summary>
internal static class AcceptanceCriteria
{
    public static IReadOnlyList<AcceptanceCriterion> Write(IReadOnlyList<ResourceDesign> resources)
    {
        var all = new List<AcceptanceCriterion>
        {
            New("GET /health answers 200 while the store can be reached.", "health", 200),
            New("GET /openapi.json answers the OpenAPI document of this design.", "openapi", 200),
            New("An address that does not exist answers 404 as application/problem+json.", "unknown_route", 404),
        };
        foreach (var resource in resources)
        {
            all.AddRange(Life(resource));
            all.AddRange(Refusals(resource));
            all.AddRange(resource.Fields.SelectMany(f => FieldRefusals(resource, f)));
        }
        return [.. all.Select((c, n) => c with { Id = $"AC-{n + 1:00}" })];
    }

    private static IEnumerable<AcceptanceCriterion> Life(ResourceDesign r)
    {
        var one = Naming.WithArticle(r.Name);
        var route = "/" + r.PluralRoute;
        yield return New($"POST {route} stores {one} and answers 201 with its address and every field as sent.", "create", 201, r, body: r.Example);
        yield return New($"GET {route}/{{id}} answers {one} as it was stored.", "read", 200, r, body: r.Example);
        yield return New($"GET {route} lists in the order of creation, in pages of a bounded size.", "list", 200, r, body: r.Example);
        yield return New($"PUT {route}/{{id}} replaces the fields and keeps id and created_at.", "replace", 200, r, body: r.ChangedExample);
        yield return New($"DELETE {route}/{{id}} answers 204, and after that the id is unknown.", "delete", 204, r);
        yield return New($"Reading, replacing or deleting an unknown id under {route} answers 404.", "unknown_id", 404, r, body: r.Example);
        yield return New($"What {route} stored is still there after a restart of the service.", "survives_restart", 200, r, body: r.Example);
        if (r.Fields.Any(f => !f.Required))
        {
            var required = r.Fields.Where(f => f.Required).Select(f => f.Name).ToHashSet();
            var body = new JsonObject(r.Example.Where(p => required.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
            yield return New($"The optional fields of {one} may be left out and are then null.", "optional_fields", 201, r, body: body);
        }
    }

    private static IEnumerable<AcceptanceCriterion> Refusals(ResourceDesign r)
    {
        var route = "/" + r.PluralRoute;
        yield return New($"POST {route} refuses a body that is not JSON with 400.", "malformed_json", 400, r);
        yield return New($"POST {route} refuses a content type other than JSON with 415.", "wrong_content_type", 415, r);
        yield return New($"POST {route} refuses a body of more than 1 MiB with 413.", "too_large", 413, r);
        yield return New($"GET {route} refuses a limit or a position that cannot be with 422.", "invalid_paging", 422, r);
    }

    private static IEnumerable<AcceptanceCriterion> FieldRefusals(ResourceDesign r, FieldDesign field)
    {
        var one = Naming.WithArticle(r.Name);
        var textual = field is { IsArray: false, Type: FieldType.String or FieldType.Text };
        if (field.Required)
        {
            var without = (JsonObject)r.Example.DeepClone();
            without.Remove(field.Name);
            yield return New($"{Capital(one)} without {field.Name} is refused with 422, naming the field.", "missing_field", 422, r, field, without);
        }
        if (field.Required && textual)
            yield return New($"{Capital(one)} with a blank {field.Name} is refused with 422, naming the field.", "blank_field", 422, r, field, With(r, field, "  "));
        yield return New($"{Capital(one)} whose {field.Name} is not {Rule(field)} is refused with 422, naming the field.", "invalid_field", 422, r, field, With(r, field, FieldKind.WrongOf(field)));
        if (textual)
            yield return New($"{Capital(one)} whose {field.Name} is longer than {field.MaxLength} characters is refused with 422, naming the field.", "too_long_field", 422, r, field);
    }

    private static string Rule(FieldDesign field)
    {
        var rule = field.Choices is { } choices ? "one of " + string.Join(", ", choices) : FieldKind.Of(field.Type).Rule;
        return field.IsArray ? $"a list, each item being {rule}," : rule;
    }

    private static JsonObject With(ResourceDesign resource, FieldDesign field, JsonNode value)
    {
        var body = (JsonObject)resource.Example.DeepClone();
        body[field.Name] = value;
        return body;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static AcceptanceCriterion New(string text, string check, int status, ResourceDesign? resource = null, FieldDesign? field = null, JsonObject? body = null) =>
        new("", text, check, status, resource?.Name, field?.Name, (JsonObject?)body?.DeepClone());
}
