using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>Requirements files, with those that they name.</summary>
internal static partial class PythonRequirements
{
    /// <summary>Reads a file and those that it takes in (-r); a constraints file (-c) narrows versions and requires nothing.</summary>
    public static IEnumerable<Dependency> Of(SourceFile file, string text, SourceTree tree, HashSet<string> seen)
    {
        if (!seen.Add(file.Path)) yield break;
        var scope = Scope(file);
        foreach (var line in text.Split('\n'))
        {
            if (Included().Match(line) is { Success: true } include)
            {
                if (tree.Find(Beside(file, include.Groups["path"].Value)) is not { } other) tree.LeaveFile("requirements", file, $"What it takes in is not here ({include.Groups["path"].Value})");
                else if (!seen.Contains(other.Path) && tree.Text(other, "manifests") is { } its)
                    foreach (var dependency in Of(other, its, tree, seen)) yield return dependency;
            }
            else if (One(line, scope, file.Path) is { } dependency) yield return dependency;
            else if (Address().IsMatch(line)) tree.LeaveFile("requirements", file, "Some are given by an address or a path, without a name");
        }
    }

    /// <summary>One requirement; options, comments and bare addresses are none with a name.</summary>
    public static Dependency? One(string line, string scope, string path)
    {
        if (line.Length > 500 || RequirementLine().Match(line) is not { Success: true } match) return null;
        var version = match.Groups[2].Value.Trim().Trim('(', ')').Trim();
        return new Dependency("pypi", match.Groups[1].Value, version.Length > 0 ? version : null, scope, path);
    }

    private static string Scope(SourceFile file) =>
        file.Name.Contains("dev", StringComparison.OrdinalIgnoreCase) ? "development"
        : file.Name.Contains("test", StringComparison.OrdinalIgnoreCase) ? "test" : "runtime";

    /// <summary>A path as a file beside it means it, without leaving the tree.</summary>
    private static string Beside(SourceFile file, string path)
    {
        var parts = file.Folder == "." ? new List<string>() : [.. file.Folder.Split('/')];
        foreach (var part in path.Replace('\\', '/').Split('/'))
        {
            if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or "")) parts.Add(part);
        }
        return string.Join('/', parts);
    }

    // The marker after ";" and hashes after " --" say when and how, not what.
    [GeneratedRegex(@"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*((?:@\s*\S+|\(?\s*[<>=!~][^;#]*?)?)\s*(?:\\|;.*|#.*|--.*)?$")]
    private static partial Regex RequirementLine();

    [GeneratedRegex(@"^\s*(?:-r|--requirement)(?:\s+|=)?(?<path>[^\s#]+)")]
    private static partial Regex Included();

    [GeneratedRegex(@"^\s*(?:(?:-e|--editable)\s*=?\s*)?(?:(?:git|hg|svn|bzr)\+|https?://|file:|\.{0,2}/)\S")]
    private static partial Regex Address();
}
