using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>Which solutions, and which test projects beside them, together hold every test project once.</summary>
internal static partial class DotnetSolutions
{
    /// <param name="tests">Absolute.</param>
    public static (IReadOnlyList<(string Solution, IReadOnlyList<string> Tests)> Solutions, IReadOnlyList<string> Alone) Of(Site site, IReadOnlyList<string> tests)
    {
        var found = new[] { 0, 1 }.Select(depth => site.Files("*.sln*", depth).Where(file => Path.GetExtension(file) is ".sln" or ".slnx").ToList()).FirstOrDefault(list => list.Count > 0) ?? [];
        var left = tests.ToList();
        var chosen = new List<(string, IReadOnlyList<string>)>();
        // The one that holds most first; a filtered or partial one of the same projects adds nothing.
        var holds = found.Select(file => (File: file, Projects: Projects(file))).OrderByDescending(one => one.Projects.Count(tests.Contains)).ThenBy(one => one.File, StringComparer.Ordinal);
        foreach (var (file, projects) in holds)
        {
            var own = left.Where(projects.Contains).ToList();
            if (own.Count > 0 || (chosen.Count == 0 && tests.Count == 0))
            {
                chosen.Add((file, own));
                left.RemoveAll(own.Contains);
            }
        }

        return (chosen, left);
    }

    private static HashSet<string> Projects(string solution)
    {
        var folder = Path.GetDirectoryName(solution)!;
        return [.. Project().Matches(ForeignFile.Text(solution)).Select(match => Path.GetFullPath(Path.Combine(folder, match.Groups[1].Value.Replace('\\', '/'))))];
    }

    [GeneratedRegex(@"""([^""<>|*?\r\n]+\.(?:cs|fs|vb)proj)""")]
    private static partial Regex Project();
}
