namespace Grace.Engine.Knowledge;

/// <summary>A lexeme quoted for a tsquery, the passages that have it, and how many passages there are.</summary>
internal sealed record WeighedWord(string Word, int Passages, double Total);

/// <summary>
/// Which words to look for and how much each says. Rare words weigh more; words the index does not know weigh most, so that a
/// question about something unknown is not answered by whatever happens to share its small talk.
/// </summary>
/// <param name="Weights">Shares of the whole question, unknown words included, so they may add up to less than 1.</param>
/// <param name="Floor">The least share a passage must cover to count as an answer.</param>
internal sealed record LooseQuestion(string[] Words, double[] Weights, double Floor)
{
    /// <summary>So many passages are ranked at most (the rarest word is always looked for, whatever it costs).</summary>
    private const int CandidateLimit = 20_000;

    public static LooseQuestion Of(IReadOnlyCollection<WeighedWord> asked)
    {
        // The planner's estimate of the total may be missing or old; then the counts themselves are the better guess.
        var total = Math.Max(100, asked.Select(word => Math.Max(word.Total, word.Passages)).DefaultIfEmpty().Max());
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

        double Weight(WeighedWord word) => Math.Log(1 + total / (1 + word.Passages));
    }

    /// <summary>A quarter of a short question; of a long one, what one and a half average words weigh.</summary>
    private static double FloorFor(int words) => Math.Min(0.25, 1.5 / Math.Max(1, words));
}
