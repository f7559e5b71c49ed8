using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge;

/// <summary>Whether the places that name a project's license agree; a design has to know where they do not.</summary>
internal static partial class LicenseClaims
{
    /// <summary>What each place says, in one sentence; null where all say the same. Several files are several to choose from.</summary>
    public static string? Difference(IEnumerable<JsonObject> licenses)
    {
        var told = licenses.Select(l => (Path: JsonText.Text(l["path"]) ?? "", Says: JsonText.Text(l["spdx"]))).Where(l => l.Says is not null).ToList();
        var files = told.Where(l => IsFile(l.Path)).ToList();
        var kinds = told.Except(files).Select(l => Names(l.Says!)).ToList();
        if (files.Count > 0) kinds.Add([.. files.SelectMany(f => Names(f.Says!))]);
        return kinds.Skip(1).All(k => k.SetEquals(kinds[0])) ? null
            : $"The license is told in more than one way: {string.Join(", ", told.Take(5).Select(l => $"{l.Path} says {l.Says}"))}.";
    }

    private static bool IsFile(string path) => path.StartsWith("LICENSES/", StringComparison.Ordinal) || LicenseFile().IsMatch(path);

    /// <summary>"(MIT OR GPL-3.0-or-later)" names MIT and GPL-3.0, whichever way it is written.</summary>
    private static HashSet<string> Names(string says) =>
        new(Between().Split(says.Trim('(', ')', ' ')).Select(name => Version().Replace(name.Trim('(', ')', ' '), "").Replace(' ', '-')).Where(name => name.Length > 0), StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"^[^/.]*(?:licen[cs]e|copying|copyright|unlicense)[^/]*$", RegexOptions.IgnoreCase)]
    private static partial Regex LicenseFile();

    [GeneratedRegex(@"\s+(?:OR|AND|and)\s+|\s*/\s*|,\s*")]
    private static partial Regex Between();

    [GeneratedRegex(@"(?:-only|-or-later|\+|,? by one text)$")]
    private static partial Regex Version();
}
