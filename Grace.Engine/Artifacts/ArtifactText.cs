using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Artifacts;

/// <summary>What a search finds in an artifact: pure.</summary>
/// <param name="Names">Paths, and whatever else names it.</param>
/// <param name="Prose">Written for people.</param>
/// <param name="Code">Written for machines.</param>
sealed partial record ArtifactText(string Names, string Prose, string Code)
{
    /// <summary>Characters of one artifact that are looked at; PostgreSQL refuses the words of a much longer text.</summary>
    public const int Limit = 100_000;

    /// <summary>What an excerpt is cut from.</summary>
    public string Body => Prose.Length > 0 ? Prose : $"{Names}\n{Code}";

    /// <summary>The code's words, and the words that a name is made of: BookmarkStore is found as bookmark and as store.</summary>
    public string CodeWords => Words(Code);

    public string NameWords => Words(Names);

    /// <param name="content">Null when it is no JSON.</param>
    /// <param name="source">The text of the code's files, where it can be read.</param>
    public static ArtifactText Of(string type, JsonNode? content, string? source)
    {
        if (content is not JsonObject)
            return new(type, Bounded(Values(content), Limit), "");
        var paths = content["files"] is JsonArray files ? string.Join('\n', files.Select(f => f?["path"]?.ToString()).OfType<string>()) : "";
        if (source is not null || content["diff"] is not null)
            return new(Bounded($"{type}\n{paths}", Limit / 4), "", Bounded(source ?? content["diff"]!.ToString(), Limit));
        var prose = content["markdown"] is JsonValue markdown ? markdown.ToString() : Values(content);
        return new(Bounded($"{type}\n{paths}", Limit / 4), Bounded(prose, Limit), "");
    }

    static string Words(string text) => Bounded($"{NoWord().Replace(text, " ")}\n{NoWord().Replace(Hump().Replace(text, " "), " ")}", Limit);

    static string Bounded(string text, int limit) => CleanText.Of(text, limit);

    /// <summary>Every text of a JSON document, a line each.</summary>
    static string Values(JsonNode? node)
    {
        var text = new StringBuilder();
        Add(node);
        return text.ToString();

        void Add(JsonNode? at)
        {
            if (text.Length > Limit)
                return;
            if (at is JsonObject map)
                foreach (var (_, value) in map)
                    Add(value);
            else if (at is JsonArray list)
                foreach (var value in list)
                    Add(value);
            else if (at is not null)
                text.AppendLine(at.ToString());
        }
    }

    [GeneratedRegex(@"(?<=[\p{Ll}\p{N}])(?=\p{Lu})")]
    private static partial Regex Hump();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M}]+")]
    private static partial Regex NoWord();
}
