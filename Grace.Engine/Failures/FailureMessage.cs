using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// What a failure's message says every time it happens: places, numbers, ids, times, hosts, quoted values and colours give
/// way to placeholders; what tells failures apart (error codes, types of exceptions, names of rules, HTTP statuses, the
/// words) stays. Normalising twice changes nothing.
/// </summary>
public static partial class FailureMessage
{
    /// <summary>Characters of a normalised message.</summary>
    public const int Longest = 500;

    const int MostRead = 4000;
    const int MostPasses = 12;

    static readonly (Regex Match, MatchEvaluator Put)[] Steps =
    [
        (Url(), _ => "<url>"),
        (Id(), _ => "<id>"),
        (Time(), _ => "<time>"),
        (Quoted(), m => $"'{QuotedValue.Kind(m.Groups[2].Value)}'"),
        (Package(), _ => "<package>"),
        (Path(), m => QuotedValue.Manifest(m.Value) ?? "<path>"),
        (Place(), m => m.Groups[1].Value),
        (Host(), _ => "<host>"),
        (Hash(), _ => "<hash>"),
        (Number(), m => m.Groups["keep"].Success ? m.Value : "<n>"),
        (Runs(), m => m.Groups[1].Value),
    ];

    /// <summary>The message on one line, at most <see cref="Longest"/> characters.</summary>
    public static string Normalise(string message)
    {
        var text = message.Length <= MostRead ? message : message[..MostRead];
        text = string.Join(' ', Lines(text));
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var before = text;
            foreach (var (match, put) in Steps)
                text = match.Replace(text, put);
            text = Space().Replace(text, " ").Trim();
            if (text.Length > Longest)
                text = text[..Longest].Trim();
            if (text == before)
                break;
        }
        return text;
    }

    /// <summary>The lines as a terminal would leave them: without colours, overwritten progress, control characters and what loggers put before a line.</summary>
    public static IEnumerable<string> Lines(string text) => Colours().Replace(text, "").Split('\n')
        .Select(line => line.TrimEnd('\r'))
        .Select(line => line[(line.LastIndexOf('\r') + 1)..])
        .Select(line => Prefix().Replace(Control().Replace(line, " "), "").TrimEnd());

    [GeneratedRegex(@"\x1B(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(?:\x07|\x1B\\)?|[@-Z\\-_])")]
    private static partial Regex Colours();

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Cs}]")]
    private static partial Regex Control();

    // In turn: a runner's time, BuildKit's step and seconds, a compose service, a runner's or a logger's level.
    [GeneratedRegex(@"^(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?(?:\s|$)|\s*\[\d\d:\d\d:\d\d(?:\.\d+)?(?: \w+)?\]\s+|\#\d+ \d+\.\d+ |\s*\d+\.\d{2,4} (?=\S)|[\w.-]+-\d+\s+\| |\#\#\[\w+\]|::error[^:]*::|\[(?:ERROR|INFO|FATAL|error)\](?:\s+|$))+")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{1,20}://[^\s'""`<>)\]]+|\b[\w.-]+@[\w-]+(?:\.[\w-]+)+:[\w./~-]+", RegexOptions.IgnoreCase)]
    private static partial Regex Url();

    [GeneratedRegex(@"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|(?<![\\/\w])(?:pipeline|artifact|run|job|task)_[0-9a-z]*\d[0-9a-z]*\b", RegexOptions.IgnoreCase)]
    private static partial Regex Id();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\d(?:[T _]\d\d[:_]\d\d(?:[:_]\d\d)?(?:[.,_]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b|\b\d+(?:[.,]\d+)? ?(?:ms|µs|ns|s|secs?|seconds?|min|minutes?|hours?)\b")]
    private static partial Regex Time();

    [GeneratedRegex(@"(?<![\w\\])(['""`‘“«])([^'""`‘’“”«»\n]{0,300})['""`’”»](?!\w)")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<![\w/@.<-])@?[a-z][\w.-]*(?:/[a-z][\w.-]*)?@(?:[\^~<>=v]*\d[\w.+*-]*|\*|latest|next)", RegexOptions.IgnoreCase)]
    private static partial Regex Package();

    [GeneratedRegex(@"(?<![\w<>/\\.@-])(?:(?:[A-Za-z]:|~|\.{1,2}|[\w@.+-]+)?(?:[\\/][\w.+@~$-]+){2,}[\\/]?|\.{0,2}/[\w.+@-]+(?:/[\w.+@-]+)*/?|(?:[\w@+-]+[\\/])*[\w@+-][\w.+-]*\.(?:cs|csproj|sln|slnx|fs|vb|props|targets|dll|exe|[cm]?[jt]sx?|json|ya?ml|toml|py|pyc|go|rs|rb|java|php|lock|txt|md|html?|css|csv|xml|sh|sql|log|cfg|ini|env|pem|tgz|whl|so|[ch]|cpp|mod|sum|git))(?![\w])(?:\(\d+(?:,\d+)*\))?(?::\d+)*", RegexOptions.IgnoreCase)]
    private static partial Regex Path();

    [GeneratedRegex(@"(<path>|\.json|\.toml|\.txt|Dockerfile)(?:\(\d+(?:,\d+)*\)|(?::\d+)+|, line \d+)")]
    private static partial Regex Place();

    [GeneratedRegex(@"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:/\d+)?\b|\[[0-9a-f:]*::[0-9a-f:]*\](?::\d+)?|(?<![\w:]):::\d+|\b(?:localhost|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|local|internal|invalid|test|lan|corp|cloud|example))(?::\d+)?\b(?![.(])")]
    private static partial Regex Host();

    [GeneratedRegex(@"\bsha\d+:[0-9a-f]{6,}\b|\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b|\b(?=[0-9a-z]*[0-9])(?=[0-9a-z]*[a-z])[0-9a-z]{20,}\b", RegexOptions.IgnoreCase)]
    private static partial Regex Hash();

    // Kept: codes (CS0246, NETSDK1045, E0382, F401), HTTP statuses, and the exit codes that a signal or a shell gave.
    [GeneratedRegex(@"(?<keep>\b[A-Za-z]{0,6}[A-Z]\d{3,5}\b|(?<=\b(?:[Ss]tatus(?: code)?(?: does not indicate success)?:? |HTTP |HTTP/[\d.]{1,3} ))[1-5]\d\d\b|\b[45]\d\d(?= \(?(?:Unauthorized|Forbidden|Not Found|Conflict|Too Many|Internal Server|Bad (?:Gateway|Request)|Service Unavailable|Gateway))|(?<=\b[Ee]xit(?:ed with)? (?:code|status):? )1(?:26|27|34|37|39|43)\b)|[vV^~]?\d+(?:[.,:]\d+)*(?:\.[x*])?")]
    private static partial Regex Number();

    [GeneratedRegex(@"(<n>|<time>|<path>)(?:[\s,.:x/-]{0,3}\1)+")]
    private static partial Regex Runs();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
