using System.Text.RegularExpressions;

namespace Grace.Engine.Design;

/// <summary>What a task in plain words is about: "Build a Kubernetes autoscaler" → kubernetes, autoscaler.</summary>
internal static partial class TaskWords
{
    private const int MostWords = 3;

    private static readonly HashSet<string> Leading =
    [
        "build", "create", "track", "manage", "store", "keep", "list", "save", "make", "implement", "write", "develop", "design", "add", "please", "let", "us", "me", "i", "we", "you",
        "need", "want", "would", "like", "should", "have", "can", "could", "a", "an", "the", "new", "simple", "small", "basic", "our", "my", "some", "fix", "refactor",
        "deploy", "provide", "generate", "set", "up", "rest", "restful", "http", "json", "crud", "web", "minimal", "full", "complete",
    ];

    private static readonly HashSet<string> Breaking =
    [
        "for", "with", "that", "which", "to", "in", "on", "using", "and", "or", "so", "where", "who", "from", "of", "by",
        "this", "these", "it", "is", "are", "as", "at", "when", "has", "into", "via", "without", "about", "managing", "manages",
        "storing", "stores", "tracking", "tracks", "keeping", "keeps", "handling", "handles", "listing", "saving",
    ];

    private static readonly HashSet<string> Generic =
    [
        "service", "services", "microservice", "api", "apis", "app", "application", "system", "server", "backend", "tool",
        "platform", "module", "feature", "program", "project", "software", "endpoint", "endpoints", "database", "store", "management", "manager",
    ];

    /// <summary>The first phrase that says more than "a service"; null when no word does.</summary>
    public static IReadOnlyList<string>? Subject(string prose)
    {
        foreach (var clause in Clauses().Split(prose))
        {
            foreach (var phrase in Phrases(clause))
            {
                var words = phrase.SkipWhile(Leading.Contains).ToList();
                while (words.Count > 0 && Generic.Contains(words[^1])) words.RemoveAt(words.Count - 1);
                if (words.Count > 0 && words.Any(w => char.IsAsciiLetter(w[0]) && !Generic.Contains(w))) return [.. words.TakeLast(MostWords)];
            }
        }
        return null;
    }

    private static IEnumerable<List<string>> Phrases(string clause)
    {
        var phrase = new List<string>();
        foreach (var word in Word().Matches(clause).Select(m => m.Value.ToLowerInvariant()))
        {
            if (!Breaking.Contains(word))
            {
                phrase.Add(word);
                continue;
            }
            yield return phrase;
            phrase = [];
        }
        yield return phrase;
    }

    [GeneratedRegex(@"[.:;,!?()\n""]+")]
    private static partial Regex Clauses();

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]{0,18}")]
    private static partial Regex Word();
}
