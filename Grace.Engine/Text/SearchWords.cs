using System.Text.RegularExpressions;

namespace Grace.Engine.Text;

/// <summary>A question made fit for the index, whatever was typed or pasted.</summary>
internal static partial class SearchWords
{
    public const int TextLimit = 2000;
    public const int WordLimit = 32;

    /// <summary>Longer than any word that means something, and far below where PostgreSQL refuses a query (2 KB).</summary>
    private const int LetterLimit = 80;

    /// <summary>A task says "build", "please" and "system" whatever it is about, so they do not tell passages apart.</summary>
    private static readonly HashSet<string> TaskWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "add", "best", "build", "builds", "building", "change", "create", "creates", "creating", "develop", "design", "find",
        "good", "implement", "implementing", "investigate", "like", "make", "makes", "making", "need", "needs", "new", "please",
        "practice", "practices", "project", "provide", "research", "should", "simple", "small", "support", "supports", "system",
        "task", "use", "used", "uses", "using", "want", "write", "writes", "writing",
    };

    /// <summary>For the strict search: the question as typed, bounded.</summary>
    public static string Bounded(string question) =>
        string.Join(' ', CleanText.Of(question, TextLimit)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length <= LetterLimit)
            .Take(WordLimit));

    /// <summary>For the loose search: distinct words in order, without those every task has (unless there are no others).</summary>
    public static IReadOnlyList<string> Significant(string question)
    {
        var words = Word().Matches(CleanText.Of(question, TextLimit))
            .Select(match => match.Value)
            .Where(word => word.Length <= LetterLimit)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        var telling = words.Where(word => !TaskWords.Contains(word)).Take(WordLimit).ToList();
        return telling.Count > 0 ? telling : [.. words.Take(WordLimit)];
    }

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}\p{M}_]*")]
    private static partial Regex Word();
}
