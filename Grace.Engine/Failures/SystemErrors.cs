using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>The operating system's own errors, as shells and small programs print them: its words stand for a code (errno).</summary>
internal static partial class SystemErrors
{
    /// <summary>What they have in common is that nobody but the system speaks: a file is missing in the same way for all of them.</summary>
    static readonly HashSet<string> Plain =
    [
        "bash", "sh", "dash", "zsh", "cat", "ls", "cp", "mv", "rm", "mkdir", "rmdir", "touch", "ln", "head", "tail", "sort", "chmod", "chown", "dd", "tee", "stat", "du", "wc", "cut",
        "find", "install", "realpath", "readlink", "diff", "uniq", "tr", "od", "split", "shred", "truncate", "sed", "awk", "mawk", "gawk", "grep", "egrep", "less", "more", "file", "source",
    ];

    public static bool IsPlain(string program) => Plain.Contains(program);

    /// <summary>It names a file and no program.</summary>
    public static bool IsNobodys(string line) => Of(line) is { } error && error[^1] == '?';

    /// <returns>"errno ENOENT" with who says so, "ENOENT?" where nobody is named; null when the line says none.</returns>
    public static string? Of(string line)
    {
        if (Phrase().Match(line) is not { Success: true } phrase)
            return null;
        var code = phrase.Groups.Values.Skip(1).First(g => g.Success).Name;
        // What stands alone before the words is the file; who speaks names it after himself.
        var who = Speaker().Match(line) is { Success: true } speaker && (speaker.Groups["builtin"].Success || phrase.Index > speaker.Length + 1) ? speaker.Groups["builtin"].Success ? "cd" : speaker.Groups["who"].Value : "";
        if (System.IO.Path.GetExtension(who) is { Length: > 1 } extension && extension is not ".sh" and not ".py" && !char.IsAsciiDigit(extension[1]))
            who = "";
        who = who.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        return who.Length == 0 ? $"{code}?" : $"errno {code} {(Plain.Contains(who) || who.EndsWith(".sh", StringComparison.Ordinal) ? "shell" : who)}";
    }

    [GeneratedRegex("""
        (?<ENOENT>\b[Nn]o\ssuch\sfile(?:\sor\sdirectory\b|$)|\bcan't\scd\sto\b)
        |(?<EACCES>\b[Pp]ermission\sdenied\b)
        |(?<EISDIR>\b[Ii]s\sa\sdirectory\b)
        |(?<ENOTDIR>\b[Nn]ot\sa\sdirectory\b)
        |(?<EEXIST>\b[Ff]ile\sexists\b)
        |(?<ENOTEMPTY>\b[Dd]irectory\snot\sempty\b)
        |(?<EPERM>\b[Oo]peration\snot\spermitted\b)
        |(?<EROFS>\b[Rr]ead-only\sfile\ssystem\b)
        |(?<EXDEV>\b[Ii]nvalid\scross-device\slink\b)
        |(?<E2BIG>\b[Aa]rgument\slist\stoo\slong\b)
        |(?<EMFILE>\b[Tt]oo\smany\sopen\sfiles\b)
        |(?<ENOEXEC>\b[Ee]xec\sformat\serror\b)
        |(?<EBUSY>\b(?:[Dd]evice|[Tt]ext\sfile)\s(?:or\sresource\s)?busy\b)
        |(?<EPIPE>\b[Bb]roken\spipe\b)
        |(?<ECONNRESET>\b[Cc]onnection\sreset\sby\speer\b)
        |(?<EHOSTUNREACH>\b[Nn]o\sroute\sto\shost\b)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Phrase();

    [GeneratedRegex(@"^(?:\S*/)?(?<who>(?!(?:error|fatal|warning|panic)\b)[A-Za-z][\w.+-]*)(?:\[\d+\]|\s\(child\))?:(?<builtin>(?: \S+ \d+:| \d+:)? cd:)?", RegexOptions.IgnoreCase)]
    private static partial Regex Speaker();
}
