using System.Text.RegularExpressions;
using Grace.Engine.Hosting;

namespace Grace.Engine.Failures;

/// <summary>
/// The words of a message that tell what went wrong. Those that tools use stay; what else stands there in the tools' own language
/// is a name of the user's. Of other languages every word stays, and of scripts without blanks every pair of signs.
/// </summary>
internal static partial class FailureWords
{
    const int LongestWord = 40;

    /// <summary>With fewer known words a message is not a tool's, and all of it tells.</summary>
    const int FewestKnown = 2;

    const int MostArguments = 2;

    /// <summary>Words that occur again and again in the messages of compilers, shells, databases, runtimes and libraries.</summary>
    static readonly HashSet<string> Vocabulary = [.. Resources.Read("Failures/vocabulary.txt").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Stem)];

    /// <param name="text">A normalised line.</param>
    public static IEnumerable<string> Of(string text, string anchor)
    {
        List<string> words = [], known = [];
        foreach (Match match in Word().Matches(Aside().Replace(text, " ")))
        {
            var word = match.Value.Trim('.', '-', '_');
            // The anchor's own type, with its namespace or without.
            if (anchor.Length > 0 && (anchor.EndsWith(word, StringComparison.OrdinalIgnoreCase) || word.EndsWith($".{anchor}", StringComparison.Ordinal)))
                continue;
            if (Unspaced().IsMatch(word))
            {
                string[] pairs = [.. Enumerable.Range(0, Math.Max(1, word.Length - 1)).Select(i => word.Substring(i, Math.Min(2, word.Length)))];
                known.AddRange(pairs);
                continue;
            }
            if (IsName(word) || word.Length is < 2 or > LongestWord)
                continue;
            var stem = Stem(word.ToLowerInvariant());
            if (Filler.Contains(stem) || Filler.Contains(word.ToLowerInvariant()))
                continue;
            words.Add(stem);
            if (word.Any(c => c > 127) || IsKnown(stem) || word.EndsWith("Error", StringComparison.Ordinal) || word.EndsWith("Exception", StringComparison.Ordinal))
                known.Add(stem);
        }
        // Under a type of exception one name or two are what it was thrown with; a sentence tells.
        var unknown = words.Except(known).Distinct().Count();
        return known.Distinct().Count() >= FewestKnown || (anchor.Length > 0 && unknown <= MostArguments) ? known : [.. known, .. words];
    }

    static bool IsKnown(string word) => word.Split('_', '-', '.').All(part => Vocabulary.Contains(Stem(part)));

    static string Stem(string word) => word.Length > 3 && word[^1] == 's' && word[^2] != 's' ? word[..^1] : word;

    /// <summary>An identifier of the user's: inner capitals, dots or digits. Types of exceptions are not.</summary>
    static bool IsName(string word) =>
        word.Skip(1).Any(c => char.IsAsciiLetterUpper(c) || c is '.' || char.IsAsciiDigit(c)) && word.Any(char.IsAsciiLetterLower)
        && !word.EndsWith("Error", StringComparison.Ordinal) && !word.EndsWith("Exception", StringComparison.Ordinal);

    static readonly HashSet<string> Filler =
    [
        "the", "an", "of", "to", "in", "on", "at", "for", "and", "or", "is", "are", "was", "were", "be", "been", "it", "its", "this", "that",
        "by", "as", "with", "from", "your", "you", "error", "err", "fatal", "failed", "has", "have", "had", "did", "does", "do",
        "int", "string", "str", "bool", "float", "number", "boolean", "object", "line", "file", "column", "untyped", "row", "name", "runtimeerror", "exception", "caused",
    ];

    [GeneratedRegex(@"(?<![<\w-])[\p{L}][\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}](?![\p{L}\p{N}>(])|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")]
    private static partial Regex Word();

    // Guesses of what was meant, what a shell would have put in, and where a program without a file stands.
    [GeneratedRegex(@"^PHP (?:Fatal|Parse) error: (?:Uncaught )?|^(?:<path>|[\w-]+): \p{L}+ <n>: | in Command line code\b.*$|\(command line\)|(?<=: )[\w.-]+(?=:<n>)|\b[Dd]id you (?:mean|forget)\b.*$|\$\{[^}]*\}")]
    private static partial Regex Aside();

    [GeneratedRegex(@"^[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+$")]
    private static partial Regex Unspaced();
}
