using System.Text.RegularExpressions;
using Grace.Engine.Knowledge.Repositories;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>What a Python repository says its tests need: requirements files, dependency groups, tox, and itself with its extras for tests.</summary>
/// <param name="Project">Whether it can be installed; then its own dependencies come with it.</param>
/// <param name="Extras">Of the project, for tests.</param>
/// <param name="Files">Relative to the folder.</param>
/// <param name="Lines">One requirement each, from elsewhere than files.</param>
internal sealed partial record PythonNeeds(bool Project, IReadOnlyList<string> Extras, IReadOnlyList<string> Files, IReadOnlyList<string> Lines)
{
    private const int Deepest = 5;

    public static PythonNeeds Of(Site site)
    {
        var toml = Toml.Read(site.Text("pyproject.toml"));
        var poetry = toml.Tables.Contains("tool.poetry");
        var setup = site.Text("setup.py");
        var project = setup.Contains("setup(", StringComparison.Ordinal) || toml.Tables.Contains("project") || (poetry && toml.Entries.Any(one => one is { Table: "tool.poetry", Key: "name" })) || site.Text("setup.cfg").Contains("[metadata]", StringComparison.Ordinal);
        var extras = toml.Entries.Where(one => one.Table is "project.optional-dependencies" or "tool.poetry.extras").Select(one => one.Key)
            .Concat(Extra().Matches(setup + site.Text("setup.cfg")).Select(match => match.Groups[1].Value)).Where(name => ForTests().IsMatch(name)).Distinct().ToList();
        var lines = toml.Entries.Where(one => one.Table == "dependency-groups" && ForTests().IsMatch(one.Key)).SelectMany(one => Group(toml, one.Value, 0))
            .Concat(toml.Entries.Where(one => PoetryGroup().IsMatch(one.Table)).Select(one => one.Key))
            .Concat(toml.Entries.Where(one => one is { Table: "tool.uv" or "tool.pdm.dev-dependencies", Key: "dev-dependencies" or "test" or "dev" }).SelectMany(one => Toml.Strings(one.Value)))
            .Concat(Tox(site.Text("tox.ini"))).Distinct().ToList();
        return new PythonNeeds(project, extras, Requirements(site), lines);
    }

    /// <summary>For a name that changes when the needs do.</summary>
    public string Key(Site site) => string.Join('\n', Files.Select(site.Text).Concat(Lines));

    /// <summary>Every requirement alone, for when they cannot be had together.</summary>
    public IReadOnlyList<IReadOnlyList<string>> OneByOne(Site site) => [.. Files.SelectMany(file => In(site, file, 0)).Concat(Lines.Select(line => (IReadOnlyList<string>)[line])).DistinctBy(words => string.Join(' ', words))];

    private static List<string> Requirements(Site site)
    {
        var folders = new[] { "", "requirements", "tests", "test" }.Where(name => Directory.Exists(Path.Combine(site.Folder, name)));
        return [.. folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(site.Folder, folder), "*.txt").Order().Select(site.Relative))
            .Where(file => folder(file) == "requirements" ? InFolder().IsMatch(Path.GetFileName(file)) : File().IsMatch(Path.GetFileName(file)))
            .Where(file => site.Text(file).Split('\n').Any(line => line.Trim().Length > 0 && !line.TrimStart().StartsWith('#')))];

        static string folder(string file) => Path.GetDirectoryName(file) ?? "";
    }

    private static IEnumerable<IReadOnlyList<string>> In(Site site, string file, int depth)
    {
        foreach (var line in site.Text(file).ReplaceLineEndings("\n").Replace("\\\n", " ").Split('\n').Select(one => Comment().Replace(one, "").Trim()).Where(one => one.Length > 0))
        {
            var words = line.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (words is ["-r" or "--requirement", var other])
            {
                foreach (var one in depth > Deepest ? [] : In(site, Path.Combine(Path.GetDirectoryName(file) ?? "", other), depth + 1))
                {
                    yield return one;
                }
            }
            else if (words is ["-e" or "--editable", var path])
            {
                yield return ["-e", path];
            }
            else if (!line.StartsWith('-'))
            {
                yield return [Hash().Replace(line, "")];
            }
        }
    }

    /// <summary>The requirements of a dependency group and of those that it includes.</summary>
    private static IEnumerable<string> Group(Toml toml, string value, int depth) => depth > Deepest ? [] :
        Toml.Strings(Include().Replace(value, "")).Concat(Include().Matches(value).SelectMany(match => toml.Entries.Where(one => one.Table == "dependency-groups" && one.Key == match.Groups[1].Value)).SelectMany(one => Group(toml, one.Value, depth + 1)));

    private static IEnumerable<string> Tox(string text) => ToxDeps().Match(text) is not { Success: true } deps ? []
        : deps.Groups[1].Value.Split('\n').Select(line => Comment().Replace(line, "").Trim()).Select(line => ToxFactor().Replace(line, "")).Where(line => line.Length > 0 && !line.StartsWith('-') && !line.Contains('{', StringComparison.Ordinal));

    [GeneratedRegex(@"^(?:tests?|testing|test-?suite|dev|develop|development|ci|unit-?tests?|pytest)$", RegexOptions.IgnoreCase)]
    private static partial Regex ForTests();

    [GeneratedRegex(@"^(?:(?:dev|tests?|testing|ci|local)[-_.])?requirements?(?:[-_.](?:dev|development|tests?|testing|ci|pytest))?\.txt$", RegexOptions.IgnoreCase)]
    private static partial Regex File();

    [GeneratedRegex(@"^(?:.*[-_.])?(?:base|main|common|requirements|dev|development|tests?|testing|ci|pytest)\.txt$", RegexOptions.IgnoreCase)]
    private static partial Regex InFolder();

    [GeneratedRegex(@"(?:^|\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+--hash=\S+")]
    private static partial Regex Hash();

    [GeneratedRegex(@"^[""']?\s*[""']?(tests?|testing|dev|develop|development)[""']?\s*[:=]", RegexOptions.Multiline)]
    private static partial Regex Extra();

    [GeneratedRegex(@"^tool\.poetry\.(?:dev-dependencies|group\.(?:tests?|testing|dev|ci)\.dependencies)$")]
    private static partial Regex PoetryGroup();

    [GeneratedRegex(@"\{\s*include-group\s*=\s*[""']([^""']+)[""']\s*\}")]
    private static partial Regex Include();

    [GeneratedRegex(@"^\[testenv\][^\[]*?^deps\s*=((?:.*\n(?:[ \t]+.*\n|\s*\n|#.*\n)*))", RegexOptions.Multiline)]
    private static partial Regex ToxDeps();

    [GeneratedRegex(@"^[\w,!{}-]+:\s+")]
    private static partial Regex ToxFactor();
}
