using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>The line of a tool's output that says what failed.</summary>
/// <param name="Text">As printed, without colours and prefixes; what belongs to it from the lines after it is joined on.</param>
/// <param name="Anchor">What tells the failure apart before any word does: a cause, a code, a type of exception; null when nothing does.</param>
public sealed record TellingLine(string Text, string? Anchor);

/// <summary>Finds it: the first of the most telling lines, never progress, warnings, stack frames or totals.</summary>
internal static partial class TellingLines
{
    const int MostRead = 400_000;
    const int MostLines = 600;
    const int LongestLine = 1000;
    const int MostJoined = 1;

    public static TellingLine Of(string message)
    {
        var lines = Bounded(message);
        if (lines.Count == 0)
            return new("", null);
        var best = Heaviest(lines, line => Noise().IsMatch(line) ? 0 : Weigh(line)) ?? Heaviest(lines, Weigh) ?? 0;
        var text = Join(lines, best);
        return new(text, Anchor(text, lines));
    }

    static int? Heaviest(List<string> lines, Func<string, int> weigh)
    {
        var (best, weight) = (-1, 0);
        for (var i = 0; i < lines.Count && weight < Weight.Cause; i++)
            if (weigh(lines[i]) is var found && found > weight)
                (best, weight) = (i, found);
        return best < 0 ? null : best;
    }

    /// <summary>Both ends of what is too long: tools say what failed first at the start, sum up at the end.</summary>
    static List<string> Bounded(string message)
    {
        if (message.Length > MostRead)
            message = $"{message[..(MostRead / 2)]}\n{message[^(MostRead / 2)..]}";
        var all = FailureMessage.Lines(message).Select(Unframed).Where(line => line.Length > 0).ToList();
        if (all.Count > MostLines)
            all.RemoveRange(MostLines / 2, all.Count - MostLines);
        return [.. all.Select(line => line.Length <= LongestLine ? line : line[..LongestLine])];
    }

    static string Unframed(string line) => Frame().Replace(line, "").TrimEnd();

    static class Weight
    {
        public const int Words = 1, Error = 2, Named = 3, Code = 4, Cause = 5;
    }

    static int Weigh(string line) => line switch
    {
        _ when FailureCauses.Of(line) is not null => Weight.Cause,
        _ when FailureCodes.Tool(line) is not null => Weight.Code,
        _ when FailureCodes.Exception(line) is not null => Weight.Named,
        _ when Error().IsMatch(line) => Weight.Error,
        _ when Words().IsMatch(line) => Weight.Words,
        _ => 0,
    };

    static string? Anchor(string text, List<string> lines) =>
        FailureCauses.Of(text)
        ?? (FailureCodes.Exception(text) == "FileNotFoundError" && lines.Exists(l => l.Contains("subprocess.py", StringComparison.Ordinal)) ? "command-missing" : null)
        ?? FailureCodes.Tool(text)
        ?? FailureCodes.Exception(text);

    /// <summary>Joins what the line only announces: the message of an npm code, of an exception that says nothing yet.</summary>
    static string Join(List<string> lines, int at)
    {
        var text = lines[at].Trim();
        if (!Announces().IsMatch(text))
            return text;
        var more = lines.Skip(at + 1).Select(l => l.Trim()).Where(l => l.Length > 0 && !Noise().IsMatch(l) && !Detail().IsMatch(l)).Take(MostJoined);
        return string.Join(' ', more.Prepend(text));
    }

    [GeneratedRegex(@"^\s*npm (?:ERR!|error) ?|^E {2,}(?=\S)|^\s*(?:│|┃|\|)\s")]
    private static partial Regex Frame();

    [GeneratedRegex(@"^code E[A-Z0-9]+$|^[\w.]*(?:Exception|Error)\s*:?$")]
    private static partial Regex Announces();

    [GeneratedRegex(@"^(?:syscall|path|errno|at|code|command|dest|file)\b|^While resolving|^Found:|^node_modules/|^[\d\W]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Detail();

    [GeneratedRegex(@"""?\b(?:error|fatal|panic|failed|failure|oops)\b|\b[Cc]annot\b|! \[|^Missing script", RegexOptions.IgnoreCase)]
    private static partial Regex Error();

    [GeneratedRegex(@"\b(?:not|cannot|can't|couldn't|could|unable|invalid|missing|denied|refused|rejected|expected|unexpected|unknown|undefined|exceeded|unresolved|conflict|already|timed out|killed|unused|refusing)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Words();

    [GeneratedRegex("""
        ^\s*$
        |^\s*at\s|^\s*File\s"|^node:|^Node\.js\sv|^Traceback|^\s*\^+|^\s*[~^\s]+$|^Require\sstack|^\s*-\s/
        |\bwarn(?:ing)?\b(?!s\streated)|^\(node:\d+\)|Deprecat|^DEPRECATED
        |A\scomplete\slog\sof|^For\smore\sinformation|^For\sa\sfull\sreport|^hint:|^\s*=\s(?:help|note)|^(?:help|note):
        |^\s*(?:Compiling|Checking|Downloading|Downloaded|Updating|Finished|Restored|Determining|Installing|Collecting)\b
        |^Build\sFAILED|^\s*\d+\s(?:Warning|Error)\(s\)|^Time\sElapsed|Build\s(?:succeeded|failed)\s(?:with|in)
        |could\snot\scompile|aborting\sdue\sto|^make(?:\[\d+\])?:\s\*\*\*|^FAIL\b|^FAILED\b|^\s*=>\s|^\s*(?:Error\sMessage|Stack\sTrace|Message):$|^ERROR\s\S+::|^\S+::\S+\s+[A-Z]+|^---\sFAIL|^=+\s|^_+\s|^\s*✖\s\d+\sproblem|^\s*\d+\serrors?\sand\s
        |Process\scompleted\swith\sexit\scode|exited\swith\scode\s\d+$|^exit\sstatus|^ELIFECYCLE|did\snot\scomplete\ssuccessfully
        |^\s*\d+\s(?:passed|failed|error)|^Tests?:?\s|^Test\sSuites|^\s*(?:Failed|Passed)!?\s+-\s|^\s*(?:Failed|Passed)\s[\w.+]+.*\[[^\]]+\]$|^Total\stests|^\s*✕|^\s*●
        |^(?:\x20{4}(?!\s*(?:expect\(|thrown:|Assert\.))|>|E?\s*\d+\s\|)|^Uncaught:?$|^\s*throw\s
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Noise();
}
