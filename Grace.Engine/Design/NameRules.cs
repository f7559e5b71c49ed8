using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>
/// What names a design may use. Held when a task is read, and again when a design comes back from outside:
/// names become paths, identifiers and columns, so nothing unchecked may get there.
/// </summary>
internal static partial class NameRules
{
    public const string Choices = "two or more of letters, digits, - and _, as in open|done";

    private const string Plain = "a letter, then letters and digits, words joined by single _, at most 60 characters";
    private const int MostResources = 20;
    private const int MostFields = 60;
    private static readonly string[] SetByService = ["Id", "CreatedAt", "UpdatedAt"];

    public static bool IsSetByService(string field) => SetByService.Contains(Naming.Pascal(field), StringComparer.OrdinalIgnoreCase);

    public static bool IsPlain(string name) => Identifier().IsMatch(name);

    public static bool IsChoice(string choice) => ChoicePattern().IsMatch(choice);

    /// <exception cref="TaskRefusedException">A name is unusable or taken, or there are too many of them.</exception>
    public static void Check(ServiceDesign design)
    {
        if (!Route().IsMatch(design.Name)) throw new TaskRefusedException("service", Declaration.Shorten(design.Name), "is not a usable name", "kebab-case");
        if (!Identifier().IsMatch(design.PascalName)) throw new TaskRefusedException("service", Declaration.Shorten(design.PascalName), "is not a usable name", "PascalCase");
        foreach (var resource in design.Resources)
        {
            if (!Route().IsMatch(resource.PluralRoute)) throw new TaskRefusedException(resource.Name, Declaration.Shorten(resource.PluralRoute), "is not a usable route", "kebab-case");
        }
        if (design.Resources.CountBy(r => r.PluralRoute).FirstOrDefault(route => route.Value > 1).Key is { } twice)
            throw new TaskRefusedException("resources", "/" + twice, "is the route of more than one");
        Check([.. design.Resources.Select(r => (r.Name, r.Fields))]);
        foreach (var criterion in design.AcceptanceCriteria)
        {
            var resource = design.Resources.FirstOrDefault(r => r.Name == criterion.Resource);
            if (criterion.Resource is not null && resource is null) throw Dangling(criterion, criterion.Resource);
            if (criterion.Field is not null && resource?.Fields.Any(f => f.Name == criterion.Field) != true) throw Dangling(criterion, criterion.Field);
        }
    }

    public static void Check(IReadOnlyList<(string Name, IReadOnlyList<FieldDesign> Fields)> resources)
    {
        if (resources.Count is 0 or > MostResources)
            throw new TaskRefusedException("resources", resources.Count.ToString(), "is not a possible number of them", $"1 to {MostResources}");
        var routes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, fields) in resources)
        {
            CheckResource(name, fields);
            var route = Naming.Plural(name);
            if (!routes.TryAdd(route, name))
                throw new TaskRefusedException(name, "/" + route, $"is already the route of {routes[route]}; give each resource a name of its own");
        }
    }

    private static void CheckResource(string name, IReadOnlyList<FieldDesign> fields)
    {
        if (!Identifier().IsMatch(name)) throw new TaskRefusedException("resource", Declaration.Shorten(name), "is not a usable name", Plain);
        if (name.StartsWith("sqlite", StringComparison.OrdinalIgnoreCase))
            throw new TaskRefusedException("resource", name, "begins with 'sqlite', which the database keeps for itself");
        if (Naming.Plural(name) is "health" or "openapi")
            throw new TaskRefusedException("resource", name, "is a route that every service has already");
        if (fields.Count is 0 or > MostFields)
            throw new TaskRefusedException(name, fields.Count.ToString(), "is not a possible number of fields", $"1 to {MostFields}");

        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
        {
            if (!Identifier().IsMatch(field.Name)) throw new TaskRefusedException(name, Declaration.Shorten(field.Name), "is not a usable field name" + (TaskText.Foreign(field.Name) is { } why ? $": {why}" : ""), Plain);
            if (IsSetByService(field.Name)) throw new TaskRefusedException($"{name}.{field.Name}", field.Name, "is set by the service itself; leave it out");
            if (!taken.TryAdd(Naming.Pascal(field.Name), field.Name))
                throw new TaskRefusedException($"{name}.{field.Name}", field.Name, $"says the same as the field '{taken[Naming.Pascal(field.Name)]}'; keep one of them");
            if (field.Type == FieldType.Choice && (field.Choices is not { Count: >= 2 } || !field.Choices.All(IsChoice)))
                throw new TaskRefusedException($"{name}.{field.Name}", string.Join('|', field.Choices ?? []), "is no set of choices", Choices);
        }
    }

    private static TaskRefusedException Dangling(AcceptanceCriterion criterion, string value) =>
        new($"criterion {Declaration.Shorten(criterion.Id)}", Declaration.Shorten(value), "is not in the design");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,59}\\z")]
    private static partial Regex ChoicePattern();

    [GeneratedRegex("^(?=.{1,60}$)[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*\\z")]
    private static partial Regex Identifier();

    [GeneratedRegex("^(?=.{1,80}$)[a-z][a-z0-9]*(-[a-z0-9]+)*\\z")]
    private static partial Regex Route();
}
