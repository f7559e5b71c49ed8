using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// Who speaks in a message: the runtime whose stack it prints, the program that heads its line. Different voices say the same words
/// of different things.
/// </summary>
internal static partial class FailureVoice
{
    /// <returns>"python", "node", "git", "make"; null when nothing tells.</returns>
    public static string? Of(string line, IReadOnlyList<string> lines)
    {
        foreach (var other in lines)
            if (Stack().Match(other) is { Success: true } stack)
                return stack.Groups.Values.Skip(1).First(g => g.Success).Name;
        if (Source().Match(line) is { Success: true } source)
            return source.Groups.Values.Skip(1).First(g => g.Success).Name;
        if (line.StartsWith("ERROR:  ", StringComparison.Ordinal))
            return "sql";
        return Program().Match(line) is { Success: true } program && Named(program.Groups[1].Value) is var named && (named == "shell" || !Place().IsMatch(line)) && !SystemErrors.IsNobodys(line) ? named : null;
    }

    /// <summary>A script speaks as what runs it, a program as itself whatever its version.</summary>
    static string? Named(string program) => System.IO.Path.GetExtension(program) switch
    {
        ".sh" => "shell",
        ".py" => "python",
        { Length: > 1 } version when !char.IsAsciiDigit(version[1]) => null,
        _ when SystemErrors.IsPlain(program) => "shell",
        _ => program.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-'),
    };

    /// <summary>JavaScript's types have Python's names; only one of the two keeps them bare.</summary>
    public static bool IsScript(string line, string? voice) => voice == "node" || (voice is null && Script().IsMatch(line));

    [GeneratedRegex("""
        (?<python>^Traceback\s\(most|^\s*File\s"[^"]+",\sline\s\d+|^\S+\.py:\d+:\s)
        |(?<node>^Node\.js\sv\d|^\s+at\s.*(?:\bnode:|\.[cm]?[jt]sx?:\d+:\d+)|^node:)
        |(?<java>^\s+at\s[\w.$/<>]+\([\w]+\.java:\d+\)|^Exception\sin\sthread)
        |(?<dotnet>^\s+at\s.*\sin\s.*:line\s\d+|^Unhandled\sexception\.\sSystem\.)
        |(?<go>^goroutine\s\d+)|(?<rust>^thread\s'.*'.*\spanicked\sat)|(?<ruby>^\S+:\d+:in\s[`'])|(?<php>^PHP\s(?:Fatal|Parse|Warning))
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Stack();

    [GeneratedRegex(@"^\S*\.(?:(?<cc>c|h|cc|cpp|hpp|cxx)|(?<java>java)|(?<go>go)|(?<rust>rs)|(?<python>py)|(?<ts>tsx?))[:(]\d+", RegexOptions.ExplicitCapture)]
    private static partial Regex Source();

    [GeneratedRegex(@"^(?:\S*/)?(?!(?:[Ee]rror|ERROR|[Ww]arning|[Ff]atal|FATAL|panic|[Nn]ote|line|Caused|Exception|FAILED|FAIL)\b|[\w.]*(?:Error|Exception|Warning)\b)([A-Za-z][\w.+-]{1,20})(?:\[\d+\])?: ")]
    private static partial Regex Program();

    // What a shell heads with its own name, others head with a file's.
    [GeneratedRegex(@"^\S+: line \d+: ")]
    private static partial Regex Place();

    [GeneratedRegex(@"Cannot (?:read|set) propert|is not a (?:function|constructor)|of undefined\b|\bfetch failed|Unexpected token|Unexpected end of input|Invalid or unexpected token|has already been declared|\[Error\]|Assignment to constant")]
    private static partial Regex Script();
}
