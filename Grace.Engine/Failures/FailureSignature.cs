using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// What a failure is known by. Two failures are the same when their anchors are equal and their words are alike.
/// </summary>
/// <param name="Title">The telling line, normalised, for people; at most 160 characters.</param>
/// <param name="Anchor">A cause, a tool's code or a type of exception ("port-in-use", "CS0246", "KeyError"); empty when the message names none.</param>
/// <param name="Words">The words that tell, each once, in ordinal order: the <see cref="MostWords"/> longest.</param>
/// <param name="Keys">
/// Where to look for the same failure: two signatures that <see cref="IsLike"/> holds for always have a key in common.
/// At most <see cref="MostKeys"/>, first the one that only equal signatures share.
/// </param>
public sealed partial record FailureSignature(string Title, string Anchor, IReadOnlyList<string> Words, IReadOnlyList<string> Keys)
{
    public const int MostWords = 10;

    public const int MostKeys = 22;

    const int LongestTitle = 160;
    const int LongestWord = 40;

    /// <summary>Words two messages must share, of those that either has: strict where words are all there is to go by.</summary>
    const double Alike = 0.45, AlikeUnderCode = 0.2;

    public static FailureSignature Of(string message)
    {
        var line = TellingLines.Of(message);
        var text = FailureMessage.Normalise(line.Text);
        var anchor = line.Anchor ?? "";
        string[] words = IsDecisive(anchor) ? [] : [.. RarestFirst(WordsOf(text, anchor).Distinct()).Take(MostWords).Order(StringComparer.Ordinal)];
        return new(text.Length <= LongestTitle ? text : text[..LongestTitle].TrimEnd(), anchor, words, [.. KeysOf(anchor, words)]);
    }

    /// <summary>16 hex digits that equal signatures share.</summary>
    public string Hash => Keys[0][1..];

    /// <summary>0 to 1: shared words of all words; 0 under different anchors.</summary>
    public double Likeness(FailureSignature other)
    {
        if (Anchor != other.Anchor)
            return 0;
        var shared = Words.Intersect(other.Words, StringComparer.Ordinal).Count();
        var all = Words.Count + other.Words.Count - shared;
        return all == 0 ? 1 : (double)shared / all;
    }

    public bool IsLike(FailureSignature other) => Likeness(other) >= Threshold(Anchor) && Anchor == other.Anchor;

    static double Threshold(string anchor) => IsDecisive(anchor) ? 0 : anchor.Length > 0 && !IsGeneral(anchor) ? AlikeUnderCode : Alike;

    /// <summary>Causes and rules say everything themselves.</summary>
    static bool IsDecisive(string anchor) => anchor.Contains('-') || anchor.Contains(' ') || anchor.StartsWith("Assert.", StringComparison.Ordinal);

    /// <summary>Types of exceptions and system errors: many failures share one.</summary>
    static bool IsGeneral(string anchor) => !char.IsAsciiDigit(anchor[^1]) && anchor is not ("SyntaxError" or "IndentationError") && !anchor.StartsWith("ERR_", StringComparison.Ordinal);

    /// <summary>
    /// The keys of a prefix filter. Of two sets that share the part s of all their words, each shares at least k = ceil(s n) of its
    /// own n; so in one fixed order their first common word is among the first n - k + 1 of each, and the second, where k is 2
    /// or more, among the first n - k + 2. Pairs lead to far fewer clusters than single words.
    /// </summary>
    static IEnumerable<string> KeysOf(string anchor, string[] words)
    {
        yield return "=" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{anchor}\n{string.Join(' ', words)}")))[..16];
        var threshold = Threshold(anchor);
        if (words.Length == 0)
            yield break;
        string[] ordered = [.. RarestFirst(words)];
        var shared = (int)Math.Ceiling(threshold * words.Length);
        if (threshold < Alike || words.Length < 3)
            foreach (var word in ordered.Take(words.Length - shared + 1))
                yield return $"{anchor}|{word}";
        if (threshold < Alike)
            yield break;
        var first = Math.Min(words.Length, words.Length - shared + 2);
        for (var i = 0; i < first; i++)
            for (var j = i + 1; j < first; j++)
                yield return $"{anchor}|{ordered[i]} {ordered[j]}";
    }

    /// <summary>Long words are the rare ones.</summary>
    static IEnumerable<string> RarestFirst(IEnumerable<string> words) => words.OrderByDescending(w => w.Length).ThenBy(w => w, StringComparer.Ordinal);

    static IEnumerable<string> WordsOf(string text, string anchor) => Word().Matches(text)
        .Select(m => m.Value)
        .Where(w => !w.Equals(anchor, StringComparison.OrdinalIgnoreCase) && !IsName(w))
        .Select(w => w.Trim('.', '-', '_').ToLowerInvariant())
        .Select(w => w.Length > 3 && w[^1] == 's' && w[^2] != 's' ? w[..^1] : w)
        .Where(w => w.Length > 1 && w.Length <= LongestWord && !Filler.Contains(w));

    /// <summary>An identifier of the user's: inner capitals, dots, underscores or digits. Types of exceptions are not.</summary>
    static bool IsName(string word) =>
        word.Skip(1).Any(c => char.IsAsciiLetterUpper(c) || c is '_' or '.' || char.IsAsciiDigit(c)) && word.Any(char.IsAsciiLetterLower)
        && !word.EndsWith("Error", StringComparison.Ordinal) && !word.EndsWith("Exception", StringComparison.Ordinal);

    static readonly HashSet<string> Filler =
    [
        "the", "an", "of", "to", "in", "on", "at", "for", "and", "or", "is", "are", "was", "were", "be", "been", "it", "its", "this", "that",
        "by", "as", "with", "from", "your", "you", "error", "err", "fatal", "failed", "has", "have", "had", "did", "does", "do",
        "int", "string", "str", "bool", "float", "number", "boolean", "object", "line", "file", "column", "untyped",
    ];

    [GeneratedRegex(@"(?<![<\w])[A-Za-z][\w.-]*[A-Za-z0-9](?![\w>(])")]
    private static partial Regex Word();
}
