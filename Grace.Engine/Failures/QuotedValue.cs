using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// What a quoted value is, in place of what it says: names, places and texts are the user's. That a value is nothing at all
/// (null, None, undefined), a sign of the grammar ('}' expected) or a well-known file is the failure's.
/// </summary>
internal static partial class QuotedValue
{
    static readonly HashSet<string> Nothing = ["None", "NoneType", "null", "undefined", "nil", "void"];

    public static string Kind(string value)
    {
        var text = value.Trim();
        return text switch
        {
            _ when Placeholder().IsMatch(text) || Nothing.Contains(text) || Signs().IsMatch(text) => text,
            _ when Manifest(text) is { } name => name,
            _ when Number().IsMatch(text) => "<n>",
            _ when text.Any(char.IsWhiteSpace) => "<text>",
            _ when Place().IsMatch(text) => "<path>",
            _ => "<name>",
        };
    }

    /// <summary>The bare name of a well-known file, whatever folder it lies in; null for every other path.</summary>
    public static string? Manifest(string path) => Known().Match(path) is { Success: true } known ? known.Groups[1].Value : null;

    [GeneratedRegex(@"^(?:<[a-z]+>)?$")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[^\w\s<>/\\]{1,4}$|^(?:===?|!==?|=>|<=|>=)$")]
    private static partial Regex Signs();

    [GeneratedRegex(@"^[\^~<>=v]*\d[\d.x*]*$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(?:\.{1,2}|~|[A-Za-z]:)?[\\/]|^\.|\.\w{1,6}$|<path>")]
    private static partial Regex Place();

    [GeneratedRegex(@"(?:^|[\\/])(package\.json|package-lock\.json|tsconfig\.json|pyproject\.toml|requirements\.txt|Cargo\.toml|go\.mod|Dockerfile)$")]
    private static partial Regex Known();
}
