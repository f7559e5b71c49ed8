using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What the files at the top say: readme, continuous integration.</summary>
internal static partial class TopFiles
{
    private const int ReadmeLimit = 4000;

    public static Excerpt? Readme(SourceTree tree)
    {
        var file = tree.Files.Where(f => f.Depth == 0 && f.Name.StartsWith("readme", StringComparison.OrdinalIgnoreCase))
            .OrderBy(f => f.Name.EndsWith(".md", StringComparison.OrdinalIgnoreCase) ? 0 : 1).ThenBy(f => f.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        if (file is null || tree.Text(file, "readme") is not { Length: > 0 } text) return null;
        if (text.Length <= ReadmeLimit) return new Excerpt(file.Path, text.TrimEnd(), true, KnowledgeHash.Of(text));
        var end = text.LastIndexOf("\n\n", ReadmeLimit, StringComparison.Ordinal);
        return new Excerpt(file.Path, CleanText.Of(text[..(end > ReadmeLimit / 2 ? end : ReadmeLimit)]).TrimEnd(), false, KnowledgeHash.Of(text));
    }

    public static IReadOnlyList<string> Pipelines(SourceTree tree) =>
        [.. tree.Files.Select(file => file.Path).Where(path => Pipeline().IsMatch(path)).Take(30)];

    [GeneratedRegex(@"^(\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.?azure-pipelines\.ya?ml|Jenkinsfile|\.circleci/config\.yml|\.travis\.yml|\.?appveyor\.yml|bitbucket-pipelines\.yml|\.drone\.yml|\.woodpecker(\.yml|/[^/]+\.ya?ml)|\.ci/[^/]+|\.buildkite/[^/]+\.ya?ml|\.teamcity/.+|\.cirrus\.yml)$")]
    private static partial Regex Pipeline();
}
