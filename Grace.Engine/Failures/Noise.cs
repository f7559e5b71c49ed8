using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>Lines that do not say what failed: progress, warnings, stack frames, totals, hints, and what a wrapper adds.</summary>
internal static partial class Noise
{
    public static bool Is(string line) => Lines().IsMatch(line) || IsWrapper(line);

    /// <summary>What runs a command says that it failed, and with which exit code; never why. Signals are told by it alone.</summary>
    public static bool IsWrapper(string line) => Wrapper().IsMatch(line);

    /// <summary>The line in which npm says that it runs a script.</summary>
    public static bool IsScript(string line) => Header().IsMatch(line);

    [GeneratedRegex("""
        ^\s*$
        |^\s*at\s|^\s*File\s"|^node:|^Node\.js\sv|^Traceback|^\s*\^+|^\s*[~^\s]+$|^Require\sstack|^\s*-\s/
        |\bwarn(?:ing)?\b(?!s\streated)|^\(node:\d+\)|Deprecat|^DEPRECATED
        |A\scomplete\slog\sof|^For\smore\sinformation|^For\sa\sfull\sreport|^hint:|^\s*=\s(?:help|note)|^(?:help|note):
        |^\s*(?:Compiling|Checking|Downloading|Downloaded|Updating|Finished|Restored|Determining|Installing|Collecting)\b
        |^ERROR\sin\s\S+(?:\s\d+:\d+\S*)?$|^(?i:build\sfail(?:ed|ure))\b|^\s*\d+\s(?:Warning|Error)\(s\)|^Time\sElapsed|Build\s(?:succeeded|failed)\s(?:with|in)
        |could\snot\scompile|aborting\sdue\sto|^[Uu]sage:|^\d+:\s+(?:0x[0-9a-f]+\s-\s)?[\w<]+::|^Oops!\sSomething\swent|^\(?(?:See|Try|Run)\s|^\(?[Rr]e-run\s|^To\ssee\sthe\sfull|^(?:DETAIL|HINT|LINE\s\d+|CONTEXT|STATEMENT|QUERY):\s|:\s(?:note|примечание):\s|^make(?:\[\d+\])?:.*\s\[[^\]]*\]\s\S+\s(?!1(?:24|3[479]))\d+$|collect2:|compilation\sterminated|is\snot\srecoverable|Exiting\swith\sfailure|^FAIL\b|^FAILED\b|^ninja:\sbuild\sstopped|\bconfiguration\sfile\s\S+\stest\sfailed$|\b[Ee]rror(?:\(s\)|s)\sfound\sin\sconfiguration|^\s*Failed\s\d+(?:/\d+)?\s(?:sub)?tests\b|^\s*=>\s|^\s*(?:Error\sMessage|Stack\sTrace|Message):$|^ERROR\s\S+(?:::|$|\s-\s)|^\S+::\S+\s+[A-Z]+|^---\sFAIL|^=+\s|^_+\s|^\s*✖\s\d+\sproblem|^\s*\d+\serrors?\sand\s
        |Process\scompleted\swith\sexit\scode|exited\swith\scode\s(?!1(?:24|34|37|39|43)$)\d+$|^exit\sstatus\s(?!1(?:24|34|37|39|43)$)|^ELIFECYCLE|did\snot\scomplete\ssuccessfully
        |^\s*\d+\s(?:passed|failed|error)|^Tests?:?\s|^Test\sSuites|^\s*(?:Failed|Passed)!?\s+-\s|^\s*(?:Failed|Passed)\s[\w.+]+.*\[[^\]]+\]$|^Total\stests|^\s*✕|^\s*●
        |^(?:\x20{4}(?!\s*(?:expect\(|thrown:|Assert\.))|>|E?\s*\d+\s\|)|^Uncaught:?$|^\s*throw\s
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Lines();

    [GeneratedRegex("""
        ^(?:[gb]?make|gmake|ninja|just|task)(?:\[\d+\])?:.*\s\[[^\]]*\]\s\S+\s(?!1(?:24|3[479])$)\d+$|^make(?:\[\d+\])?:\s(?:Entering|Leaving)\s
        |^(?:\#\#\[error\]|Error:\s)?Process\scompleted\swith\sexit\scode|^(?:error\s)?Command\sfailed\swith\sexit\scode\s(?!1(?:24|3[479])$)\d+|^ELIFECYCLE\b
        |^>\s(?:\S+@\S+\s)?\S|^FAILED:\s\S+\s*$|^g?make\s-
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Wrapper();

    /// <summary>The line in which make says that a goal failed.</summary>
    public static bool IsGoal(string line) => Goal().IsMatch(line);

    [GeneratedRegex(@"^g?make(?:\[\d+\])?: \*\*\* \[")]
    private static partial Regex Goal();

    [GeneratedRegex(@"^> (?:\S+@\d\S* )?[\w:.-]+$")]
    private static partial Regex Header();
}
