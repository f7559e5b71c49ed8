using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>
/// Packages that no source has: tools for coverage, analyzers, generators, what other frameworks than the tested one are compiled against. NuGet restores nothing before it has all of them; what
/// the code uses is missed by the compiler.
/// </summary>
internal static partial class DotnetAbsent
{
    /// <param name="framework">The one that is tested; what is missed for others only is left out with them.</param>
    /// <returns>The packages, and the word that makes MSBuild leave them out; null where one of them runs the tests, or comes with another.</returns>
    public static (IReadOnlyList<string> What, string Word)? Of(Site site, string output, string? framework)
    {
        List<string> absent = [.. Absent().Matches(output).Select(match => match.Groups[1].Value).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (framework is not null && absent.Count > 0 && absent.All(name => Targeting().IsMatch(name)))
        {
            return (absent, $"-p:TargetFrameworks={framework}");
        }

        var referenced = site.Files("*.*", 4).Where(file => Path.GetExtension(file) is ".csproj" or ".fsproj" or ".vbproj" or ".props" or ".targets")
            .SelectMany(file => Reference().Matches(ForeignFile.Text(file))).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (absent.Count == 0 || absent.Any(name => Runs().IsMatch(name) || !referenced.Contains(name)))
        {
            return null;
        }

        var file = Path.Combine(site.Results, $"absent-{Guid.NewGuid():n}.targets");
        File.WriteAllText(file, $"<Project><ItemGroup>{string.Concat(absent.Select(name => $"<PackageReference Remove=\"{name}\" />"))}</ItemGroup></Project>");
        return (absent, $"-p:CustomAfterMicrosoftCommonTargets={file}");
    }

    [GeneratedRegex(@"\berror NU110[12]: Unable to find package ([\w.-]+?)(?:\. No packages exist|\s+with version)")]
    private static partial Regex Absent();

    [GeneratedRegex(@"^Microsoft\.(?:NETCore|AspNetCore|WindowsDesktop)\.App\.|^NETStandard\.Library", RegexOptions.IgnoreCase)]
    private static partial Regex Targeting();

    [GeneratedRegex(@"<(?:Global)?PackageReference\s[^>]*?Include\s*=\s*""([^""]+)""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"xunit|nunit|mstest|tunit|test\.sdk|testing|runner|adapter", RegexOptions.IgnoreCase)]
    private static partial Regex Runs();
}
