using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>Words of a task that ask for more than keeping and serving records, which is all that templates give.</summary>
public static partial class BeyondTemplates
{
    /// <summary>The first word about who may do what; null where there is none.</summary>
    public static string? Access(string task) => AccessWords().Match(task) is { Success: true } found ? found.Value : null;

    /// <summary>The first word about anything else.</summary>
    public static string? Other(string task) => OtherWords().Match(task) is { Success: true } found ? found.Value : null;

    [GeneratedRegex(@"\b(?:auth\w*|log-?ins?|sign-?ins?|passwords?|oauth|jwt|permissions?|roles?)\b(?![^(]*\))", RegexOptions.IgnoreCase)]
    private static partial Regex AccessWords();

    [GeneratedRegex(@"\b(?:autoscal\w+|payments?|e-?mails? (?:is|are) sent|notif\w+|schedul\w+|import\w*|export\w*|front-?end|user interface|ui|machine learning|chat|stream\w*|websockets?|graphql|kubernetes)\b(?![^(]*\))", RegexOptions.IgnoreCase)]
    private static partial Regex OtherWords();
}
