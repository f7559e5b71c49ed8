namespace Grace.Engine.Knowledge;

/// <summary>A lexeme quoted for a tsquery, the passages and documents that have it, and how many documents there are.</summary>
internal sealed record WeighedWord(string Word, int Passages, int Documents, int Total);

/// <summary>
/// Which words to look for and how much each says. Rare words weigh more; words the index does not know weigh most, so that a
/// question about something unknown is not answered by whatever happens to share its small talk.
/// </summary>
/// <param name="Weights">Shares of the whole question, unknown words included, so they may add up to less than 1.</param>
/// <param name="Floor">The least share a passage must cover to count as an answer; words in headings and titles count for more.</param>
internal sealed record LooseQuestion(string[] Words, double[] Weights, double Floor)
{
    /// <summary>So many passages are ranked at most (the rarest word is always looked for, whatever it costs).</summary>
    private const int CandidateLimit = 20_000;

    /// <summary>The tsquery that any of the words satisfies.</summary>
    public string Any => string.Join(" | ", Words);

    public static LooseQuestion Of(IReadOnlyCollection<WeighedWord> asked)
    {
        var whole = asked.Sum(Weight);
        var looked = new List<WeighedWord>();
        var candidates = 0;
        foreach (var word in asked.Where(word => word.Passages > 0).OrderBy(word => word.Passages))
        {
            if (looked.Count > 0 && candidates + word.Passages > CandidateLimit) break;
            candidates += word.Passages;
            looked.Add(word);
        }
        return new LooseQuestion(
            [.. looked.Select(word => word.Word)], [.. looked.Select(word => Weight(word) / whole)], FloorFor(asked.Count));

        static double Weight(WeighedWord word) => Math.Log(1 + Math.Max(10d, word.Total) / (1 + word.Documents));
    }

    /// <summary>A quarter of a short question; of a long one, what one and a half average words weigh.</summary>
    private static double FloorFor(int words) => Math.Min(0.25, 1.5 / Math.Max(1, words));
}
