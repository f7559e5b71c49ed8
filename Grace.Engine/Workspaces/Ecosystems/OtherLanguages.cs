using System.Text.RegularExpressions;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Languages whose tests one command runs, each a line of a table.</summary>
internal static class OtherLanguages
{
    /// <param name="Has">Whether a folder holds such tests.</param>
    /// <param name="Fetch">Optional: what the tests may do without.</param>
    /// <param name="Test">The first that is installed and gives counts.</param>
    /// <param name="Results">Where results files lie afterwards, as folder names below the one looked at; empty: the words are read. {0} in a command is a file for them.</param>
    internal sealed record Other(string Language, Func<Site, bool> Has, string[][] Fetch, Func<Site, string[][]> Test, string Install, string Results, string[] Ignored)
    {
        public string[]? Environment { get; init; }
    }

    public static readonly Other[] All =
    [
        new("maven", site => site.Has("pom.xml"), [], site => site.Has("mvnw") ? [["mvn", "-B", "-ntp", "test"], ["sh", "./mvnw", "-B", "-ntp", "test"]] : [["mvn", "-B", "-ntp", "test"]], "Maven (maven)", "surefire-reports", ["target/"]),
        new("gradle", site => site.Has("build.gradle", "build.gradle.kts"), [], site => site.Has("gradlew") ? [["sh", "./gradlew", "test", "--no-daemon", "--console=plain", "--continue"], ["gradle", "test", "--no-daemon", "--console=plain", "--continue"]] : [["gradle", "test", "--no-daemon", "--console=plain", "--continue"]], "Gradle (gradle)", "test-results", ["build/", ".gradle/"]),
        new("rspec", site => Directory.Exists(Path.Combine(site.Folder, "spec")) && site.Files("*_spec.rb", 4).Any(file => site.Relative(file).StartsWith("spec/", StringComparison.Ordinal)), [["bundle", "install", "--quiet"]], _ => [["bundle", "exec", "rspec"], ["rspec"]], "Ruby with RSpec (ruby-rspec)", "", [".bundle/", NodeClient.Folder + "/"]) { Environment = ["BUNDLE_PATH"] },
        new("ruby", site => site.Has("Rakefile", "Gemfile") && (site.Files("test_*.rb", 4).Any() || site.Files("*_test.rb", 4).Any()), [["bundle", "install", "--quiet"]], _ => [["bundle", "exec", "rake", "test"], ["rake", "test"],
            ["ruby", "-Ilib:test", "-e", "Dir[\"test/**/{test_*,*_test}.rb\"].sort.each { |file| require File.expand_path(file) }"]], "Ruby with minitest (ruby-minitest, rake)", "", [".bundle/", NodeClient.Folder + "/"]) { Environment = ["BUNDLE_PATH"] },
        new("php", site => site.Has("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml") || (site.Has("composer.json") && site.Files("*Test.php", 4).Any()), [["composer", "install", "--no-interaction", "--no-progress", "--quiet"]],
            site => site.Text("composer.json").Contains("pestphp/pest", StringComparison.Ordinal) ? [["php", "vendor/bin/pest", "--log-junit", "{0}"]] : [["php", "vendor/bin/phpunit", "--log-junit", "{0}"], ["phpunit", "--log-junit", "{0}"], ["phpunit", "--log-junit", "{0}", "tests"]], "PHP with PHPUnit (phpunit)", "", ["vendor/", ".phpunit.cache/", ".phpunit.result.cache"]),
        new("elixir", site => site.Has("mix.exs"), [["mix", "deps.get"]], _ => [["mix", "test"]], "Elixir (elixir)", "", ["_build/", "deps/"]),
        new("swift", site => site.Has("Package.swift") && site.Files("*Tests.swift", 4).Any(), [], _ => [["swift", "test"]], "Swift (swift.org)", "", [".build/"]),
        new("zig", site => site.Has("build.zig"), [], _ => [["zig", "build", "test", "--summary", "all"]], "Zig (ziglang.org)", "", [".zig-cache/", "zig-out/"]),
        new("dart", site => site.Has("pubspec.yaml") && site.Files("*_test.dart", 4).Any(), [["dart", "pub", "get"]], site => site.Text("pubspec.yaml").Contains("sdk: flutter", StringComparison.Ordinal) ? [["flutter", "test"]] : [["dart", "test"]], "Dart (dart.dev)", "", [".dart_tool/"]),
        new("deno", site => site.Has("deno.json", "deno.jsonc") && !site.Has("package.json") && (site.Files("*test.ts", 4).Any() || site.Files("*test.js", 4).Any()), [], _ => [["deno", "test", "--no-prompt", "-A", "--junit-path={0}"]], "Deno (npm package deno)", "", []),
        new("perl", site => site.Has("Makefile.PL", "Build.PL", "cpanfile", "dist.ini") && site.Files("*.t", 3).Any(), [], _ => [["prove", "-lr", "t"]], "Perl (perl)", "", []),
        new("bats", site => site.Files("*.bats", 3).Any(), [], site => [["bats", "--formatter", "tap", .. Folders(site, "*.bats")]], "Bats (bats)", "", []),
        new("shellspec", site => site.Has(".shellspec"), [], _ => [["shellspec", "--format", "tap"]], "ShellSpec", "", []),
        new("busted", site => site.Has(".busted") || site.Files("*_spec.lua", 3).Any(file => site.Relative(file).StartsWith("spec/", StringComparison.Ordinal)), [], _ => [["busted", "-o", "TAP"]], "Busted (lua-busted)", "", []),
        new("haskell", site => site.Has("stack.yaml", "cabal.project") || site.Files("*.cabal", 0).Any(file => ForeignFile.Text(file).Contains("test-suite", StringComparison.OrdinalIgnoreCase)), [], _ => [["cabal", "test", "--test-show-details=direct"], ["stack", "test"]], "Haskell (cabal-install)", "", ["dist-newstyle/", ".stack-work/"]),
        new("scala", site => site.Has("build.sbt"), [], _ => [["sbt", "-batch", "test"]], "sbt", "test-reports", ["target/"]),
        new("clojure", site => site.Has("project.clj"), [], _ => [["lein", "test"]], "Leiningen", "", ["target/"]),
        new("ocaml", site => site.Has("dune-project"), [], _ => [["dune", "runtest", "--force"]], "dune", "", ["_build/"]),
        new("bazel", site => site.Has("MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel"), [], _ => [["bazel", "test", "//..."]], "Bazel", "", []),
    ];

    /// <summary>Whether it builds what other tools build too, for those who have it.</summary>
    public static bool IsAnotherWay(string language) => language is "bazel" or "zig";

    public static TestPlan Plan(Site site, Other other)
    {
        // The package's own script calls it, and knows better where its tests lie.
        if (!other.Has(site) || new[] { site.Folder, site.Root }.Any(folder => NodeScript.Mentions(ForeignFile.Text(Path.Combine(folder, "package.json")), other.Test(site)[^1][0])))
        {
            return TestPlan.Nothing;
        }

        var environment = other.Environment?.ToDictionary(name => name, _ => Path.Combine(site.Folder, NodeClient.Folder, "bundle")) ?? [];
        var fetches = other.Fetch.Where(words => words[0] switch
        {
            "bundle" => site.Has("Gemfile"), "composer" => site.Has("composer.json"), "mix" => site.Text("mix.exs").Contains("{:", StringComparison.Ordinal), _ => true,
        }).Select(words => new PlannedCommand("build", other.Language, site.Folder, words) { Network = SandboxNetwork.Full, Optional = true, Install = other.Install, Environment = environment });
        var tests = other.Test(site).Where(words => words[0] != "bundle" || site.Has("Gemfile")).Select(words => Test(site, other, words, environment)).ToList();
        // One that is not here is named by the first that is looked for.
        var here = tests.Where(test => site.Sandbox.Has(test.Argv[0]) && (test.Argv[0] is not ("php" or "bundle") || test.Argv.Count > 0)).ToList();
        var first = here.Count == 0 ? tests[0] : here.AsEnumerable().Reverse().Aggregate((after, before) => before with { Otherwise = [after] });
        return new TestPlan([.. here.Count == 0 ? [] : fetches.Where(fetch => site.Sandbox.Has(fetch.Argv[0])), first], other.Ignored)
        {
            NotRun = (other.Language == "bats" ? Folders(site, "*.bats", aside: true).ToList() : []) is { Count: > 0 } left
                ? [$"the tests in {string.Join(", ", left.Take(10))}{(left.Count > 10 ? $" and {left.Count - 10} more" : "")} (bats): what lies there is shown or used by other tests."] : [],
        };
    }

    private static PlannedCommand Test(Site site, Other other, string[] words, Dictionary<string, string> environment)
    {
        var results = Path.Combine(site.Results, $"{other.Language}-{Guid.NewGuid():n}.xml");
        string[] argv = [.. words.Select(word => word.Replace("{0}", results, StringComparison.Ordinal))];
        return new PlannedCommand("test", other.Language, site.Folder, argv)
        {
            // Their own clients fetch what runs the tests only when they do.
            Network = other.Results.Length > 0 ? SandboxNetwork.Full : SandboxNetwork.Loopback,
            Install = other.Install, Environment = environment, Shown = string.Join(' ', words).Replace(" --log-junit {0}", "", StringComparison.Ordinal).Replace(" --junit-path={0}", "", StringComparison.Ordinal),
            CountsInFile = other.Results.Length > 0 || words.Any(word => word.Contains("{0}", StringComparison.Ordinal)),
            Read = (output, folder) => other.Results.Length > 0 ? Below(site, other.Results, folder) ?? AnyOutput.Read(output)
                : (File.Exists(results) ? JUnitFile.Read(ForeignFile.Text(results, Site.LongestResults)) : null) ?? AnyOutput.Read(output),
        };
    }

    /// <summary>What this run wrote: older files are of an earlier one.</summary>
    private static TestTally? Below(Site site, string name, string since)
    {
        var began = Directory.GetCreationTimeUtc(since);
        var files = Directory.EnumerateDirectories(site.Folder, name, SearchOption.AllDirectories).SelectMany(folder => Directory.EnumerateFiles(folder, "*.xml", SearchOption.AllDirectories)).Distinct().Where(file => File.GetLastWriteTimeUtc(file) >= began);
        return files.Select(file => JUnitFile.Read(ForeignFile.Text(file, Site.LongestResults))).OfType<TestTally>().Aggregate((TestTally?)null, (sum, one) => (sum ?? TestTally.Empty) + one);
    }

    /// <summary>Those whose tests are fixtures of other tests are told, where there are others.</summary>
    private static IEnumerable<string> Folders(Site site, string pattern, bool aside = false)
    {
        var all = site.Files(pattern, 3).Select(file => site.Relative(Path.GetDirectoryName(file)!)).Distinct().Order(StringComparer.Ordinal).ToLookup(folder => folder.Split('/').Any(TestDiscovery.IsAside));
        return all[false].Any() ? all[aside] : aside ? [] : all[true];
    }
}
