using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>.NET: builds in Release, looks at the format, and tests what was built, with counts from results files.</summary>
internal static class Dotnet
{
    private static readonly string[] TestMarks = ["Microsoft.NET.Test.Sdk", "MSTest.Sdk", "xunit", "NUnit", "TUnit"];

    public static Task<TestPlan> PlanAsync(Site site)
    {
        var projects = site.Files("*.*proj", 3).Where(file => Path.GetExtension(file) is ".csproj" or ".fsproj" or ".vbproj").ToList();
        var solutions = site.Files("*.sln*", 0).Where(file => Path.GetExtension(file) is ".sln" or ".slnx").Order().Take(1).ToList();
        // In a folder without a project of its own these belong to its subfolders, unless a solution ties them together.
        if (projects.Count == 0 || (solutions.Count == 0 && !IsHome(site, projects)))
        {
            return Task.FromResult(TestPlan.Nothing);
        }

        // A test project may get its packages from a file that all projects share.
        var shared = site.Files("Directory.Build.*", 2).Any(IsTest);
        var tests = projects.Where(file => shared || IsTest(file)).ToList();
        var built = solutions.Count > 0 ? solutions : tests.Count > 0 ? tests : projects;
        var commands = new List<PlannedCommand>();
        foreach (var target in built.Select(site.Relative))
        {
            string[] strict = site.Options.WarningsAsErrors ? ["-p:TreatWarningsAsErrors=true"] : [];
            commands.Add(Command(site, "build", ["dotnet", "build", target, "-c", "Release", "--nologo", "--tl:off", .. strict]) with { Network = SandboxNetwork.Full });
        }

        if (site.Options.Lint != LintRule.Off)
        {
            commands.AddRange(built.Select(site.Relative).Select(target => Command(site, "lint", ["dotnet", "format", target, "--verify-no-changes", "--no-restore"])
                with { Mend = Command(site, "lint", ["dotnet", "format", target, "--no-restore"]) }));
        }

        var coverage = tests.Any(file => ForeignFile.Text(file).Contains("coverlet.collector", StringComparison.OrdinalIgnoreCase));
        foreach (var target in tests.Count == 0 ? [] : built)
        {
            string[] collect = coverage ? ["--collect", "XPlat Code Coverage"] : [];
            commands.Add(Test(site, target, collect) with { Only = failures => Test(site, target, ["--filter", Filter(failures)]) });
        }

        var ignored = projects.Select(file => Path.GetDirectoryName(file)!).Distinct()
            .SelectMany(folder => new[] { site.Pattern(Path.Combine(folder, "bin")), site.Pattern(Path.Combine(folder, "obj")) });
        return Task.FromResult(new TestPlan(commands, [.. ignored]));
    }

    private static bool IsTest(string file) => TestMarks.Any(ForeignFile.Text(file).Contains);

    private static bool IsHome(Site site, List<string> projects) =>
        site.Folder == site.Root || projects.Any(file => Path.GetDirectoryName(file) == site.Folder);

    private static PlannedCommand Test(Site site, string target, string[] more)
    {
        var results = Path.Combine(site.Results, $"dotnet-{Guid.NewGuid():n}");
        return Command(site, "test",
            ["dotnet", "test", site.Relative(target), "-c", "Release", "--no-build", "--nologo", "--logger", "trx", "--results-directory", results, .. more])
            // Tests may run for minutes, which the settings for compilers would make longer. In hexadecimal, the runtime's own 100 ms.
            with { Environment = new Dictionary<string, string> { ["DOTNET_TC_CallCountingDelayMs"] = "64" }, Read = (output, _) => Read(results) ?? DotnetOutput.Read(output), CountsInFile = true, Private = ["--results-directory", results] };
    }

    /// <summary>By full name without the arguments of a data-driven test: the filter has no word for those.</summary>
    private static string Filter(IReadOnlyList<TestFailure> failures) => string.Join('|', failures
        .Select(failure => (failure.Id.StartsWith(failure.Suite, StringComparison.Ordinal) ? failure.Id : $"{failure.Suite}.{failure.Id}").Split('(')[0])
        .Distinct().Select(name => $"FullyQualifiedName={name}"));

    private static PlannedCommand Command(Site site, string name, IReadOnlyList<string> argv) =>
        new(name, "dotnet", site.Folder, argv) { Install = "the .NET SDK (dotnet)" };

    private static TestTally? Read(string folder) => !Directory.Exists(folder) ? null
        : Directory.EnumerateFiles(folder, "*.trx", SearchOption.AllDirectories).Select(file => ForeignFile.Text(file, Site.LongestResults)).Select(TrxFile.Read)
            // One file that cannot be read means that the sum would be too small.
            .Aggregate((TestTally?)TestTally.Empty, (sum, one) => sum is null || one is null ? null : sum + one) is { Total: > 0 } tally ? tally : null;
}
