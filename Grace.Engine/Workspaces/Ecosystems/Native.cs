using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>C, C++ and whatever else CMake, Meson, the autotools or make build; whichever of them knows of tests.</summary>
internal static partial class Native
{
    private const int MostPrograms = 12;

    public static TestPlan Plan(Site site)
    {
        var make = Make.Plan(site);
        var instead = make.Commands;
        var plan = CMake(site, instead) ?? Meson(site, instead);
        return plan ?? (make.Commands.Count > 0 ? make : Autotools(site) ?? TestPlan.Nothing);
    }

    private static TestPlan? CMake(Site site, IReadOnlyList<PlannedCommand> instead)
    {
        var text = site.Text("CMakeLists.txt");
        var files = site.Files("CMakeLists.txt", 3).Select(file => ForeignFile.Text(file)).ToList();
        var known = files.Any(one => Tests().IsMatch(one));
        List<string> programs = known ? [] : [.. files.SelectMany(one => Program().Matches(one)).Select(match => match.Groups[1].Value).Where(Make.IsTest).Distinct().Take(MostPrograms)];
        if (text.Length == 0 || (!known && programs.Count == 0))
        {
            return null;
        }

        // Most ask whether their tests are wanted.
        var wanted = files.SelectMany(one => Option().Matches(one)).Select(match => match.Groups[1].Value).Where(name => !Unwanted().IsMatch(name)).Append("BUILD_TESTING").Distinct().Select(name => $"-D{name}=ON");
        var home = Home(site, "cmake");
        if (!known)
        {
            // Programs that ctest has not been told of.
            var plan = Three(site, "cmake", instead, "CMake (cmake)", ["cmake", "-S", ".", "-B", home, .. wanted], ["cmake", "--build", home, "--parallel", "2"], ["true"], "");
            return plan with { Commands = [.. plan.Commands.SkipLast(1), .. programs.Select(name => Started(site, home, name) with { Part = plan.Commands[0].Part })] };
        }

        var results = Path.Combine(site.Results, $"ctest-{Guid.NewGuid():n}.xml");
        return Three(site, "cmake", instead, "CMake (cmake)", ["cmake", "-S", ".", "-B", home, .. wanted], ["cmake", "--build", home, "--parallel", "2"],
            ["ctest", "--test-dir", home, "--output-on-failure", "--output-junit", results], results);
    }

    private static TestPlan? Meson(Site site, IReadOnlyList<PlannedCommand> instead)
    {
        if (!site.Has("meson.build") || !site.Files("meson.build", 2).Any(file => Regex.IsMatch(ForeignFile.Text(file), @"\btest\s*\(")))
        {
            return null;
        }

        var home = Home(site, "meson");
        return Three(site, "meson", instead, "Meson (meson)", ["meson", "setup", home], ["meson", "compile", "-C", home], ["meson", "test", "-C", home, "--print-errorlogs"], Path.Combine(home, "meson-logs", "testlog.junit.xml"));
    }

    private static TestPlan Three(Site site, string tool, IReadOnlyList<PlannedCommand> instead, string install, string[] setup, string[] build, string[] test, string results)
    {
        var part = $"{site.Folder} {tool}";
        PlannedCommand Command(string name, string[] words) => new(name, tool, site.Folder, words) { Install = install, Part = part, Network = SandboxNetwork.Full, Shown = string.Join(' ', words).Replace(site.Folder + "/", "", StringComparison.Ordinal).Replace($" --output-junit {results}", "", StringComparison.Ordinal) };
        return new TestPlan(
        [
            Command("build", setup) with { Otherwise = instead }, Command("build", build) with { Otherwise = instead },
            Command("test", test) with { Read = (output, _) => (File.Exists(results) ? Parsers.JUnitFile.Read(ForeignFile.Text(results, Site.LongestResults)) : null) ?? Parsers.AnyOutput.Read(output), CountsInFile = true, Network = SandboxNetwork.Loopback },
        ], [site.Pattern(Path.Combine(site.Folder, NodeClient.Folder))]);
    }

    private static TestPlan? Autotools(Site site)
    {
        if (!site.Has("configure", "configure.ac", "configure.in") || !site.Files("Makefile.am", 3).Concat(site.Files("Makefile.in", 3)).Any(file => Regex.IsMatch(ForeignFile.Text(file), @"^(?:TESTS|check[\w-]*|test)\b", RegexOptions.Multiline)))
        {
            return null;
        }

        PlannedCommand Command(string name, params string[] words) => new(name, "make", site.Folder, words) { Network = SandboxNetwork.Full, Install = "autoconf, automake and make" };
        return new TestPlan(
        [
            .. site.Has("configure") ? [] : new[] { Command("build", "autoreconf", "-fi") }, Command("build", "sh", "./configure"), Command("build", "make", "-j2"), Command("test", "make", "check"),
        ], []);
    }

    private static PlannedCommand Started(Site site, string home, string name) =>
        new("test", "cmake", site.Folder, "sh", "-c", $"exec \"$(find '{home}' -type f -name '{name}' -perm -u+x | head -n 1)\"") { Shown = $"./{name}" };

    private static string Home(Site site, string name) => Path.Combine(site.Folder, NodeClient.Folder, name);

    [GeneratedRegex(@"\b(?:enable_testing|add_test|catch_discover_tests|gtest_discover_tests|doctest_discover_tests)\s*\(|include\s*\(\s*CTest\s*\)", RegexOptions.IgnoreCase)]
    private static partial Regex Tests();

    [GeneratedRegex(@"\badd_executable\s*\(\s*([\w.-]+)(?!\s+(?:IMPORTED|ALIAS))", RegexOptions.IgnoreCase)]
    private static partial Regex Program();

    [GeneratedRegex(@"\b(?:option|cmake_dependent_option|set)\s*\(\s*(\w*TEST\w*)\b[^)]*\b(?:OFF|ON|BOOL)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Option();

    [GeneratedRegex("INSTALL|COVERAGE|VALGRIND|SANITI|FUZZ|PERF|BENCH|DISABLE|NO_TEST|SKIP|WITHOUT|EXCLUDE", RegexOptions.IgnoreCase)]
    private static partial Regex Unwanted();
}
