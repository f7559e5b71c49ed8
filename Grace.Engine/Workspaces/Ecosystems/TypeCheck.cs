using System.Text.RegularExpressions;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>
/// A type check without what the packages declare: their declarations may need another TypeScript than the repository's,
/// which says nothing of the repository's own code.
/// </summary>
internal static partial class TypeCheck
{
    public static PlannedCommand Planned(Site site, NodeClient client, string line)
    {
        var check = client.Shell(site, "lint", line) with { Own = true, Proves = true };
        return !IsCompiler().IsMatch(line) ? check : check with
        {
            Without = output => !IsOfPackagesAlone(output) ? null
                : new LeftOut([], [client.Shell(site, "lint", $"{line} --skipLibCheck") with { Own = true, Proves = true }]) { Why = "in the declarations of installed packages alone, which this TypeScript does not accept" },
        };
    }

    /// <summary>Every error that the compiler names lies in a package.</summary>
    internal static bool IsOfPackagesAlone(string output)
    {
        var errors = PlainText.Lines(output).Where(line => Error().IsMatch(line)).ToList();
        return errors.Count > 0 && errors.All(line => Place().Match(line) is { Success: true } place && $"/{place.Groups["file"].Value}".Contains("/node_modules/", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^tsc(?: |$)(?!.*--skipLibCheck)(?!.*(?:--build|-b)\b)")]
    private static partial Regex IsCompiler();

    [GeneratedRegex(@"\berror TS\d+:")]
    private static partial Regex Error();

    [GeneratedRegex(@"^\s*(?<file>[^\s(:]+\.\w+)(?:\(\d+,\d+\)|:\d+:\d+)\s*(?::|-)?\s*error TS\d+:")]
    private static partial Regex Place();
}
