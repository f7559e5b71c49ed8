namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>The script, or the fixing mode of the tool, that mends what a package's lint script finds.</summary>
internal static class NpmMend
{
    private static readonly (string Tool, string Flag)[] Modes = [("eslint", "--fix"), ("standard", "--fix"), ("xo", "--fix"), ("biome", "--write"), ("stylelint", "--fix")];

    public static PlannedCommand? Of(Site site, Dictionary<string, string> scripts)
    {
        PlannedCommand Npm(params IReadOnlyList<string> argv) => new("lint", "npm", site.Folder, argv) { Install = "Node.js with npm" };
        if (new[] { "lint:fix", "lint-fix", "fix", "format" }.FirstOrDefault(scripts.ContainsKey) is { } own)
        {
            return Npm("npm", "run", own);
        }

        if (scripts["lint"].Contains("prettier", StringComparison.Ordinal))
        {
            return Npm("npx", "--no-install", "prettier", "--write", ".");
        }

        return Modes.FirstOrDefault(mode => scripts["lint"].Contains(mode.Tool, StringComparison.Ordinal)) is { Flag: { } flag }
            ? Npm("npm", "run", "lint", "--", flag) : null;
    }
}
