using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What pyproject.toml (PEP 621, dependency groups, Poetry) and requirements files state.</summary>
internal static partial class PythonProject
{
    public static IEnumerable<Dependency> Dependencies(SourceFile file, Toml document)
    {
        foreach (var entry in document.Entries)
        {
            var listed = (entry.Table, entry.Key) switch
            {
                ("project", "dependencies") => "runtime",
                ("project.optional-dependencies", _) => "optional",
                ("dependency-groups", _) => "development",
                ("build-system", "requires") => "build",
                _ => null,
            };
            if (listed is not null)
                foreach (var requirement in Toml.Strings(InlineTable().Replace(entry.Value, "")))
                    if (Requirement(requirement, listed, file.Path) is { } dependency) yield return dependency;

            var keyed = entry.Table switch
            {
                "tool.poetry.dependencies" => "runtime",
                "tool.poetry.dev-dependencies" => "development",
                var table when PoetryGroup().IsMatch(table) => "development",
                _ => null,
            };
            if (keyed is not null && entry.Key != "python")
                yield return new Dependency("pypi", entry.Key, Toml.Version(entry.Value), keyed, file.Path);
        }
    }

    public static IEnumerable<Dependency> Requirements(SourceFile file, string text)
    {
        var scope = file.Name.Contains("dev", StringComparison.OrdinalIgnoreCase) ? "development"
            : file.Name.Contains("test", StringComparison.OrdinalIgnoreCase) ? "test" : "runtime";
        foreach (var line in text.Split('\n'))
            if (Requirement(line, scope, file.Path) is { } dependency) yield return dependency;
    }

    /// <summary>Options (-r, -e), comments and bare addresses are no requirements with a name.</summary>
    private static Dependency? Requirement(string line, string scope, string path)
    {
        if (line.Length > 500 || RequirementLine().Match(line) is not { Success: true } match) return null;
        var version = match.Groups[2].Value.Trim().Trim('(', ')').Trim();
        return new Dependency("pypi", match.Groups[1].Value, version.Length > 0 ? version : null, scope, path);
    }

    // The marker after ";" and hashes after " --" say when and how, not what.
    [GeneratedRegex(@"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*((?:@\s*\S+|\(?\s*[<>=!~][^;#]*?)?)\s*(?:\\|;.*|#.*|--.*)?$")]
    private static partial Regex RequirementLine();

    /// <summary>{include-group = "test"} in a list names a group, and no package.</summary>
    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex InlineTable();

    [GeneratedRegex(@"^tool\.poetry\.group\.[^.]+\.dependencies$")]
    private static partial Regex PoetryGroup();
}
