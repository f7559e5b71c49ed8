using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What pyproject.toml states: PEP 621, dependency groups, and the tables of Poetry, PDM, uv and Hatch.</summary>
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
                ("dependency-groups" or "tool.pdm.dev-dependencies", _) => "development",
                ("tool.uv", "dev-dependencies") => "development",
                ("build-system", "requires") => "build",
                var (table, key) when key is "dependencies" or "extra-dependencies" && HatchEnvironment().IsMatch(table) => "development",
                _ => null,
            };
            if (listed is not null)
                foreach (var requirement in Toml.Strings(InlineTable().Replace(entry.Value, "")))
                    if (PythonRequirements.One(requirement, listed, file.Path) is { } dependency) yield return dependency;

            if (Poetry().Match(entry.Table) is not { Success: true } poetry) continue;
            var scope = poetry.Groups["dev"].Success || (poetry.Groups["group"].Success && poetry.Groups["group"].Value != "main") ? "development" : "runtime";
            // [tool.poetry.dependencies] has a line for each, [tool.poetry.dependencies.thing] is a table of its own.
            var (name, version) = poetry.Groups["own"] is { Success: true } own ? (own.Value.Trim('"', '\''), entry.Key == "version" ? Toml.Version(entry.Value) : null) : (entry.Key, Toml.Version(entry.Value));
            if (name != "python" && (!poetry.Groups["own"].Success || entry.Key == "version" || !HasVersion(document, entry.Table)))
                yield return new Dependency("pypi", name, version, scope, file.Path);
        }
    }

    private static bool HasVersion(Toml document, string table) => document.Entries.Any(e => e.Table == table && e.Key == "version");

    /// <summary>{include-group = "test"} in a list names a group, and no package.</summary>
    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex InlineTable();

    [GeneratedRegex(@"^tool\.hatch\.envs\.[^.]+$")]
    private static partial Regex HatchEnvironment();

    [GeneratedRegex(@"^tool\.poetry\.(?:(?<dev>dev-dependencies)|dependencies|group\.(?<group>[^.]+)\.dependencies)(?:\.(?<own>[^.]+))?$")]
    private static partial Regex Poetry();
}
