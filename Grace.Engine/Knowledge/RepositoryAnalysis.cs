using System.Text.Json.Serialization;
using Grace.Engine.Knowledge.Repositories;

namespace Grace.Engine.Knowledge;

/// <summary>
/// What a git work tree shows about itself: read from its files and its history, nothing is executed and nothing is guessed.
/// </summary>
/// <param name="Name">owner/name for a GitHub remote, else the folder's name.</param>
/// <param name="Remote">Address of origin without credentials; null when there is none.</param>
/// <param name="GitHub">owner/name when the remote is on GitHub, else null.</param>
/// <param name="Commit">Hash of HEAD; null without history.</param>
/// <param name="Files">Files counted, vendored and linked ones left out.</param>
/// <param name="Languages">Programming languages by bytes, largest first; data and prose are not counted.</param>
/// <param name="Readme">The beginning of the readme; null when there is none.</param>
/// <param name="LeftOut">Everything that was not looked at, and why; empty when all was.</param>
public sealed record RepositoryAnalysis(
    string Name, string? Remote, [property: JsonPropertyName("github")] string? GitHub, string? Branch, string? Commit, int Files, long Bytes,
    IReadOnlyList<LanguageShare> Languages, IReadOnlyList<BuildCommand> Commands, IReadOnlyList<EntryPoint> EntryPoints,
    IReadOnlyList<Dependency> Dependencies, Excerpt? Readme, IReadOnlyList<LicenseFound> Licenses, IReadOnlyList<string> Pipelines,
    IReadOnlyList<CommitLine> History, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>Analyses the work tree whose top folder is <paramref name="root"/> (without history if it is no git work tree).</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static async Task<RepositoryAnalysis> ReadAsync(
        string root, AnalysisLimits? limits = null, CancellationToken cancel = default)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder {folder}.");

        var git = new GitReader(folder);
        var head = await git.HeadAsync(cancel);
        var tree = await SourceTree.OpenAsync(folder, git, limits ?? new AnalysisLimits(), cancel);
        var languages = LanguageCount.Of(tree, cancel);
        var manifests = Manifests.Of(tree);
        var gitHub = RemoteAddress.GitHubName(head.Remote);
        return new RepositoryAnalysis(
            gitHub ?? Path.GetFileName(folder), head.Remote, gitHub, head.Branch, head.Commit,
            tree.Files.Count, tree.Files.Sum(file => file.Bytes),
            languages, BuildCommands.Of(tree, manifests), EntryPointSearch.Of(tree, manifests), manifests.Dependencies,
            TopFiles.Readme(tree), TopFiles.Licenses(tree), TopFiles.Pipelines(tree), head.History, tree.LeftOut);
    }
}

/// <param name="Files">Files listed at most.</param>
/// <param name="FileBytes">A larger file is counted, but not read.</param>
/// <param name="TotalBytes">After this many bytes nothing more is read.</param>
public sealed record AnalysisLimits(int Files = 20_000, long FileBytes = 1024 * 1024, long TotalBytes = 64L * 1024 * 1024);

/// <param name="Share">Of all bytes in programming languages, between 0 and 1.</param>
/// <param name="Lines">Lines of the files that were read.</param>
public sealed record LanguageShare(string Language, int Files, long Bytes, long Lines, double Share);

/// <param name="Purpose">build or test.</param>
/// <param name="Folder">Where to run it, relative to the root; "." for the root.</param>
/// <param name="Evidence">The file that says so.</param>
public sealed record BuildCommand(string Tool, string Purpose, string Command, string Folder, string Evidence);

/// <param name="Kind">For instance "executable project", "script", "container".</param>
/// <param name="Name">The command or target, where it has one.</param>
public sealed record EntryPoint(string Kind, string Path, string? Name);

/// <param name="Version">As declared: a version or a range; null when the file names none.</param>
/// <param name="Scope">runtime, development, test, build, optional, peer or indirect.</param>
public sealed record Dependency(string Ecosystem, string Name, string? Version, string Scope, string DeclaredIn);

/// <param name="Whole">False when the text was cut.</param>
public sealed record Excerpt(string Path, string Text, bool Whole, string ContentHash);

/// <param name="Spdx">SPDX identifier; null when the text is none of those known here.</param>
public sealed record LicenseFound(string Path, string? Spdx);

/// <param name="Date">Author date, ISO 8601 with offset.</param>
public sealed record CommitLine(string Hash, string Date, string Subject, string Author);

/// <param name="Count">How many; 0 when that is not known.</param>
public sealed record LeftOut(string What, int Count, string Why);
