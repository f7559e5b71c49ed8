using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces;

/// <summary>How much a lint finding weighs.</summary>
public enum LintRule
{
    /// <summary>The repository's own lint script decides with; what Grace adds is only reported.</summary>
    Auto,

    /// <summary>Every finding fails the run.</summary>
    Required,

    /// <summary>Nothing fails the run.</summary>
    Report,

    Off,
}

/// <summary>How to run a repository's tests.</summary>
public sealed record TestOptions
{
    public LintRule Lint { get; init; } = LintRule.Auto;

    /// <summary>For C#: the build fails on a warning.</summary>
    public bool WarningsAsErrors { get; init; }

    /// <summary>Packages to fetch beside those that the repository names, by ecosystem: npm, pip.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Packages { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>For each command.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>What the tests may do without, such as packages that cannot be had, and the commands that do. Where these fail, it is needed.</summary>
internal sealed record LeftOut(IReadOnlyList<string> What, IReadOnlyList<PlannedCommand> Commands)
{
    /// <summary>Null for packages that cannot be had.</summary>
    public string? Why { get; init; }

    public string Names => What.Count <= 10 ? string.Join(", ", What) : $"{string.Join(", ", What.Take(10))} and {What.Count - 10} more";
}

/// <summary>A command that was found in a repository, before it runs.</summary>
/// <param name="Name"><c>build</c>, <c>lint</c> or <c>test</c>.</param>
internal sealed record PlannedCommand(string Name, string Ecosystem, string Folder, params IReadOnlyList<string> Argv)
{
    /// <summary>Reads the counts of a test command, from its output and the folder for results. Null: unknown.</summary>
    public Func<string, string, TestTally?> Read { get; init; } = (output, _) => AnyOutput.Read(output);

    /// <summary>Whether a cut output still tells the counts, since they are in a file.</summary>
    public bool CountsInFile { get; init; }

    /// <summary>A build command that the tests may do without: that it failed is told, and decides nothing where they prove themselves.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether the repository itself configured this lint command.</summary>
    public bool Own { get; init; }

    /// <summary>A lint command that proves something about the code, such as a type check: it decides in any case.</summary>
    public bool Proves { get; init; }

    public SandboxNetwork Network { get; init; } = SandboxNetwork.Loopback;

    /// <summary>For a lint command: the one that mends what it finds; null where there is none.</summary>
    public PlannedCommand? Mend { get; init; }

    /// <summary>For a test command: the same for these tests alone; null where that cannot be said.</summary>
    public Func<IReadOnlyList<TestFailure>, PlannedCommand?> Only { get; init; } = _ => null;

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Run in its place when it fails, or gives no counts where it is a test; then only these decide.</summary>
    public IReadOnlyList<PlannedCommand> Otherwise { get; init; } = [];

    /// <summary>From what it says when it fails and nothing else runs in its place: its part's commands, or its own where it builds nothing, without that; null: nothing can be left out.</summary>
    public Func<string, LeftOut?> Without { get; init; } = _ => null;

    /// <summary>Whether its replacements run also when tests failed, since it stopped at the first runner whose tests do.</summary>
    public bool StopsEarly { get; init; }

    /// <summary>What cannot be tested when this build command fails; by default, everything of its kind in the folder.</summary>
    public string Part { get; init; } = $"{Folder} {Ecosystem}";

    /// <summary>What to install when the program is missing.</summary>
    public string Install { get; init; } = "";

    /// <summary>Arguments that only say where this very run keeps its results: nothing for a reader.</summary>
    public IReadOnlyList<string> Private { get; init; } = [];

    /// <summary>What people call it, where the words themselves are none of theirs.</summary>
    public string? Shown { get; init; }

    public string Text => Shown ?? string.Join(' ', Argv.Where(word => !Private.Contains(word)).Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));
}

/// <summary>Everything that was found in a repository.</summary>
/// <param name="Ignored">Folders that the tools fill, in git's pattern language: they are no part of the tree.</param>
internal sealed record TestPlan(IReadOnlyList<PlannedCommand> Commands, IReadOnlyList<string> Ignored)
{
    public static readonly TestPlan Nothing = new([], []);

    /// <summary>What was found testable and has no command, with its reason.</summary>
    public IReadOnlyList<string> NotRun { get; init; } = [];

    public static TestPlan operator +(TestPlan left, TestPlan right) =>
        new([.. left.Commands, .. right.Commands], [.. left.Ignored, .. right.Ignored]) { NotRun = [.. left.NotRun, .. right.NotRun] };
}

/// <summary>What a planner is told: where it looks, and where results may be written.</summary>
/// <param name="Root">The repository.</param>
/// <param name="Folder">The folder looked at: the root or one below.</param>
/// <param name="Sandbox">Where its commands will run.</param>
/// <param name="Ask">What a command prints in the sandbox, in the folder looked at, without network and writing nothing; null when it fails.</param>
internal sealed record Site(string Root, string Folder, string Results, Sandbox Sandbox, TestOptions Options, Func<IReadOnlyList<string>, Task<string?>> Ask)
{
    /// <summary>Of a file that a runner writes its results to, in bytes.</summary>
    public const long LongestResults = 256_000_000;

    public bool Has(params string[] names) => names.Any(name => File.Exists(Path.Combine(Folder, name)));

    public string Text(string name) => ForeignFile.Text(Path.Combine(Folder, name));

    /// <summary>Files down to a depth below the folder that can be opened, without what tools and git put there.</summary>
    public IEnumerable<string> Files(string pattern, int depth)
    {
        var skipped = new[] { "node_modules", "bin", "obj", "target", "venv", "__pycache__" };
        IEnumerable<string> In(string folder, int left) => Directory.EnumerateFiles(folder, pattern).Order().Concat(left == 0 ? []
            : Directory.EnumerateDirectories(folder).Order()
                .Where(one => !Path.GetFileName(one).StartsWith('.') && !skipped.Contains(Path.GetFileName(one)) && new DirectoryInfo(one).LinkTarget is null)
                .SelectMany(one => In(one, left - 1)));
        // A link may lead nowhere, and a name that is no UTF-8 opens nothing.
        return In(Folder, depth).Where(File.Exists);
    }

    /// <summary>A pattern for exactly one folder of the repository.</summary>
    public string Pattern(string path) => "/" + Path.GetRelativePath(Root, path).Replace('\\', '/') + "/";

    public string Relative(string file) => Path.GetRelativePath(Folder, file);
}
