using System.Text;

namespace Grace.Engine.Design;

/// <summary>A design as a document that people read and review.</summary>
public static class DesignMarkdown
{
    public static string Render(ServiceDesign design)
    {
        var page = new StringBuilder($"# {design.Name}\n\n{Escape(design.Summary)}\n");
        foreach (var resource in design.Resources) AddResource(page, resource);
        AddList(page, "Assumptions", design.Assumptions);
        AddList(page, "Asked for in the context", design.Constraints);
        AddList(page, "From research", design.Findings);
        page.Append("\n## Components\n\n```mermaid\n").Append(design.Diagram).Append("```\n");
        page.Append("\n## Acceptance criteria\n\n");
        foreach (var criterion in design.AcceptanceCriteria) page.Append($"- **{criterion.Id}** {Escape(criterion.Text)}\n");
        page.Append("\n## Database schema\n\n```sql\n").Append(design.DatabaseSchema).Append("```\n");
        return page.ToString();
    }

    private static void AddResource(StringBuilder page, ResourceDesign resource)
    {
        var route = "/" + resource.PluralRoute;
        page.Append($"\n## {resource.Name}\n\n");
        page.Append($"`POST {route}` · `GET {route}?limit&after` · `GET {route}/{{id}}` · `PUT {route}/{{id}}` · `DELETE {route}/{{id}}`\n\n");
        page.Append("| field | type | required | limit |\n|---|---|---|---|\n");
        foreach (var field in resource.Fields)
        {
            page.Append($"| `{field.Name}` | {TypeOf(field)} | {(field.Required ? "yes" : "no")} | {Limit(field)} |\n");
        }
    }

    private static string TypeOf(FieldDesign field) => field.Choices is { } choices
        ? string.Join(" or ", choices.Select(c => $"`{c}`"))
        : FieldKind.Of(field.Type).Spellings[0] + (field.IsArray ? "[]" : "");

    private static string Limit(FieldDesign field) => string.Join(", ", new[]
    {
        field.MaxItems is { } items ? $"{items} items" : null,
        field.MaxLength is { } length ? $"{length} characters" : null,
    }.OfType<string>());

    private static void AddList(StringBuilder page, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return;
        page.Append($"\n## {title}\n\n");
        foreach (var line in lines) page.Append($"- {Escape(line)}\n");
    }

    /// <summary>Text of others stays text: it neither becomes markup nor breaks the layout.</summary>
    private static string Escape(string text) => text.Replace("\\", "\\\\").Replace("<", "&lt;").Replace("[", "\\[").Replace("`", "\\`").Replace("*", "\\*");
}
