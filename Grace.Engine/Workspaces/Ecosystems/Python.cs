using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Python: pytest where the repository uses it, Django's own command, otherwise unittest; behave where there are features.</summary>
internal static partial class Python
{
    private const string Usual = "test*.py";
    private const int MostFolders = 12;

    public static async Task<TestPlan> PlanAsync(Site site)
    {
        var tests = site.Files(Usual, 5).Concat(site.Files("*_test.py", 5)).Distinct().Where(file => !OfPart(site, file)).ToList();
        var behave = site.Files("*.feature", 3).Any() && Directory.Exists(Path.Combine(site.Folder, "features", "steps"));
        if (tests.Count == 0 && !behave)
        {
            return TestPlan.Nothing;
        }

        var django = site.Text("manage.py").Contains("django", StringComparison.Ordinal);
        var texts = tests.Take(50).Select(file => ForeignFile.Text(file)).ToList();
        var pytest = tests.Count > 0 && UsesPytest(site, texts, django);
        var more = site.Options.Packages.GetValueOrDefault("pip") ?? [];
        var (chosen, has) = await ChooseAsync(site, pytest).ConfigureAwait(false);
        var (python, commands) = PythonHome.Of(site, chosen, [.. more, .. pytest && !has && !more.Contains("pytest") ? new[] { "pytest" } : [], .. behave ? new[] { "behave" } : []]);
        var environment = new Dictionary<string, string> { ["PYTHONPATH"] = string.Join(':', new[] { site.Folder, Path.Combine(site.Folder, "src") }.Where(Directory.Exists)) };
        List<PlannedCommand> own = tests.Count == 0 ? [] : django && !pytest ? [Django(site, python)] : Unittests(site, python, tests);
        List<PlannedCommand> all = pytest ? [Pytest(site, python) with { Otherwise = texts.Any(IsUnittest) ? [.. own.Select(one => one with { Environment = environment })] : [] }] : own;
        if (behave)
        {
            all.Add(Behave(site, python));
        }

        return new TestPlan([.. commands, .. all.Take(MostFolders).Select(one => one with { Environment = environment })],
            ["__pycache__/", "*.pyc", ".pytest_cache/", "*.egg-info/", ".hypothesis/", ".coverage", site.Pattern(Path.Combine(site.Folder, NodeClient.Folder))])
            { NotRun = [.. all.Skip(MostFolders).Select(one => $"`{one.Text}`, since tests lie in more than {MostFolders} folders.")] };
    }

    /// <summary>Where the root is set up for Python it sees to every folder, unless pytest is told where to look; otherwise each part that is set up for itself.</summary>
    public static bool Covers(Site site, string folder) => !IsSetUp(folder) || (IsSetUp(site.Folder)
        && !TestPaths().IsMatch(site.Text("pyproject.toml") + site.Text("pytest.ini") + site.Text("tox.ini") + site.Text("setup.cfg")));

    private static bool OfPart(Site site, string file)
    {
        if (IsSetUp(site.Folder))
        {
            return false;
        }

        var parts = site.Relative(file).Split('/');
        return Enumerable.Range(1, Math.Min(2, parts.Length - 1)).Any(depth => IsSetUp(Path.Combine([site.Folder, .. parts.Take(depth)])));
    }

    private static bool IsSetUp(string folder) => !Path.GetFileName(folder).StartsWith("test", StringComparison.OrdinalIgnoreCase)
        && new[] { "pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", "manage.py", "requirements.txt" }.Any(name => File.Exists(Path.Combine(folder, name)));

    private static PlannedCommand Pytest(Site site, string python, params string[] more)
    {
        var results = Path.Combine(site.Results, $"pytest-{Guid.NewGuid():n}.xml");
        return new PlannedCommand("test", "pytest", site.Folder, [python, "-m", "pytest", "-p", "no:cacheprovider", "--continue-on-collection-errors", $"--junitxml={results}", .. more])
        {
            Read = (output, _) => File.Exists(results) ? JUnitFile.Read(ForeignFile.Text(results, Site.LongestResults)) : PythonOutput.ReadPytest(output),
            CountsInFile = true,
            Shown = string.Join(' ', new[] { "python3 -m pytest" }.Concat(more)),
            Install = "Python 3 with pytest (python3-pytest)",
            // By name without parameters: -k of both picks what contains it, which is those and rarely more.
            Only = failures => Pytest(site, python, "-k", string.Join(" or ", failures.Select(one => one.Id.Split('[')[0].Split('.')[^1]).Distinct())),
        };
    }

    /// <summary>Discovery looks only into folders that are packages: one command for each folder that no other reaches.</summary>
    private static List<PlannedCommand> Unittests(Site site, string python, List<string> tests) =>
    [
        .. new[] { Usual, "*_test.py" }.SelectMany(pattern => tests.Where(file => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file)))
            .Select(file => Start(site, file)).Distinct().Order(StringComparer.Ordinal).Select(start => Unittest(site, python, pattern, start))),
    ];

    private static string Start(Site site, string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        while (folder != site.Folder && File.Exists(Path.Combine(folder, "__init__.py")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return site.Relative(folder);
    }

    private static PlannedCommand Unittest(Site site, string python, string pattern, string start, params string[] more)
    {
        string[] words = ["-m", "unittest", "discover", "-v", .. pattern == Usual ? Array.Empty<string>() : ["-p", pattern], .. start == "." ? Array.Empty<string>() : ["-s", start], .. more];
        return new PlannedCommand("test", "unittest", site.Folder, [python, .. words])
        {
            Read = (output, _) => PythonOutput.ReadUnittest(output),
            Shown = $"python3 {string.Join(' ', words)}",
            Install = "Python 3 (python3)",
            Only = failures => Unittest(site, python, pattern, start, [.. failures.SelectMany(one => new[] { "-k", one.Id })]),
        };
    }

    private static PlannedCommand Django(Site site, string python) => new("test", "django", site.Folder, python, "manage.py", "test", "-v", "2", "--no-input")
        { Read = (output, _) => PythonOutput.ReadUnittest(output), Shown = "python3 manage.py test", Install = "Python 3 (python3)" };

    private static PlannedCommand Behave(Site site, string python)
    {
        var results = Path.Combine(site.Results, $"behave-{Guid.NewGuid():n}");
        return new PlannedCommand("test", "behave", site.Folder, python, "-m", "behave", "--junit", "--junit-directory", results)
            { Read = (output, _) => JUnitFile.ReadFolder(results) ?? AnyOutput.Read(output), CountsInFile = true, Shown = "python3 -m behave", Install = "Python 3 with behave" };
    }

    private static bool UsesPytest(Site site, List<string> texts, bool django) =>
        site.Has("pytest.ini", ".pytest.ini", "conftest.py", "tests/conftest.py", "test/conftest.py")
        || new[] { "pyproject.toml", "tox.ini", "setup.cfg" }.Any(file => site.Text(file).Contains("pytest", StringComparison.Ordinal))
        || PythonNeeds.Of(site).OneByOne(site).Any(words => words[0].StartsWith("pytest", StringComparison.OrdinalIgnoreCase))
        || texts.Any(text => text.Contains("import pytest", StringComparison.Ordinal) || text.Contains("from pytest", StringComparison.Ordinal))
        // Plain functions are tests only to pytest.
        || (!django && !texts.Any(IsUnittest));

    private static bool IsUnittest(string text) => text.Contains("unittest", StringComparison.Ordinal) || text.Contains("TestCase", StringComparison.Ordinal);

    /// <summary>The first interpreter that has pytest, where that is needed: a user's own often has not, the system's does.</summary>
    private static async Task<(string Python, bool Has)> ChooseAsync(Site site, bool pytest)
    {
        foreach (var python in pytest ? new[] { "python3", "/usr/bin/python3" } : [])
        {
            if (await site.Ask([python, "-c", "import pytest"]).ConfigureAwait(false) is not null)
            {
                return (python, true);
            }
        }

        return ("python3", false);
    }

    [GeneratedRegex(@"^\s*testpaths\s*=", RegexOptions.Multiline)]
    private static partial Regex TestPaths();
}
