using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// Causes that have one meaning whatever tool reports them, in whatever words: a port in use is the same failure from Kestrel,
/// Node.js, Python and Docker. Only what needs the same fix everywhere belongs here.
/// </summary>
internal static partial class FailureCauses
{
    static readonly (string Name, Regex Match)[] Causes =
    [
        ("port-in-use", PortInUse()),
        ("disk-full", DiskFull()),
        ("connection-refused", Refused()),
        ("host-unknown", HostUnknown()),
        ("command-missing", CommandMissing()),
        ("heap-full", HeapFull()),
        ("out-of-memory", OutOfMemory()),
        ("rate-limited", RateLimited()),
        ("files-exhausted", FilesExhausted()),
        ("link-loop", LinkLoop()),
        ("merge-conflict", MergeConflict()),
        ("push-behind", PushBehind()),
        ("json-invalid", JsonInvalid()),
        ("yaml-invalid", YamlInvalid()),
    ];

    /// <param name="line">Before it is normalised.</param>
    public static string? Of(string line)
    {
        foreach (var (name, match) in Causes)
            if (match.IsMatch(line))
                return name;
        return null;
    }

    [GeneratedRegex(@"\bEADDRINUSE\b|address already in use|port is already allocated|port already in use|only one usage of each socket address", RegexOptions.IgnoreCase)]
    private static partial Regex PortInUse();

    [GeneratedRegex(@"\bENOSPC\b(?!.*file watchers)|no space left on device|not enough space on the disk|disk quota exceeded", RegexOptions.IgnoreCase)]
    private static partial Regex DiskFull();

    [GeneratedRegex(@"\bECONNREFUSED\b|\bconnection refused\b|actively refused it|: couldn't connect to server|Can't connect to (?:local )?(?:MySQL |MariaDB )?server", RegexOptions.IgnoreCase)]
    private static partial Regex Refused();

    [GeneratedRegex(@"\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN)|\bcode:? '?(?:ENOTFOUND|EAI_AGAIN)|name or service not known|no such host|host not found in upstream|could not resolve host|temporary failure in name resolution|nodename nor servname", RegexOptions.IgnoreCase)]
    private static partial Regex HostUnknown();

    [GeneratedRegex(@"^(?:/bin/|/usr/bin/)?(?:\w+\.sh|sh|bash|dash|zsh)(?:: (?:line )?\d+)?: [^:]+: (?:command )?not found|: command not found|is not recognized as an internal or external command|\bspawn(?:Sync)? \S+ ENOENT|executable file not found in \$?PATH|^make: \S+: No such file or directory|^env: .*No such file or directory", RegexOptions.IgnoreCase)]
    private static partial Regex CommandMissing();

    // A runtime's own limit, which is raised; what the system takes away needs another fix.
    [GeneratedRegex(@"heap out of memory|\bOutOfMemory(?:Exception|Error)\b|memory exhausted|Allowed memory size", RegexOptions.IgnoreCase)]
    private static partial Regex HeapFull();

    [GeneratedRegex(@"cannot allocate memory|\bMemoryError\b|\bexit(?:ed with)? (?:code|status):? 137\b", RegexOptions.IgnoreCase)]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(@"\btoomanyrequests\b|\b429 too many requests|rate limit exceeded|\brate limit\b.*\breached", RegexOptions.IgnoreCase)]
    private static partial Regex RateLimited();

    [GeneratedRegex(@"\bEMFILE\b|\btoo many open files\b", RegexOptions.IgnoreCase)]
    private static partial Regex FilesExhausted();

    [GeneratedRegex(@"\bELOOP\b|\btoo many levels of symbolic links\b", RegexOptions.IgnoreCase)]
    private static partial Regex LinkLoop();

    [GeneratedRegex(@"^CONFLICT \(|^Automatic merge failed;")]
    private static partial Regex MergeConflict();

    [GeneratedRegex(@"\[rejected\].*\((?:fetch first|non-fast-forward)\)")]
    private static partial Regex PushBehind();

    // A parser says it in many words, and each runtime in its own. That a value has the wrong type is another failure.
    [GeneratedRegex(@"^(?!JSON\.parse )(?!.*\bpackage\.json\b)(?:.*\bSyntaxError\b.*\bJSON\b|.*\b(?:JSON::\w+Error|JSON(?:Decode|Parse)Error|Json(?:Reader|Parse|Syntax)?Exception)\b(?!.*could not be converted)|.*is not valid JSON\b|.*does not contain valid JSON\b|(?:Expecting (?:value|property name|'.' delimiter)|Extra data|Invalid control character).*: line \d+ column \d+ \(char \d+\)$|.*[Uu]nexpected end of JSON input|.*\binvalid character '.{1,4}' (?:looking for|after|in) )")]
    private static partial Regex JsonInvalid();

    // The same of YAML: a document that cannot be read, whoever reads it.
    [GeneratedRegex(@"\byaml\.(?:parser|scanner|reader|composer)\.\w+Error\b|\bPsych::SyntaxError\b|\bYAML(?:Exception|ParseError|SyntaxError)\b|\b(?:Parser|Scanner)Error: while (?:parsing|scanning) \w|\berror converting YAML\b|\bneither as JSON nor YAML\b|\beither as JSON nor YAML\b|\byaml: line \d+:|\bYamlDotNet\.Core\.(?:Syntax|Semantic)\w+|\bYaml(?:Syntax|Semantic)ErrorException\b")]
    private static partial Regex YamlInvalid();
}
