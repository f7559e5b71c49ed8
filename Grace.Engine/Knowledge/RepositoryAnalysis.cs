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
    IReadOnlyList<Dependency> Dependencies, IReadOnlyList<RuntimeNeed> Runtimes, Excerpt? Readme, IReadOnlyList<LicenseFound> Licenses, IReadOnlyList<string> Pipelines,
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
        var tree = await FileListing.OpenAsync(folder, git, limits ?? new AnalysisLimits(), cancel);
        if (head.IsShallow) tree.LeaveUncounted("history", "The clone is shallow: only the newest commits are here.");
        var manifests = Manifests.Of(tree);
        var languages = LanguageCount.Of(tree, cancel);
        var gitHub = RemoteAddress.GitHubName(head.Remote);
        return new RepositoryAnalysis(
            gitHub ?? Path.GetFileName(folder), head.Remote, gitHub, head.Branch, head.Commit,
            tree.Files.Count, tree.Files.Sum(file => file.Bytes),
            languages, BuildCommands.Of(tree, manifests), EntryPointSearch.Of(tree, manifests), manifests.Dependencies,
            Repositories.Runtimes.Of(manifests), TopFiles.Readme(tree), Repositories.Licenses.Of(tree, manifests), TopFiles.Pipelines(tree), head.History, tree.LeftOut);
    }
}

/// <param name="Files">Files listed at most.</param>
/// <param name="FileBytes">A larger file is counted, but not read.</param>
/// <param name="TotalBytes">After this many bytes no more sources are read for counting.</param>
/// <param name="NamedBytes">After this many bytes no more manifests, licenses and other files that matter by their name are read.</param>
public sealed record AnalysisLimits(int Files = 20_000, long FileBytes = 1024 * 1024, long TotalBytes = 64L * 1024 * 1024, long NamedBytes = 64L * 1024 * 1024);

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

/// <summary>What a project needs to run at all.</summary>
/// <param name="Runtime">python, node, go, rust, dotnet or php.</param>
/// <param name="Version">As declared.</param>
public sealed record RuntimeNeed(string Runtime, string Version, string DeclaredIn);

/// <param name="Whole">False when the text was cut.</param>
public sealed record Excerpt(string Path, string Text, bool Whole, string ContentHash);

/// <param name="Path">A license file, a manifest, or a source that is marked.</param>
/// <param name="Spdx">SPDX identifier, or what is said there in words; null when the text is none of those known here.</param>
public sealed record LicenseFound(string Path, string? Spdx);

/// <param name="Date">Author date, ISO 8601 with offset.</param>
public sealed record CommitLine(string Hash, string Date, string Subject, string Author);

/// <param name="Count">How many; 0 when that is not known.</param>
public sealed record LeftOut(string What, int Count, string Why);
