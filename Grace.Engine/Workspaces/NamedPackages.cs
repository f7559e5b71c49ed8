using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Workspaces;

/// <summary>
/// Which packages a repository itself asks for. A name in an error message is nothing to trust: whoever registers it would be
/// run. So only what a manifest or lock file names is ever fetched, and never what lies in the repository.
/// </summary>
internal static partial class NamedPackages
{
    private static readonly string[] Sections = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
    private static readonly string[] NpmLocks = ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"];
    private static readonly string[] PipFiles = ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "pdm.lock", "tox.ini", "environment.yml"];

    /// <summary>Why a package may not be fetched; null when it may.</summary>
    /// <param name="ecosystem">npm or pip.</param>
    /// <param name="module">The name in the code.</param>
    /// <param name="package">The name in the registry.</param>
    public static async Task<string?> WhyNotAsync(string workspace, string ecosystem, string module, string package, CancellationToken cancel)
    {
        var files = (await Git.RunAsync(workspace, cancel, "ls-files", "-z", "--cached", "--others", "--exclude-standard").ConfigureAwait(false)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (files.FirstOrDefault(file => Holds(file, module)) is { } own)
        {
            return $"'{module}' lies in the repository itself ({own}), so it is no package to fetch";
        }

        var named = files.Any(file => ecosystem == "npm" ? NamesNpm(workspace, file, package) : IsPip(file) && Normal(ForeignFile.Text(Path.Combine(workspace, file))) is var text && Names(text, Normal(package)));
        return named ? null : $"no manifest or lock file of the repository names '{package}', and a name in an error message is none to trust";
    }

    private static bool Holds(string file, string module)
    {
        var parts = file.Split('/');
        return parts.SkipLast(1).Contains(module) || Path.GetFileNameWithoutExtension(parts[^1]) == module && Path.GetExtension(parts[^1]) is ".py" or ".js" or ".mjs" or ".cjs" or ".ts";
    }

    private static bool NamesNpm(string workspace, string file, string package)
    {
        var name = Path.GetFileName(file);
        if (NpmLocks.Contains(name))
        {
            return Regex.IsMatch(ForeignFile.Text(Path.Combine(workspace, file), Site.LongestResults), $"(?<![\\w-]){Regex.Escape(package)}(?=[\"'@:])");
        }

        if (name != "package.json")
        {
            return false;
        }

        try
        {
            return ForeignJson.Read(ForeignFile.Text(Path.Combine(workspace, file))) is JsonObject manifest && Sections.Any(section => manifest[section] is JsonObject named && named.ContainsKey(package));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsPip(string file) =>
        PipFiles.Contains(Path.GetFileName(file)) || (file.Contains("requirement", StringComparison.OrdinalIgnoreCase) && Path.GetExtension(file) is ".txt" or ".in");

    /// <summary>As PEP 503 compares names: case and the kind of separator do not matter.</summary>
    private static string Normal(string text) => Separators().Replace(text.ToLowerInvariant(), "-");

    private static bool Names(string text, string package) => Regex.IsMatch(text, $"(?<![a-z0-9-]){Regex.Escape(package)}(?![a-z0-9-])");

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();
}
