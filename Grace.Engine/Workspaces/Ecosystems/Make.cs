using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Make: the target "test" or "check", or else those named after tests. Whatever they call has to print counts.</summary>
internal static partial class Make
{
    private const int Most = 4;

    public static TestPlan Plan(Site site)
    {
        var targets = Targets(site);
        if (Usual(targets) is { } target)
        {
            return new TestPlan([Command(site, "test", target)], []);
        }

        var named = targets.Keys.Where(name => Named().IsMatch(name)).Take(Most).ToList();
        return new TestPlan([.. named.SelectMany(name => Built(site, name, targets[name]))], []);
    }

    /// <summary>Beside other tests: a target that does not look as if it called them.</summary>
    public static TestPlan Beside(Site site)
    {
        var targets = Targets(site);
        return Usual(targets) is { } target && targets[target].Trim().Length > 0 && !Calls().IsMatch(targets[target]) ? new TestPlan([Command(site, "test", target)], []) : TestPlan.Nothing;
    }

    /// <summary>Whether a program or a target is named after tests.</summary>
    public static bool IsTest(string name) => Named().IsMatch(name);

    private static string? Usual(Dictionary<string, string> targets) => new[] { "test", "check", "tests" }.FirstOrDefault(targets.ContainsKey);

    /// <summary>A target that only builds the program that tests is followed by that program.</summary>
    private static IEnumerable<PlannedCommand> Built(Site site, string name, string recipe)
    {
        if (recipe.Contains("./", StringComparison.Ordinal) && Regex.IsMatch(recipe, $@"^\s*@?(?:\S+=\S+ )*(?:\./(?:\$@|{Regex.Escape(name)})|sh |valgrind )", RegexOptions.Multiline))
        {
            return [Command(site, "test", name)];
        }

        return !Regex.IsMatch(recipe, @"\$\(?CC\)?|\$\(?CXX\)?|cc |gcc |clang |-o ") ? [Command(site, "test", name)]
            : [Command(site, "build", name) with { Part = $"{site.Folder} {name}" }, Command(site, "test", name) with { Argv = [Path.Combine(site.Folder, name)], Shown = $"./{name}", Part = $"{site.Folder} {name}" }];
    }

    private static PlannedCommand Command(Site site, string kind, string target) =>
        new(kind, "make", site.Folder, "make", target) { Network = SandboxNetwork.Full, Install = "make" };

    private static Dictionary<string, string> Targets(Site site)
    {
        var file = new[] { "GNUmakefile", "makefile", "Makefile" }.FirstOrDefault(name => site.Has(name));
        return file is null ? [] : Target().Matches(site.Text(file).ReplaceLineEndings("\n")).SelectMany(match => match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => (Name: name, Recipe: match.Groups[2].Value)))
            .GroupBy(one => one.Name).ToDictionary(same => same.Key, same => string.Concat(same.Select(one => one.Recipe)));
    }

    [GeneratedRegex(@"^([A-Za-z][\w. -]*?)\s*::?(?!=)(?:[^\n]*\n)((?:\t[^\n]*\n?|[ ]*\n(?=\t))*)", RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex(@"^(?:(?:unit|self|run|all|c)?[-_]?(?:tests?|checks?)|smoke\w*|\w+[-_]tests?|tests?[-_]\w+|runtests?)$", RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    /// <summary>Other runners, or a name that may stand for one.</summary>
    [GeneratedRegex(@"\$[({](?!CC|CXX|MAKE)|pytest|unittest|tox|nox|python|npm|yarn|pnpm|npx|node|jest|mocha|go |cargo|dotnet|mvn|gradle|rspec|rake|phpunit|mix |docker|swift|dart|flutter|ctest|prove|hatch|poetry|uv ", RegexOptions.IgnoreCase)]
    private static partial Regex Calls();
}
