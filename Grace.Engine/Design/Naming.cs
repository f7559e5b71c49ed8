using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>One name in the casings that code, addresses and tables want, and English plurals.</summary>
internal static partial class Naming
{
    private static readonly Dictionary<string, string> Irregular = """
        person people|child children|man men|woman women|mouse mice|foot feet|tooth teeth|goose geese|quiz quizzes
        leaf leaves|shelf shelves|knife knives|life lives|wife wives|half halves|wolf wolves|thief thieves|loaf loaves
        hero heroes|potato potatoes|tomato tomatoes|echo echoes|datum data|lens lenses|criterion criteria
        analysis analyses|crisis crises|basis bases|thesis theses
        """.Split(['|', '\n']).Select(pair => pair.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);

    private static readonly HashSet<string> Uncountable =
    [
        "news", "series", "species", "sheep", "fish", "equipment", "information", "feedback", "metadata", "media",
        "software", "hardware", "inventory", "authentication", "authorization",
    ];

    /// <summary>Splits at underscores, hyphens and humps: <c>HTTPServer_log2</c> → http, server, log2.</summary>
    public static string[] Words(string name) =>
        [.. WordPattern().Matches(name).Select(m => m.Value.ToLowerInvariant())];

    public static string Pascal(string name) =>
        string.Concat(Words(name).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    public static string Kebab(string name) => string.Join('-', Words(name));

    public static string Snake(string name) => string.Join('_', Words(name));

    /// <summary>"a bookmark", "an event": for sentences that people read.</summary>
    public static string WithArticle(string name)
    {
        var spoken = string.Join(' ', Words(name));
        return ("aeio".Contains(spoken[0]) ? "an " : "a ") + spoken;
    }

    /// <summary>The last word in the plural; a name that is a plural already stays as it is.</summary>
    public static string Plural(string name)
    {
        var words = Words(name);
        words[^1] = PluralWord(words[^1]);
        return string.Join('-', words);
    }

    /// <summary>Only for words out of prose ("bookmarks" → "bookmark"); declared names are never changed.</summary>
    public static string SingularWord(string word)
    {
        if (Irregular.FirstOrDefault(pair => pair.Value == word).Key is { } singular) return singular;
        if (!IsPlural(word)) return word;
        if (word.EndsWith("ies") && word.Length > 4) return word[..^3] + "y";
        return EsPlural().IsMatch(word) ? word[..^2] : word[..^1];
    }

    private static string PluralWord(string word)
    {
        if (Irregular.TryGetValue(word, out var plural)) return plural;
        if (IsPlural(word) || Uncountable.Contains(word)) return word;
        if (YAfterConsonant().IsMatch(word)) return word[..^1] + "ies";
        return TakesEs().IsMatch(word) ? word + "es" : word + "s";
    }

    private static bool IsPlural(string word) =>
        Irregular.ContainsValue(word)
        || (!Uncountable.Contains(word) && !Irregular.ContainsKey(word) && PluralEnding().IsMatch(word));

    [GeneratedRegex("[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")]
    private static partial Regex WordPattern();

    // "bus", "address", "basis", "canvas" and "cosmos" end in s and are singular all the same.
    [GeneratedRegex("..[^aiousy0-9]s$|[aeou]ys$")]
    private static partial Regex PluralEnding();

    [GeneratedRegex("(ss|x|ch|sh|us)es$")]
    private static partial Regex EsPlural();

    [GeneratedRegex("[^aeiou0-9]y$")]
    private static partial Regex YAfterConsonant();

    [GeneratedRegex("(s|x|z|ch|sh)$")]
    private static partial Regex TakesEs();
}
