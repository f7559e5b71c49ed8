using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Grace.Engine.Failures;

/// <summary>
/// What a failure is known by. Two failures are the same when their anchors are equal and their words are alike.
/// </summary>
/// <param name="Title">The telling line, normalised, for people; at most 160 characters.</param>
/// <param name="Anchor">
/// What went wrong with what ("refused postgres", "test cart::total timeout", "missing column"), a tool's code or a type of exception
/// ("CS0246", "KeyError"); empty when the message names none.
/// </param>
/// <param name="Words">The words that tell, each once, in ordinal order: the <see cref="MostWords"/> longest.</param>
/// <param name="Keys">
/// Where to look for the same failure: two signatures that <see cref="IsLike"/> holds for always have a key in common.
/// At most <see cref="MostKeys"/>, first the one that only equal signatures share.
/// </param>
/// <param name="Voice">Who said it: "app" for an application's own words, a runtime, a program, else the tool that failed. Null in what was stored before it was known.</param>
/// <param name="Rules">Which rules it was made by; 0 in what was stored before they were counted.</param>
public sealed partial record FailureSignature(string Title, string Anchor, IReadOnlyList<string> Words, IReadOnlyList<string> Keys, string? Voice = null, int Rules = 0)
{
    /// <summary>Counted up whenever a failure may get another signature than before: what is stored is renewed then.</summary>
    public const int CurrentRules = 3;

    public const int MostWords = 10;

    public const int MostKeys = 22;

    const int LongestTitle = 160;

    /// <summary>Words two messages must share, of those that either has: strict where words are all there is to go by, stricter between different voices.</summary>
    const double Alike = 0.55, AlikeUnderCode = 0.2, AlikeAcrossVoices = 0.75;

    /// <summary>Shorter messages of two programs are the same by chance.</summary>
    static bool IsAlikeAcrossVoices(double likeness, int words) => (likeness >= 1 && words >= 3) || (likeness >= AlikeAcrossVoices && words >= 5);

    /// <summary>A system's own error is worded alike for everybody: who met it is all that tells.</summary>
    static bool IsErrno(string anchor) => anchor.Length > 3 && anchor.TrimEnd('?').All(char.IsAsciiLetterUpper);

    public static FailureSignature Of(string message) => Of(message, null, null, []);

    public static FailureSignature Of(FailureSighting sighting) => Of(sighting.Message, sighting.Tool, sighting.ExitCode, sighting.Tests ?? []);

    /// <param name="tool">What ran; it tells only where the message does not say who speaks.</param>
    /// <param name="exitCode">Tells where the message says nothing: what a signal ended prints no reason.</param>
    /// <param name="tests">The failed tests as the runner's own report names them; none where there is no report.</param>
    public static FailureSignature Of(string message, string? tool, int? exitCode, IReadOnlyList<string> tests)
    {
        var line = TellingLines.Of(message, tests);
        var text = FailureMessage.Normalise(line.Text);
        var anchor = line.Anchor ?? (exitCode is { } code ? FailureShapes.SignalOf($"exit code {code}") : null) ?? "";
        string[] words = IsDecisive(anchor) ? [] : [.. RarestFirst(FailureWords.Of(text, anchor).Distinct()).Take(MostWords).Order(StringComparer.Ordinal)];
        var title = text.Length <= LongestTitle ? text : text[..LongestTitle].TrimEnd();
        return anchor.Length == 0 && words.Length == 0
            ? Unknown(title, message, exitCode)
            : Voiced(title, anchor, words, line.Voice ?? tool?.ToLowerInvariant());
    }

    static FailureSignature Voiced(string title, string anchor, string[] words, string? voice) => new(title, anchor, words, [.. KeysOf(anchor, words, voice)], voice, CurrentRules);

    /// <summary>Nothing is left of it to compare: it is like its own text and nothing else, and like nothing at all where there is no text.</summary>
    static FailureSignature Unknown(string title, string message, int? exitCode) =>
        new(title, "", [], string.IsNullOrWhiteSpace(title) ? [] : ["=" + Digest($"{exitCode} {string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}")], null, CurrentRules);

    /// <summary>What founds a cluster of its own: <paramref name="salt"/> makes it different from every other failure that says nothing.</summary>
    public FailureSignature Alone(string salt) => Keys.Count > 0 ? this : this with { Keys = ["=" + Digest($"says nothing\n{salt}")] };

    /// <summary>16 hex digits that equal signatures share.</summary>
    public string Hash => Keys[0][1..];

    internal static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    /// <summary>0 to 1: shared words of all words; 0 under different anchors.</summary>
    public double Likeness(FailureSignature other)
    {
        if (Anchor != other.Anchor)
            return 0;
        if (Anchor.Length == 0 && (Words.Count == 0 || other.Words.Count == 0))
            return Keys.Count > 0 && other.Keys.Count > 0 && Keys[0] == other.Keys[0] ? 1 : 0;
        var shared = Words.Intersect(other.Words, StringComparer.Ordinal).Count();
        var all = Words.Count + other.Words.Count - shared;
        return all == 0 ? 1 : (double)shared / all;
    }

    public bool IsLike(FailureSignature other) => Anchor == other.Anchor && Likeness(other) is var likeness && likeness >= Threshold(Anchor)
        && (likeness > 0 || Anchor.Length > 0)
        && (Threshold(Anchor) < Alike || (Words.Count == 0 && other.Words.Count == 0) || !FailureContrasts.Between(Words, other.Words))
        && (Threshold(Anchor) < Alike || Words.Count == 0 || Voice is null || other.Voice is null || Voice == other.Voice || (!IsErrno(Anchor) && IsAlikeAcrossVoices(likeness, Math.Min(Told(Words), Told(other.Words)))));

    /// <summary>A compound name tells as much as the words that it is made of, and one of a language that no tool speaks is no chance either.</summary>
    static int Told(IReadOnlyList<string> words) => words.Sum(word => 1 + word.Count(c => c is '_' or '-') + (word.Any(c => c > 127) ? 1 : 0));

    static double Threshold(string anchor) => IsDecisive(anchor) ? 0 : anchor.Length > 0 && !IsGeneral(anchor) ? AlikeUnderCode : Alike;

    /// <summary>Causes and rules say everything themselves.</summary>
    static bool IsDecisive(string anchor) => anchor.Contains('-') || anchor.Contains(' ') || anchor.StartsWith("Assert.", StringComparison.Ordinal) || Speaking().IsMatch(anchor);

    /// <summary>Types of exceptions and system errors: many failures share one.</summary>
    static bool IsGeneral(string anchor) => !char.IsAsciiDigit(anchor[^1]) && !anchor.StartsWith("ERR_", StringComparison.Ordinal);

    /// <summary>
    /// The keys of a prefix filter. Of two sets that share the part s of all their words, each shares at least k = ceil(s n) of its
    /// own n; so in one fixed order their first common word is among the first n - k + 1 of each, and the second, where k is 2
    /// or more, among the first n - k + 2. Pairs lead to far fewer clusters than single words.
    /// </summary>
    static IEnumerable<string> KeysOf(string anchor, string[] words, string? voice)
    {
        var threshold = Threshold(anchor);
        yield return "=" + Digest($"{anchor}\n{string.Join(' ', words)}{(threshold < Alike || words.Length == 0 ? "" : $"\n{voice}")}");
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

    // Codes of compilers, and types that name one fault: whatever words follow, they are its details.
    [GeneratedRegex(@"^[A-Z]{1,6}\d{3,5}$|^(?:script|ruby)?(?:ZeroDivision|DivideByZero|DivisionByZero|Recursion|StackOverflow|IndexOutOf\w*|ArrayIndex\w*|StringIndex\w*|NullReference|NullPointer|ClassCast|InvalidCast|NumberFormat|Unicode(?:De|En)code|FileNotFound|DirectoryNotFound|FileExists|IsADirectory|NotADirectory|Permission|UnauthorizedAccess|ModuleNotFound|KeyNotFound|\w*Decode|UnboundLocal|ConcurrentModification|NoSuchElement|ClassNotFound|NoClassDefFound|Name|BrokenPipe|ConnectionReset)(?:Error|Exception)$")]
    private static partial Regex Speaking();

    /// <summary>Long words are the rare ones.</summary>
    static IEnumerable<string> RarestFirst(IEnumerable<string> words) => words.OrderByDescending(w => w.Length).ThenBy(w => w, StringComparer.Ordinal);
}
