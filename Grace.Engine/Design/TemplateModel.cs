using System.Text.Json.Nodes;

namespace Grace.Engine.Design;

/// <summary>
/// What templates see: the design as its own JSON, under the same names, and beside it the casings, the language's
/// columns and the counts that a template cannot work out by itself.
/// </summary>
internal static class TemplateModel
{
    public static Dictionary<string, object?> Of(ServiceDesign design, TemplateManifest manifest)
    {
        var service = Plain(design.ToJson(), keep: ["open_api", "example", "changed_example", "body"]);
        service["snake_name"] = Naming.Snake(design.Name);
        service["words"] = manifest.Words.ToDictionary(pair => pair.Key, object? (pair) => pair.Value);
        var criteria = Items(service, "acceptance_criteria");
        foreach (var criterion in criteria) criterion["title"] = $"{criterion["id"]}: {criterion["text"]}";

        HashSet<string> declared = [.. design.Resources.Select(r => Naming.Pascal(r.Name)), .. design.Resources.Select(r => Naming.Pascal(r.PluralRoute))];
        foreach (var (resource, model) in design.Resources.Zip(Items(service, "resources")))
        {
            AddNames(model, resource, manifest, declared);
            AddFields(model, resource, manifest);
            var own = criteria.Where(c => Equals(c["resource"], resource.Name)).ToList();
            foreach (var criterion in own) criterion["max_length"] = resource.Fields.FirstOrDefault(f => Equals(f.Name, criterion["field"]))?.MaxLength;
            model["criteria"] = own;
            model["service"] = service;
        }
        service["service_criteria"] = criteria.Where(c => c["resource"] is null).ToList();
        service["uses"] = Uses([.. design.Resources.SelectMany(r => r.Fields)], manifest);
        return service;
    }

    private static void AddNames(Dictionary<string, object?> model, ResourceDesign resource, TemplateManifest manifest, HashSet<string> declared)
    {
        var type = Naming.Pascal(resource.Name);
        var plural = Naming.Pascal(resource.PluralRoute);
        if (manifest.ReservedTypes.Contains(type) || manifest.ReservedTypes.Contains(plural))
        {
            do (type, plural) = (type + manifest.TypeSuffix, type + manifest.TypeSuffix + "s");
            while (declared.Contains(type) || declared.Contains(plural));
        }
        model["type_name"] = type;
        model["plural_type"] = plural;
        model["table"] = DatabaseSchema.Table(resource.Name);
        model["spoken"] = string.Join(' ', Naming.Words(resource.Name));
        model["spoken_plural"] = resource.PluralRoute.Replace('-', ' ');
    }

    private static void AddFields(Dictionary<string, object?> model, ResourceDesign resource, TemplateManifest manifest)
    {
        HashSet<string> reserved = [.. manifest.ReservedMembers, .. manifest.OwnTypes.Select(ending => model["type_name"] + ending)];
        HashSet<string> taken = [.. reserved, .. resource.Fields.Select(f => Naming.Pascal(f.Name))];
        foreach (var (place, (field, values)) in resource.Fields.Zip(Items(model, "fields")).Index())
        {
            var member = Naming.Pascal(field.Name);
            if (reserved.Contains(member))
            {
                do member += manifest.MemberSuffix;
                while (!taken.Add(member));
            }
            values["member"] = member;
            values["lang"] = manifest.Types[Spelled(field.Type)].ToDictionary(pair => pair.Key, object? (pair) => pair.Value);
            values["ordinal"] = place + 1;
            values["blank_allowed"] = field is { Required: false, IsArray: false };
            values["by_value"] = IsValue(field, manifest);
        }
        model["created_ordinal"] = resource.Fields.Count + 1;
        model["updated_ordinal"] = resource.Fields.Count + 2;
        model["position_ordinal"] = resource.Fields.Count + 3;
    }

    /// <summary>Which types and shapes occur, so that no template writes code that nothing calls.</summary>
    private static Dictionary<string, object?> Uses(IReadOnlyList<FieldDesign> fields, TemplateManifest manifest)
    {
        var uses = Enum.GetValues<FieldType>().ToDictionary(Spelled, object? (type) => fields.Any(f => f.Type == type));
        uses["array"] = fields.Any(f => f.IsArray);
        uses["textual"] = fields.Any(f => f.Type is FieldType.String or FieldType.Text);
        uses["any_text"] = fields.Any(f => FieldKind.Of(f.Type).JsonType == "string");
        uses["optional_value"] = fields.Any(f => !f.Required && IsValue(f, manifest));
        uses["optional_reference"] = fields.Any(f => !f.Required && !IsValue(f, manifest));
        return uses;
    }

    private static bool IsValue(FieldDesign field, TemplateManifest manifest) => !field.IsArray && manifest.Types[Spelled(field.Type)].GetValueOrDefault("value") == "true";

    private static string Spelled(FieldType type) => type.ToString().ToLowerInvariant();

    private static List<Dictionary<string, object?>> Items(Dictionary<string, object?> model, string key) =>
        [.. ((List<object?>)model[key]!).Cast<Dictionary<string, object?>>()];

    private static Dictionary<string, object?> Plain(JsonObject node, string[] keep) =>
        node.ToDictionary(pair => pair.Key, pair => keep.Contains(pair.Key) ? pair.Value : Plain(pair.Value, keep));

    private static object? Plain(JsonNode? node, string[] keep) => node switch
    {
        null => null,
        JsonObject inner => Plain(inner, keep),
        JsonArray items => items.Select(item => Plain(item, keep)).ToList(),
        JsonValue value => Scalar(value),
        _ => throw new InvalidOperationException($"A design holds no {node.GetType().Name}."),
    };

    private static object? Scalar(JsonValue value) =>
        value.TryGetValue<string>(out var text) ? text : value.TryGetValue<bool>(out var flag) ? flag : value.GetValue<int>();
}
