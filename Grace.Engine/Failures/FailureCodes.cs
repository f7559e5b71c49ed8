using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>The names that tools themselves give to failures: codes, rules, assertions, types of exceptions.</summary>
internal static partial class FailureCodes
{
    /// <summary>A tool's own code for a failure, with what its code leaves open; null when the line has none.</summary>
    public static string? Tool(string line)
    {
        if (Rule().Match(line) is { Success: true } rule)
            return $"rule {First(rule)}";
        if (Matcher().Match(line) is { Success: true } matcher)
            return $"expect {matcher.Groups[1].Value}";
        if (Assertion().Match(line) is { Success: true } assertion)
            return First(assertion);
        if (Comparison().IsMatch(line))
            return Operator().Match(line) is { Success: true } comparing ? $"assert {comparing.Value}" : "assert truth";
        if (Go().Match(line) is { Success: true } go)
            return $"go {(go.Groups["unknown"].Success ? "undefined:" : go.Groups[1].Value.Replace(" but ", " and ", StringComparison.Ordinal))}";
        if (Npm().Match(line) is { Success: true } npm)
            return $"npm{(npm.Value.EndsWith("EUSAGE", StringComparison.Ordinal) || Errno().IsMatch(npm.Value) ? ':' : ' ')}{npm.Groups[1].Value}";
        var code = Code().Match(line) is { Success: true } found ? First(found) : null;
        if (code == "ERR_MODULE_NOT_FOUND")
            code = null;
        if (LocalModule().IsMatch(line))
            return $"{code ?? "module"} local";
        if (PackageModule().IsMatch(line))
            return $"{code ?? "module"} package";
        return code is not null && Status().Match(line) is { Success: true } status ? $"{code} {status.Value}" : code;
    }

    /// <summary>Codes that say only that something failed: what the line says besides tells more.</summary>
    public static bool IsVague(string code) => code is "ERR_TEST_FAILURE" or "ERR_UNHANDLED_REJECTION" or "ERR_INTERNAL_ASSERTION";

    static string First(Match match) => match.Groups.Values.Skip(1).First(g => g.Success).Value;

    /// <summary>The type of the exception that the line reports, without its namespace, with the errno where it has one; or the errno alone.</summary>
    public static string? Exception(string line)
    {
        var type = Type().Match(line) is { Success: true } found ? First(found) : null;
        if (type is null && NoModule().IsMatch(line))
            return "ModuleNotFoundError";
        if (type == "AttributeError" && line.Contains("'NoneType'", StringComparison.Ordinal))
            return "AttributeError.none";
        var errno = Errno().Match(line) is { Success: true } number ? number.Value : null;
        if (type == "NoSuchFileException")
            type = "FileNotFoundException";
        return errno ?? (type is "Error" or "Exception" or "RuntimeError" or null ? null : type);
    }

    [GeneratedRegex(@"^\s*\d+:\d+\s+error\s.*?\s{2,}(@?[a-z][\w/-]+)\s*$|^\s*\d+:\d+\s+error\s+(Parsing error):|\[Error/([\w@/-]+)\]|[(\[]type=([a-z]\w*(?:\.\w+)*)[;,)\]]")]
    private static partial Regex Rule();

    [GeneratedRegex(@"\bexpect\((?:received|jest\.fn\(\)|fn|spy)\)(?:\.(?:not|resolves|rejects))*\.(to\w+)\(")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(Assert\.\w+)\(\) Failure|^(?:Failed: )?(DID NOT RAISE)\b|(?<!\.)\b(Exceeded timeout of|Timeout of) \d")]
    private static partial Regex Assertion();

    [GeneratedRegex(@"^(?:AssertionError: )?assert (?:(?:not )?(?:False|True|None)\b|.+ (?:==|!=|in|is|<=|>=|<|>) )")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"(?<= )(?:==|!=|not in|in|is not|is|<=|>=|<|>)(?= )")]
    private static partial Regex Operator();

    [GeneratedRegex(@"(?:error|err!)\s+([A-Za-z]{0,8}[A-Z]\d{3,5})\b|\berror\[(E\d{4})\]|\b((?:CS|TS|NU|MSB|NETSDK|BC|FS|CA|IDE|SA|NETDEV)\d{3,5})\b:|\[(ERR_[A-Z_]+)\]|\b(ERR_(?!ASSERTION)[A-Z_]{4,})\b", RegexOptions.IgnoreCase)]
    private static partial Regex Code();

    // What npm's code leaves open after a colon is a system error or a wrong use of it, for the words to tell.
    [GeneratedRegex(@"^code ([A-Z][A-Z0-9_]{3,})\b")]
    private static partial Regex Npm();

    // Go's compiler has no codes; these are the heads of its messages.
    [GeneratedRegex(@"^(?:vet: )?\S+\.go:\d+(?::\d+)?: .*?(cannot use|(?<unknown>undefined:|undeclared name:|\w+ not declared by package)|declared (?:but|and) not used|imported (?:and|but) not used|missing return|not enough arguments|too many arguments|assignment mismatch|invalid operation|redeclared|is not a type|providing package|no required module)")]
    private static partial Regex Go();

    [GeneratedRegex(@": No module named '?[\w.]+'?$")]
    private static partial Regex NoModule();

    [GeneratedRegex(@"\b[Cc]annot find module '(?:\.|/|[A-Za-z]:\\)")]
    private static partial Regex LocalModule();

    [GeneratedRegex(@"\b[Cc]annot find (?:module|package) '[^./]")]
    private static partial Regex PackageModule();

    [GeneratedRegex(@"\b[45]\d\d(?= \(?[A-Z][a-z])")]
    private static partial Regex Status();

    [GeneratedRegex(@"(?:^|[\s.(])([A-Za-z]\w*(?:Exception|Error|Warning|Interrupt))(?: \(\w+\))?(?: \[\w+\])? ?(?::|$)|\((?!see)((?:\w+::)*[A-Z]\w*(?:Error|Exception|::Error))\)$")]
    private static partial Regex Type();

    [GeneratedRegex(@"\bE(?:NOENT|ACCES|PERM|EXIST|ISDIR|NOTDIR|NOTEMPTY|MFILE|PIPE|TIMEDOUT|CONNRESET|BUSY|XDEV|ROFS|INVAL|LOOP)\b")]
    private static partial Regex Errno();
}
