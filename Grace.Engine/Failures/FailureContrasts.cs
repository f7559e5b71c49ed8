namespace Grace.Engine.Failures;

/// <summary>Words that make two otherwise equal messages opposites: too few arguments are not too many.</summary>
internal static class FailureContrasts
{
    static readonly (string, string)[] Pairs =
    [
        ("few", "many"), ("short", "long"), ("small", "large"), ("before", "after"), ("first", "last"), ("missing", "unexpected"), ("read", "write"), ("minimum", "maximum"), ("min", "max"),
        ("lower", "upper"), ("add", "remove"), ("start", "end"), ("open", "close"), ("input", "output"), ("encode", "decode"), ("old", "new"), ("left", "right"), ("positive", "negative"),
        ("underflow", "overflow"), ("lock", "unlock"), ("client", "server"), ("source", "target"), ("more", "less"), ("above", "below"), ("push", "pull"), ("encrypt", "decrypt"),
    ];

    /// <summary>What may be wrong with a thing: an unknown command is not an unterminated one.</summary>
    static readonly HashSet<string> Faults =
    [
        "unknown", "unterminated", "unmatched", "unexpected", "missing", "duplicate", "ambiguous", "expired", "denied", "empty", "unsupported", "corrupt", "undefined", "deprecated", "readonly", "locked",
    ];

    /// <summary>One of them says a word and the other its opposite; who says both says neither.</summary>
    public static bool Between(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        foreach (var (a, b) in Pairs)
            if ((OnlySays(one, a, b) && OnlySays(other, b, a)) || (OnlySays(one, b, a) && OnlySays(other, a, b)))
                return true;
        return one.Any(Faults.Contains) && other.Any(Faults.Contains) && !one.Any(word => Faults.Contains(word) && other.Contains(word));
    }

    static bool OnlySays(IReadOnlyList<string> words, string word, string opposite) => words.Contains(word) && !words.Contains(opposite);
}
