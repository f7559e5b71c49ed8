using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>Every place that says under which license a project may be used; where they differ, all are told.</summary>
internal static partial class Licenses
{
    private const int MostFiles = 10;
    private const int MostHeaders = 5;

    /// <summary>License files first, then manifests, then the marks in sources.</summary>
    public static IReadOnlyList<LicenseFound> Of(SourceTree tree, Manifests manifests)
    {
        var files = tree.Files.Where(IsLicense).ToList();
        tree.Leave("license files", [.. files.Skip(MostFiles).Select(f => f.Path)], $"At most {MostFiles} are read.");
        List<LicenseFound> found = [.. files.Take(MostFiles).Select(file => new LicenseFound(file.Path, InFile(file, tree.Text(file, "license files") ?? "")))];
        found.AddRange(InManifests(manifests).DistinctBy(l => l.Spdx).Take(MostFiles));
        return [.. found, .. tree.Headers.GroupBy(h => h.Spdx, StringComparer.Ordinal).OrderByDescending(g => g.Count()).Take(MostHeaders)
            .Where(g => found.All(l => l.Spdx != g.Key)).Select(g => new LicenseFound(g.First().Path, g.Key))];
    }

    private static string? InFile(SourceFile file, string text)
    {
        var (said, known) = (LicenseText.Identifier(text), LicenseText.Name(text));
        // LICENSES/MIT.txt is named by what it holds.
        return said is null || said == known ? known : known is null ? said : $"{said}, but its text is {known}";
    }

    private static IEnumerable<LicenseFound> InManifests(Manifests manifests)
    {
        foreach (var (file, package) in manifests.Node.Concat(manifests.Composer).Where(m => m.File.Depth == 0))
            if ((Declared(package["license"]) ?? Declared(package["licenses"])) is { } said) yield return Found(file, said);
        foreach (var (file, document) in manifests.Cargo.Where(m => m.File.Depth == 0))
            if ((document.Text("package", "license") ?? document.Text("workspace.package", "license")) is { } said) yield return Found(file, said);
        foreach (var (file, document) in manifests.Python.Where(m => m.File.Depth == 0))
            if (InPyproject(document) is { } said) yield return Found(file, said);
        foreach (var (file, ini) in manifests.SetupCfg.Where(m => m.File.Depth == 0))
            if (ini.Value("metadata", "license") is { } said) yield return Found(file, said);
        foreach (var (file, project) in manifests.Dotnet.Where(m => m.Project.License is not null))
            yield return Found(file, project.License!);
    }

    private static LicenseFound Found(SourceFile file, string said) => new(file.Path, CleanText.Line(said, 100));

    private static string? Declared(JsonNode? node) => node switch
    {
        JsonObject old => NodePackage.Text(old["type"]),
        JsonArray several => several.Select(Declared).OfType<string>().ToList() is { Count: > 0 } names ? string.Join(" OR ", names) : null,
        _ => NodePackage.Text(node),
    };

    private static string? InPyproject(Toml document)
    {
        var value = document.Entries.FirstOrDefault(e => e.Table == "project" && e.Key == "license")?.Value;
        if (value?.StartsWith('{') == true)
            return Toml.Field(value, "text") is { Length: <= 100 } text ? text : null;
        return (value is null ? null : Toml.Strings(value).FirstOrDefault()) ?? document.Text("project.license", "text") ?? document.Text("tool.poetry", "license");
    }

    private static bool IsLicense(SourceFile file) =>
        (file.Depth == 0 && LicenseName().IsMatch(file.Name)) || (file.Folder is "LICENSES" or "licenses" && file.Name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^(?:(?:mit|apache|bsd|gpl|lgpl)[-_.])?(?:licen[cs]e|copying|copyright|unlicense)(?:[-_.](?!(?:cs|js|ts|py|go|rs|java|json|ya?ml|sh|spec|svg|png)$).*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex LicenseName();
}
