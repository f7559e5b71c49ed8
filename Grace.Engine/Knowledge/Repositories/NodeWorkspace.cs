using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>Which packages belong to a workspace: <c>workspaces</c> of package.json as a list or an object, or pnpm-workspace.yaml.</summary>
/// <param name="Folder">Of the root package.</param>
internal sealed record NodeWorkspace(string Folder, IReadOnlyList<string> Globs)
{
    private const int LongestGlob = 200;

    public static NodeWorkspace? Of(SourceFile file, JsonObject package, IReadOnlyDictionary<string, JsonNode?> pnpm)
    {
        var globs = Texts(package["workspaces"] is JsonObject kept ? kept["packages"] : package["workspaces"]).ToList();
        if (pnpm.TryGetValue(file.Folder, out var workspace)) globs.AddRange(Texts((workspace as JsonObject)?["packages"]));
        return globs.Count == 0 ? null : new(file.Folder, globs);
    }

    /// <summary>Whether a package below it is one of its own, and so built and tested with it.</summary>
    public bool Has(string folder)
    {
        if (Folder != "." && !folder.StartsWith(Folder + "/", StringComparison.Ordinal)) return false;
        var below = Folder == "." ? folder : folder[(Folder.Length + 1)..];
        return Globs.Any(g => !g.StartsWith('!') && Covers(g, below)) && !Globs.Any(g => g.StartsWith('!') && Covers(g[1..], below));
    }

    private static bool Covers(string glob, string folder)
    {
        if (glob.Length > LongestGlob) return false;
        var pattern = Regex.Escape(glob.Trim().TrimEnd('/').Replace("./", "", StringComparison.Ordinal))
            .Replace(@"\*\*/", "(?:[^/]+/)*", StringComparison.Ordinal).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        pattern = Braces.Replace(pattern, m => $"(?:{m.Groups[1].Value.Replace(',', '|')})");
        return Regex.IsMatch(folder, $@"^{pattern}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    private static readonly Regex Braces = new(@"\\\{([^{}]*?)\\?\}", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static IEnumerable<string> Texts(JsonNode? node) => (node as JsonArray ?? []).Select(NodePackage.Text).OfType<string>().Take(200);
}
