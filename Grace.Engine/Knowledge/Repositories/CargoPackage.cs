using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What a Cargo.toml states.</summary>
internal static partial class CargoPackage
{
    public static IEnumerable<Dependency> Dependencies(SourceFile file, Toml document)
    {
        foreach (var group in document.Entries
            .Select(entry => (Entry: entry, Match: Section().Match(entry.Table)))
            .Where(found => found.Match.Success)
            .GroupBy(found => (found.Entry.Table, Name: found.Match.Groups["name"] is { Success: true } own ? own.Value : found.Entry.Key)))
        {
            var (first, match) = group.First();
            var scope = match.Groups["kind"].Value switch { "dev-" => "development", "build-" => "build", _ => "runtime" };
            // [dependencies.serde] has a table to itself; [dependencies] has a line for each.
            var version = match.Groups["name"].Success
                ? group.Where(found => found.Entry.Key == "version").Select(found => Toml.Strings(found.Entry.Value).FirstOrDefault()).FirstOrDefault()
                : Toml.Version(first.Value);
            yield return new Dependency("cargo", group.Key.Name.Trim('"'), version, scope, file.Path);
        }
    }

    [GeneratedRegex(@"^(?:workspace\.|target\..+\.)?(?<kind>dev-|build-)?dependencies(?:\.(?<name>[^.]+))?$")]
    private static partial Regex Section();
}
