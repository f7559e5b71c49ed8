using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// A source that does not parse. What the parser had expected there is a detail of one failure, whatever the language: the file
/// is to be written as the language has it.
/// </summary>
internal static partial class Grammar
{
    /// <summary>Lines after a message within which a compiler names the place.</summary>
    const int Near = 3;

    /// <summary>By its code, where the language numbers its errors: the text may be in any tongue.</summary>
    public static string? Coded(string text) => Codes().Match(text) is { Success: true } code ? $"syntax {code.Groups.Values.Skip(1).First(g => g.Success).Name}" : null;

    /// <param name="at">Where the text stands among the lines.</param>
    /// <returns>"syntax lua"; null where nobody reads a source or its grammar is not what is wrong.</returns>
    public static string? Of(string text, IReadOnlyList<string> lines, int at)
    {
        if (!Broken().IsMatch(text) || Typed().IsMatch(text))
            return null;
        for (var i = at; i < Math.Min(lines.Count, at + 1 + Near); i++)
            if (Source().Match(i == at ? text : lines[i]) is { Success: true } source)
                return $"syntax {source.Groups.Values.Skip(1).First(g => g.Success).Name}";
        return null;
    }

    [GeneratedRegex(@"\b(?<cs>CS(?:100[1-3]|1010|1012|1022|1026|1031|1039|1056|151[349]|1525|1529|1585|1597|8124)\b)|\b(?<ts>TS1(?:0\d\d|1[0-6]\d|43[45])\b(?=.*(?:expected|[Uu]nterminated|[Uu]nexpected|Invalid character)))", RegexOptions.ExplicitCapture)]
    private static partial Regex Codes();

    [GeneratedRegex("""
        \b[Ss]yntax\serror\b|\b[Pp]arse(?:r|\s)error\b|\b[Pp]arsing\serror\b
        |\b[Uu]nexpected\s(?:token|symbol|character|identifier|keyword|input|end\sof|EOF|["'`‘“<(\[{;}\])])
        |\b[Ee]xpected\s(?:an?\s)?(?:expression|identifier|declaration|statement|item|pattern|type|one\sof|primary-expression|unqualified-id|parameter\sdeclarator|["'`‘“][^"'`’”]{1,24}["'`’”]\s*(?:before|after|at\s|but|,|\(|$|in\s)|["'`‘“]\W{1,3}["'`’”])
        |["'`‘“<][^"'`’”>]{1,24}["'`’”>]\sexpected\b|\b(?:[Ee]xpression|[Ii]dentifier|[Dd]eclaration|[Oo]perator|[Ss]tatement)\sexpected\b|\bor\srecord\sexpected
        |\b[Uu]nterminated\b|\b[Uu]nclosed\b|\bmissing\sterminat|near\s<eof>|\breached\send\sof\sfile\b|\billegal\sstart\sof\b|\bnot\sa\sstatement\b|\bmismatched\sclosing\b
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Broken();

    // What a type or a call should have been is no grammar.
    [GeneratedRegex(@"\berror\[|\b(?:[Mm]ismatched|[Ii]ncompatible) type|\bexpected \d+ |#(?:if|else|endif)|\bunterminated #")]
    private static partial Regex Typed();

    [GeneratedRegex("""
        \S\.(?:(?<cc>c|h|cc|cpp|hpp|cxx|hh)|(?<java>java)|(?<kotlin>kts?)|(?<go>go)|(?<rust>rs)|(?<python>py)|(?<ts>tsx?|mts|cts)|(?<script>[cm]?jsx?)|(?<lua>lua)|(?<ruby>rb|gemspec)|(?<perl>p[lm])|(?<elixir>exs?)|(?<fortran>f|f\d\d)|(?<pascal>pas|pp)|(?<css>css|scss|less)|(?<proto>proto)|(?<prolog>pro)|(?<scheme>scm)|(?<erlang>erl)|(?<swift>swift)|(?<terraform>tf)|(?<meson>build))(?:[:(]\d+|,\sline\s\d)
        |\bin\s\S+\.(?<php>php)(?::\d|\son\sline)|\bin\s(?<php>Command\sline\scode)|(?<lua>\(command\sline\)):\d|^(?<ruby>-e):\d
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Source();
}
