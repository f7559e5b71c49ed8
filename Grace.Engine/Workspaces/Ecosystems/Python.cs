using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Python: pytest where the repository uses it, otherwise unittest; its requirements in an environment of their own.</summary>
internal static class Python
{
    private const string Usual = "test*.py";

    public static async Task<TestPlan> PlanAsync(Site site)
    {
        var tests = site.Files(Usual, 4).Concat(site.Files("*_test.py", 4)).Distinct().ToList();
        if (tests.Count == 0)
        {
            return TestPlan.Nothing;
        }

        var requirements = site.Text("requirements.txt") + site.Text("requirements-dev.txt");
        var uses = UsesPytest(site, tests, requirements);
        var (python, commands) = Prepare(site, requirements, site.Options.Packages.GetValueOrDefault("pip") ?? [], await ChooseAsync(site, uses).ConfigureAwait(false));
        var path = string.Join(':', new[] { site.Folder, Path.Combine(site.Folder, "src") }.Where(Directory.Exists));
        var environment = new Dictionary<string, string> { ["PYTHONPATH"] = path };
        PlannedCommand Test(string pattern, params string[] more) => (uses ? Pytest(site, python, more) : Unittest(site, python, pattern, more)) with { Environment = environment };
        // Pytest finds both kinds of names by itself.
        var patterns = uses ? [Usual] : new[] { Usual, "*_test.py" }.Where(pattern => tests.Any(file => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file)))).ToArray();
        var all = patterns.Select(pattern => Test(pattern) with
        {
            // By name without parameters: -k of both picks what contains it, which is those and rarely more.
            Only = failures => uses
                ? Test(pattern, "-k", string.Join(" or ", failures.Select(one => one.Id.Split('[')[0].Split('.')[^1]).Distinct()))
                : Test(pattern, [.. failures.SelectMany(one => new[] { "-k", one.Id })]),
        });
        return new TestPlan([.. commands, .. all], ["__pycache__/", "*.pyc", ".pytest_cache/"]);
    }

    private static PlannedCommand Pytest(Site site, string python, string[] more)
    {
        var results = Path.Combine(site.Results, $"pytest-{Guid.NewGuid():n}.xml");
        return new PlannedCommand("test", "pytest", site.Folder, [python, "-m", "pytest", "-p", "no:cacheprovider", $"--junitxml={results}", .. more])
        {
            Read = (output, _) => File.Exists(results) ? JUnitFile.Read(ForeignFile.Text(results, Site.LongestResults)) : PythonOutput.ReadPytest(output),
            CountsInFile = true,
            Private = ["-p", "no:cacheprovider", $"--junitxml={results}"],
            Install = "Python 3 with pytest (python3-pytest)",
        };
    }

    private static PlannedCommand Unittest(Site site, string python, string pattern, string[] more)
    {
        // Discovery looks only into folders that are packages.
        var below = !site.Files(pattern, 0).Any() && !site.Has("tests/__init__.py", "test/__init__.py");
        string[] start = !below ? [] : Directory.Exists(Path.Combine(site.Folder, "tests")) ? ["-s", "tests"] : Directory.Exists(Path.Combine(site.Folder, "test")) ? ["-s", "test"] : [];
        return new PlannedCommand("test", "unittest", site.Folder, [python, "-m", "unittest", "discover", "-v", .. pattern == Usual ? Array.Empty<string>() : ["-p", pattern], .. start, .. more])
        {
            Read = (output, _) => PythonOutput.ReadUnittest(output),
            Install = "Python 3 (python3)",
        };
    }

    private static bool UsesPytest(Site site, List<string> tests, string requirements) =>
        site.Has("pytest.ini", "conftest.py", "tests/conftest.py")
        || site.Text("pyproject.toml").Contains("pytest", StringComparison.Ordinal)
        || site.Text("tox.ini").Contains("pytest", StringComparison.Ordinal)
        || site.Text("setup.cfg").Contains("pytest", StringComparison.Ordinal)
        || requirements.Contains("pytest", StringComparison.Ordinal)
        || tests.Take(50).Select(file => ForeignFile.Text(file)).Any(text => text.Contains("import pytest", StringComparison.Ordinal) || text.Contains("from pytest", StringComparison.Ordinal))
        // Plain functions are tests only to pytest.
        || !tests.Take(50).Select(file => ForeignFile.Text(file)).Any(text => text.Contains("unittest", StringComparison.Ordinal) || text.Contains("TestCase", StringComparison.Ordinal));

    /// <summary>The first interpreter that has pytest, where that is needed: a user's own often has not, the system's does.</summary>
    private static async Task<string> ChooseAsync(Site site, bool pytest)
    {
        foreach (var python in pytest ? new[] { "python3", "/usr/bin/python3" } : [])
        {
            if (await site.Runs([python, "-c", "import pytest"]).ConfigureAwait(false))
            {
                return python;
            }
        }

        return "python3";
    }

    private static (string Python, IReadOnlyList<PlannedCommand> Commands) Prepare(Site site, string requirements, IReadOnlyList<string> more, string python)
    {
        if (more.Count == 0 && requirements.Split('\n').All(line => line.Trim().Length == 0 || line.TrimStart().StartsWith('#')))
        {
            return (python, []);
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(python + requirements + string.Join(' ', more))))[..16];
        var home = Path.Combine(site.Caches, "venv", name);
        var own = Path.Combine(home, "bin", "python3");
        var files = new[] { "requirements.txt", "requirements-dev.txt" }.Where(file => site.Has(file)).SelectMany(file => new[] { "-r", file });
        return (own,
        [
            new PlannedCommand("build", "pip", site.Folder, python, "-m", "venv", "--system-site-packages", home) { Install = "Python 3 with venv (python3-venv)" },
            // What development needs is not always what the tests need; what really lacks, they say themselves.
            Install([.. files, .. more]) with { Otherwise = site.Has("requirements.txt") && site.Has("requirements-dev.txt") ? Install(["-r", "requirements.txt", .. more]) : null },
        ]);

        PlannedCommand Install(string[] what) => new("build", "pip", site.Folder, [own, "-m", "pip", "install", "--quiet", .. what]) { Network = SandboxNetwork.Full, Optional = true };
    }
}
