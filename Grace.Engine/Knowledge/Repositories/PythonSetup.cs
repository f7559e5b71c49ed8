using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What setup.cfg, setup.py, a Pipfile and a conda environment state.</summary>
internal static partial class PythonSetup
{
    private static readonly (string Key, string Scope)[] Listed = [("install_requires", "runtime"), ("setup_requires", "build"), ("tests_require", "test")];

    public static IEnumerable<Dependency> Dependencies(SourceFile file, IniFile ini)
    {
        foreach (var (key, scope) in Listed)
            foreach (var dependency in Lines(ini.Value("options", key), scope, file.Path)) yield return dependency;
        foreach (var extra in ini.Entries.Where(e => e.Section == "options.extras_require"))
            foreach (var dependency in Lines(extra.Value, "optional", file.Path)) yield return dependency;
    }

    /// <summary>A program is not run to be read: its lists count where nothing but texts stands in them.</summary>
    /// <param name="whole">Whether everything it hands to setup about requirements was such a list.</param>
    public static IReadOnlyList<Dependency> Literals(SourceFile file, string text, out bool whole)
    {
        var found = new List<Dependency>();
        whole = true;
        foreach (Match keyword in Keyword().Matches(text))
        {
            var scope = Listed.FirstOrDefault(l => l.Key == keyword.Groups["key"].Value).Scope;
            if (scope is null || Literal().Match(text, keyword.Index + keyword.Length) is not { Success: true } list) whole = false;
            else found.AddRange(list.Groups["text"].Captures.Select(c => PythonRequirements.One(c.Value, scope, file.Path)).OfType<Dependency>());
        }
        return found;
    }

    /// <summary>[packages] and [dev-packages] of a Pipfile; other categories are groups for development.</summary>
    public static IEnumerable<Dependency> Pipfile(SourceFile file, Toml document) =>
        from entry in document.Entries
        let table = entry.Table.Split('.')[0]
        where table is not ("" or "source[]" or "requires" or "scripts" or "pipenv")
        let name = entry.Table.Contains('.') ? entry.Table[(table.Length + 1)..].Trim('"', '\'') : entry.Key
        let version = entry.Table.Contains('.') ? (entry.Key == "version" ? Toml.Version(entry.Value) : null) : Toml.Version(entry.Value)
        where !entry.Table.Contains('.') || entry.Key == "version"
        select new Dependency("pypi", name, version, table == "packages" ? "runtime" : "development", file.Path);

    public static IEnumerable<Dependency> Conda(SourceFile file, JsonNode? environment)
    {
        foreach (var item in (environment as JsonObject)?["dependencies"] as JsonArray ?? [])
            if (item is JsonObject { Count: > 0 } pip)
                foreach (var requirement in pip["pip"] as JsonArray ?? [])
                {
                    if (NodePackage.Text(requirement) is { } line && PythonRequirements.One(line, "runtime", file.Path) is { } dependency) yield return dependency;
                }
            else if (NodePackage.Text(item) is { } text && CondaPackage().Match(text) is { Success: true } package && package.Groups["name"].Value != "python")
                yield return new("conda", package.Groups["name"].Value, package.Groups["version"].Value.Trim() is { Length: > 0 } version ? version : null, "runtime", file.Path);
    }

    private static IEnumerable<Dependency> Lines(string? value, string scope, string path) =>
        (value ?? "").Split('\n').Select(line => PythonRequirements.One(line, scope, path)).OfType<Dependency>();

    [GeneratedRegex(@"\b(?<key>install_requires|setup_requires|tests_require|extras_require)\s*=\s*(?!=)")]
    private static partial Regex Keyword();

    [GeneratedRegex(@"\G[\[(](?>\s*(?:#[^\n]*)?)(?>(?>(?:""(?<text>[^""\n\\]*)""|'(?<text>[^'\n\\]*)'))(?>(?:\s|#[^\n]*\n)*)(?:,(?>(?:\s|#[^\n]*\n)*))?)*[\])]")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^(?:[\w.-]+::)?(?<name>[A-Za-z0-9_][\w.-]*)\s*(?<version>[=<>!~ ].*)?$")]
    private static partial Regex CondaPackage();
}
