using Grace.Engine.Text;

namespace Grace.Engine.Knowledge;

/// <summary>The passages of one document that speak to a task, without an index.</summary>
internal static class TellingPassages
{
    private const int QuoteLimit = 700;

    /// <returns>
    /// The best passages by the share of the task's significant words they contain; the opening with rank 0 when none contains any,
    /// since somebody named the document on purpose.
    /// </returns>
    public static IReadOnlyList<(Passage Passage, double Rank)> Of(string text, string task, int limit)
    {
        var passages = MarkdownPassages.Cut(text).Passages;
        var stems = SearchWords.Significant(task).Select(Stem).Where(stem => stem.Length > 1)
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var ranked = passages
            .Select((passage, order) => (Passage: passage, Order: order, Hits: stems.Count(stem => Has(passage, stem))))
            .Where(found => found.Hits > 0)
            .OrderByDescending(found => found.Hits).ThenBy(found => found.Order)
            .Take(limit)
            .Select(found => (Quote(found.Passage), Math.Round((double)found.Hits / stems.Count, 4)))
            .ToList();
        return ranked.Count > 0 ? ranked : [.. passages.Take(1).Select(passage => (Quote(passage), 0d))];
    }

    private static bool Has(Passage passage, string stem) =>
        passage.Body.Contains(stem, StringComparison.OrdinalIgnoreCase) || passage.Heading.Contains(stem, StringComparison.OrdinalIgnoreCase);

    /// <summary>Crude on purpose: "links" has to find "link", no more.</summary>
    private static string Stem(string word)
    {
        foreach (var ending in (string[])["ing", "es", "ed", "s"])
            if (word.Length - ending.Length >= 4 && word.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return word[..^ending.Length];
        return word;
    }

    private static Passage Quote(Passage passage)
    {
        if (passage.Body.Length <= QuoteLimit) return passage;
        var cut = passage.Body.LastIndexOfAny([' ', '\n'], QuoteLimit);
        return passage with { Body = CleanText.Of(passage.Body[..(cut > QuoteLimit / 2 ? cut : QuoteLimit)]).TrimEnd() + " …" };
    }
}
