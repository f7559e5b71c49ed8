using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What a package.json states.</summary>
internal static class NodePackage
{
    private static readonly (string Section, string Scope)[] Sections =
    [
        ("dependencies", "runtime"), ("devDependencies", "development"), ("peerDependencies", "peer"), ("optionalDependencies", "optional"),
    ];

    public static IEnumerable<Dependency> Dependencies(SourceFile file, JsonObject package) =>
        from section in Sections
        let entries = package[section.Section] as JsonObject
        where entries is not null
        from entry in entries
        select new Dependency("npm", entry.Key, Text(entry.Value), section.Scope, file.Path);

    public static string? Script(JsonObject package, string name) => Text((package["scripts"] as JsonObject)?[name]);

    public static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
