using System.Text;

namespace Grace.Engine.Design;

/// <summary>The SQLite tables of a design. What the service validates, the database holds as CHECKs as well.</summary>
internal static class DatabaseSchema
{
    public static string Table(string resource) => Naming.Plural(resource).Replace('-', '_');

    public static string Write(IReadOnlyList<ResourceDesign> resources)
    {
        var sql = new StringBuilder();
        foreach (var resource in resources)
        {
            if (sql.Length > 0) sql.Append('\n');
            sql.Append($"CREATE TABLE IF NOT EXISTS \"{Table(resource.Name)}\" (\n");
            // The order of creation, for paging; a declared field never begins with an underscore.
            sql.Append("    \"_position\" INTEGER PRIMARY KEY AUTOINCREMENT,\n");
            sql.Append("    \"id\" TEXT NOT NULL UNIQUE,\n");
            foreach (var field in resource.Fields) sql.Append($"    {Column(field)},\n");
            sql.Append("    \"created_at\" TEXT NOT NULL,\n");
            sql.Append("    \"updated_at\" TEXT NOT NULL\n) STRICT;\n");
        }
        return sql.ToString();
    }

    private static string Column(FieldDesign field)
    {
        var name = $"\"{field.Name}\"";
        var type = field.IsArray ? "TEXT" : FieldKind.Of(field.Type).SqlType;
        var column = $"{name} {type}{(field.Required ? " NOT NULL" : "")}";
        return field switch
        {
            { IsArray: true } => $"{column} CHECK (json_type({name}) = 'array')",
            { Choices: { } choices } => $"{column} CHECK ({name} IN ({string.Join(", ", choices.Select(c => $"'{c}'"))}))",
            { Type: FieldType.Boolean } => $"{column} CHECK ({name} IN (0, 1))",
            { MaxLength: { } length } => $"{column} CHECK (length({name}) <= {length})",
            _ => column,
        };
    }
}
