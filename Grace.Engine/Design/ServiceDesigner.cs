using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Engine.Design;

/// <summary>
/// Turns a task into a design by rule, without a model: the same task, context and findings give the same design.
/// </summary>
public static class ServiceDesigner
{
    private const int SummaryLength = 300;
    private const int LongestName = 60;

    /// <param name="context">
    /// The phase context. <c>service_name</c> names the service and <c>resources</c> replaces what the task declares,
    /// so that a Guardian's override can settle either; <c>acceptance_criteria</c> names those to keep to; everything else is
    /// kept as a constraint.
    /// </param>
    /// <exception cref="TaskRefusedException">The task, or an override of it, declares what cannot be built.</exception>
    public static ServiceDesign Derive(string task, JsonObject? context = null, IReadOnlyList<string>? findings = null)
    {
        var reading = TaskReader.Read(task);
        var assumptions = new List<string>();
        if (Resources(context) is { } declared)
        {
            reading = reading with { Resources = Declared(declared, assumptions) };
        }
        else
        {
            assumptions.AddRange(reading.Assumptions);
        }

        IReadOnlyList<ResourceDesign> resources = [.. reading.Resources.Select(r => Resource(r.Name, r.Fields))];
        assumptions.AddRange(Settled(resources));
        var name = ServiceName(Text(context, "service_name"), reading.ServiceWords);
        var summary = TaskReader.OneLine(task, SummaryLength);
        return new ServiceDesign(
            name,
            Naming.Pascal(name),
            summary,
            resources,
            assumptions,
            Constraints(context),
            [.. (findings ?? []).Select(f => TaskReader.OneLine(f, SummaryLength)).Where(f => f.Length > 0)],
            ChosenCriteria.Of(context, AcceptanceCriteria.Write(resources)),
            OpenApiDocument.Write(name, summary, resources),
            DatabaseSchema.Write(resources),
            ComponentDiagram.Write(name, resources));
    }

    /// <summary>What the context declares, as one text; null where it declares nothing.</summary>
    /// <exception cref="TaskRefusedException">It is neither a text nor a list of texts.</exception>
    internal static string? Resources(JsonObject? context) => context?["resources"] switch
    {
        null => null,
        JsonArray { Count: > 0 } list when list.All(item => item?.GetValueKind() == JsonValueKind.String) => string.Join('\n', list.Select(item => item!.GetValue<string>())),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>() is var text && string.IsNullOrWhiteSpace(text) ? null : text,
        var other => throw new TaskRefusedException("context.resources", Declaration.Shorten(other.ToJsonString()), "is no declaration", "a text or a list of texts such as \"Bookmark(title: string, url: uri)\""),
    };

    private static IReadOnlyList<(string, IReadOnlyList<FieldDesign>)> Declared(string text, List<string> assumptions)
    {
        if (Declaration.FindAll(text).Count == 0)
            throw new TaskRefusedException("context.resources", Declaration.Shorten(text), "declares no resource", "Name(field: type, …)");
        var reading = TaskReader.Read(text);
        assumptions.Add("The context's resources replace what the task declares.");
        assumptions.AddRange(reading.Assumptions);
        return reading.Resources;
    }

    private static ResourceDesign Resource(string name, IReadOnlyList<FieldDesign> fields) => new(
        name,
        Naming.Plural(name),
        fields,
        new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)FieldKind.SampleOf(f)))),
        new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)FieldKind.ChangedOf(f)))));

    private static IEnumerable<string> Settled(IReadOnlyList<ResourceDesign> resources)
    {
        var fields = resources.SelectMany(r => r.Fields).ToList();
        yield return "The service gives every record its id (a UUID), created_at and updated_at (UTC).";
        if (fields.Any(f => f.Type is FieldType.String or FieldType.Text))
            yield return "Text has a limit (string 500 characters, text 10,000, unless declared otherwise); a required one must not be blank.";
        if (fields.Any(f => f.IsArray)) yield return $"A list takes up to {FieldKind.MaxItems} items.";
        if (fields.Any(f => f.Type == FieldType.Uri)) yield return "A uri is an absolute http or https address.";
        if (fields.Any(f => f.Type == FieldType.Number)) yield return "A number is kept exactly, as a decimal of up to 28 digits.";
        if (fields.Any(f => f.Type == FieldType.Datetime)) yield return "A datetime needs its offset and is answered in UTC.";
        yield return "Fields that the service does not know are ignored. A malformed body is refused with 400, a wrong field with 422.";
        yield return "One process and one folder of data serve it; access control is left to what stands in front, and it listens on loopback unless told otherwise.";
    }

    /// <summary>"service" at the end keeps the name of the service apart from those of its resources.</summary>
    private static string ServiceName(string? wanted, IReadOnlyList<string> words)
    {
        if (wanted is not null && !NameRules.IsPlain(wanted.Replace('-', '_')))
            throw new TaskRefusedException("context.service_name", Declaration.Shorten(wanted), "is not a usable name", "words of letters and digits, joined by -, at most 60 characters");
        var parts = wanted is null ? [.. words] : Naming.Words(wanted).ToList();
        if (parts[^1] != "service") parts.Add("service");
        while (string.Join('-', parts).Length > LongestName) parts.RemoveAt(0);
        return string.Join('-', parts);
    }

    private static IReadOnlyList<string> Constraints(JsonObject? context) =>
        [.. (context ?? []).Where(p => p.Key != Pipelines.PlannedSubmission.Criteria).Select(p => TaskReader.OneLine($"{p.Key}: {p.Value}", SummaryLength))];

    private static string? Text(JsonObject? context, string key) =>
        context?[key] is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text) ? text : null;
}
