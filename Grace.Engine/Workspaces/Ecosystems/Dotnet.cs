using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>.NET: builds in Release, looks at the format, and tests what was built, with counts from results files.</summary>
internal static class Dotnet
{
    private const string Platform = "Microsoft.Testing.Platform";

    // In hexadecimal, the runtime's own 100 ms: tests may run for minutes, which the settings for compilers would make longer.
    private static readonly (string, string) Delay = ("DOTNET_TC_CallCountingDelayMs", "64");

    public static async Task<TestPlan> PlanAsync(Site site)
    {
        var projects = site.Files("*.*proj", 4).Where(file => Path.GetExtension(file) is ".csproj" or ".fsproj" or ".vbproj").ToList();
        var shared = string.Concat(site.Files("Directory.*.*", 2).Where(file => Path.GetFileName(file) is "Directory.Build.props" or "Directory.Build.targets").Select(file => ForeignFile.Text(file)));
        // A test project may get its packages from a file that all projects share.
        var tests = projects.Where(file => IsTest(file, shared)).ToList();
        var (solutions, alone) = DotnetSolutions.Of(site, tests);
        // In a folder without a project of its own these belong to its subfolders, unless a solution ties them together.
        if (projects.Count == 0 || (solutions.Count == 0 && !IsHome(site, projects)))
        {
            return TestPlan.Nothing;
        }

        var runtimes = await DotnetRuntimes.OfAsync(site).ConfigureAwait(false);
        var plan = TestPlan.Nothing;
        foreach (var (solution, own) in solutions)
        {
            plan += await OfSolutionAsync(site, solution, own, runtimes, shared).ConfigureAwait(false);
        }

        foreach (var file in solutions.Count == 0 && alone.Count == 0 ? projects : alone)
        {
            plan += tests.Contains(file) ? OfProject(site, await DotnetTests.OfAsync(site, file, shared).ConfigureAwait(false), runtimes, lint: true)
                : new TestPlan([Build(site, file, null, file), .. Lint(site, file, file)], []);
        }

        var ignored = projects.Select(file => Path.GetDirectoryName(file)!).Distinct()
            .SelectMany(folder => new[] { site.Pattern(Path.Combine(folder, "bin")), site.Pattern(Path.Combine(folder, "obj")) });
        return plan with { Ignored = [.. ignored] };
    }

    private static async Task<TestPlan> OfSolutionAsync(Site site, string solution, IReadOnlyList<string> tests, DotnetRuntimes runtimes, string shared)
    {
        var each = new List<DotnetTests>();
        foreach (var test in tests)
        {
            each.Add(await DotnetTests.OfAsync(site, test, shared).ConfigureAwait(false));
        }

        var whole = each.All(test => !test.Program && runtimes.Of(site, test).Ways is [{ Framework: null }]);
        var parts = each.Select(test => OfProject(site, test, runtimes, lint: false)).Aggregate(TestPlan.Nothing, (sum, one) => sum + one);
        // Samples may ask for more than this machine has: then each test project by itself.
        var build = Build(site, solution, null, solution) with { Otherwise = parts.Commands };
        List<PlannedCommand> run = tests.Count == 0 ? [] : whole ? [Test(site, solution, null, tests.Any(HasCoverage)) with { Part = solution }]
            : [.. parts.Commands.Where(command => command.Name == "test").Select(command => command with { Part = solution })];
        return new TestPlan([build, .. Lint(site, solution, solution), .. run], []) { NotRun = parts.NotRun };
    }

    private static TestPlan OfProject(Site site, DotnetTests test, DotnetRuntimes runtimes, bool lint)
    {
        var (ways, notRun) = runtimes.Of(site, test);
        var commands = new List<PlannedCommand>();
        foreach (var way in ways)
        {
            var part = $"{test.File} {way.Framework}";
            // What a framework newer than the project warns of is none of its faults.
            var build = Build(site, test.File, way.Framework, part);
            var run = test.Program && !UsesPlatform(site) ? Start(site, test.File, way.Framework) : Test(site, test.File, way.Framework, HasCoverage(test.File));
            run = run with { Part = part, Environment = way.Forward ? new Dictionary<string, string>(run.Environment) { ["DOTNET_ROLL_FORWARD"] = "Major" } : run.Environment };
            commands.Add(site.Options.WarningsAsErrors ? build : build with { Otherwise = [Lenient(site, test.File, way.Framework, part, run)] });
            commands.AddRange(lint && way == ways[0] ? Lint(site, test.File, part) : []);
            commands.Add(run);
        }

        return new TestPlan(commands, []) { NotRun = notRun };
    }

    /// <summary>The same where one of several package sources is away, and then without packages that no source has.</summary>
    private static PlannedCommand Lenient(Site site, string target, string? framework, string part, PlannedCommand run)
    {
        string[] lenient = ["-p:TreatWarningsAsErrors=false", "-p:NuGetAudit=false", "-p:RestoreIgnoreFailedSources=true"];
        return Build(site, target, framework, part, lenient) with
        {
            Without = output => DotnetAbsent.Of(site, output, framework) is var (what, word) ? new LeftOut(what, [Build(site, target, framework, part, [.. lenient, word]) with { Private = [word] }, run]) : null,
        };
    }

    private static bool IsTest(string file, string shared) => DotnetTests.Is(file)
        || (DotnetTests.IsMarked(shared) && file.Contains("test", StringComparison.OrdinalIgnoreCase));

    private static bool IsHome(Site site, List<string> projects) =>
        site.Folder == site.Root || projects.Any(file => Path.GetDirectoryName(file) == site.Folder);

    private static bool HasCoverage(string file) => ForeignFile.Text(file).Contains("coverlet.collector", StringComparison.OrdinalIgnoreCase);

    private static bool UsesPlatform(Site site) => ForeignFile.Text(Path.Combine(site.Root, "global.json")).Contains(Platform, StringComparison.Ordinal) || site.Text("global.json").Contains(Platform, StringComparison.Ordinal);

    private static PlannedCommand Build(Site site, string target, string? framework, string part, params string[] more) =>
        Command(site, "build", ["dotnet", "build", site.Relative(target), "-c", "Release", "--nologo", "--tl:off", .. Framework(framework), .. site.Options.WarningsAsErrors ? new[] { "-p:TreatWarningsAsErrors=true" } : [], .. more])
            with { Network = SandboxNetwork.Full, Part = part };

    private static IEnumerable<PlannedCommand> Lint(Site site, string target, string part) => site.Options.Lint == LintRule.Off ? []
        : [Command(site, "lint", ["dotnet", "format", site.Relative(target), "--verify-no-changes", "--no-restore"])
            with { Part = part, Mend = Command(site, "lint", ["dotnet", "format", site.Relative(target), "--no-restore"]) }];

    private static PlannedCommand Test(Site site, string target, string? framework, bool coverage, params string[] more)
    {
        if (UsesPlatform(site))
        {
            // Its own words: a results file is an extension that a project may not have.
            var kind = Path.GetExtension(target) is ".sln" or ".slnx" ? "--solution" : "--project";
            return Run(site, ["dotnet", "test", kind, site.Relative(target), "-c", "Release", "--no-build", "--no-ansi", "--no-progress", .. Framework(framework)]);
        }

        var results = Path.Combine(site.Results, $"dotnet-{Guid.NewGuid():n}");
        string[] collect = coverage ? ["--collect", "XPlat Code Coverage"] : [];
        return Run(site, ["dotnet", "test", site.Relative(target), "-c", "Release", "--no-build", "--nologo", "--logger", "trx", "--results-directory", results, .. Framework(framework), .. collect, .. more]) with
        {
            Read = (output, _) => Read(results) ?? AnyOutput.Read(output), CountsInFile = true, Private = ["--results-directory", results],
            Only = failures => Test(site, target, framework, false, "--filter", Filter(failures)),
        };
    }

    /// <summary>Tests that are a program of their own.</summary>
    private static PlannedCommand Start(Site site, string target, string? framework) =>
        Run(site, ["dotnet", "run", "--project", site.Relative(target), "-c", "Release", "--no-build", .. Framework(framework)]);

    private static PlannedCommand Run(Site site, IReadOnlyList<string> argv) => Command(site, "test", argv) with { Environment = new Dictionary<string, string> { [Delay.Item1] = Delay.Item2 } };

    private static string[] Framework(string? framework) => framework is null ? [] : ["-f", framework];

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
