using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What a Cargo.toml states; what a member takes from its workspace is told with the version that stands there.</summary>
internal static partial class CargoPackage
{
    public static IEnumerable<Dependency> Dependencies(SourceFile file, Toml document, Func<string, string?> inWorkspace)
    {
        foreach (var group in Named(document, Section()))
        {
            var scope = group.Kind switch { "dev-" => "development", "build-" => "build", _ => "runtime" };
            yield return new Dependency("cargo", group.Package ?? group.Name, group.Version ?? (group.Inherits ? inWorkspace(group.Name) : null), scope, file.Path);
        }
    }

    /// <summary>[workspace.dependencies]: versions for members to take, and no dependencies by themselves.</summary>
    public static IReadOnlyDictionary<string, string> Shared(Toml document) =>
        Named(document, InWorkspace()).Where(d => d.Version is not null).DistinctBy(d => d.Name).ToDictionary(d => d.Name, d => d.Version!, StringComparer.Ordinal);

    private static IEnumerable<(string Name, string? Package, string? Version, bool Inherits, string Kind)> Named(Toml document, Regex section)
    {
        foreach (var group in document.Entries
            .Select(entry => (Entry: entry, Match: section.Match(entry.Table)))
            .Where(found => found.Match.Success)
            .GroupBy(found => (found.Entry.Table, Name: found.Match.Groups["name"] is { Success: true } own ? own.Value : found.Entry.Key)))
        {
            var (first, match) = group.First();
            string? Own(string key) => group.Where(found => found.Entry.Key == key).Select(found => found.Entry.Value).FirstOrDefault();
            // [dependencies.serde] has a table to itself; [dependencies] has a line for each.
            var (package, version, workspace) = match.Groups["name"].Success
                ? (Text(Own("package")), Text(Own("version")), Own("workspace"))
                : (Toml.Field(first.Value, "package"), Toml.Version(first.Value), Inherited().IsMatch(first.Value) ? "true" : null);
            yield return (group.Key.Name.Trim('"', '\''), package, version, workspace == "true", match.Groups["kind"].Value);
        }
    }

    private static string? Text(string? value) => value is null ? null : Toml.Strings(value).FirstOrDefault();

    [GeneratedRegex(@"^(?:target\..+\.)?(?<kind>dev-|build-)?dependencies(?:\.(?<name>[^.]+))?$")]
    private static partial Regex Section();

    [GeneratedRegex(@"^workspace\.(?<kind>)dependencies(?:\.(?<name>[^.]+))?$")]
    private static partial Regex InWorkspace();

    [GeneratedRegex(@"^\{.*\bworkspace\s*=\s*true\b", RegexOptions.Singleline)]
    private static partial Regex Inherited();
}
