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

    /// <param name="catalog">The versions that a pnpm workspace keeps for its members, by catalog and name.</param>
    public static IEnumerable<Dependency> Dependencies(SourceFile file, JsonObject package, Func<string, string, string?> catalog) =>
        from section in Sections
        let entries = package[section.Section] as JsonObject
        where entries is not null
        from entry in entries
        let said = Text(entry.Value)
        select new Dependency("npm", entry.Key, said?.StartsWith("catalog:", StringComparison.Ordinal) == true ? catalog(said[8..], entry.Key) ?? said : said, section.Scope, file.Path);

    /// <summary>What composer.json requires; the platform itself (php, ext-*) is no package.</summary>
    public static IEnumerable<Dependency> Composer(SourceFile file, JsonObject package) =>
        from section in new[] { ("require", "runtime"), ("require-dev", "development") }
        let entries = package[section.Item1] as JsonObject
        where entries is not null
        from entry in entries
        where entry.Key.Contains('/')
        select new Dependency("composer", entry.Key, Text(entry.Value), section.Item2, file.Path);

    public static string? Script(JsonObject package, string name) => Text((package["scripts"] as JsonObject)?[name]);

    public static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
