using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>
/// A build without the packages that no source has: what measures coverage or checks style is often named beside what the
/// tests need. Where the code does need one, the compiler says so, and the first failure is the one that is told.
/// </summary>
internal static partial class DotnetMissing
{
    public static PlannedCommand? Without(Site site, PlannedCommand build, string output)
    {
        var missing = Missing().Matches(output).Select(match => match.Groups["id"].Value).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        if (missing.Count == 0)
        {
            return null;
        }

        var file = Path.Combine(site.Results, $"without-{Guid.NewGuid():n}.targets");
        File.WriteAllText(file, $"<Project><ItemGroup>{string.Concat(missing.Select(id => $"<PackageReference Remove=\"{id}\" />"))}</ItemGroup></Project>");
        var word = $"-p:CustomAfterMicrosoftCommonTargets={file}";
        return build with
        {
            Argv = [.. build.Argv, word], Private = [word], Otherwise = [], Again = (_, _) => null,
            Without = $"{string.Join(", ", missing)}, which no package source has",
        };
    }

    // NU1101: no such package; NU1102 and NU1103: none of that version.
    [GeneratedRegex(@"error NU110[123]: Unable to find (?:a stable )?package (?<id>[\w.-]*\w)(?=\. | with )")]
    private static partial Regex Missing();
}
