using Grace.Engine.Feed;
using Grace.Engine.Log;

namespace Grace.Web.Live;

/// <summary>What the log's page shows, as its address tells it.</summary>
/// <param name="Type">A type, or a family of them: agent.phase.*</param>
public sealed record LogView(string? Type, IReadOnlyList<string> Severities, string? Pipeline, string? Text)
{
    public static readonly string[] AllSeverities = ["low", "medium", "high"];

    public static LogView Read(string? type, string[]? severities, string? pipeline, string? text) =>
        new(Blank(type), [.. AllSeverities.Where(s => severities?.Contains(s) == true)], Blank(pipeline), Blank(text));

    public bool IsNarrowed => Type is not null || Severities.Count > 0 || Pipeline is not null || Text is not null;

    public Dictionary<string, object?> Address => new()
    {
        ["type"] = Type, ["severity"] = Severities.Count == 0 ? null : Severities.ToArray(), ["pipeline"] = Pipeline, ["q"] = Text,
    };

    public bool Same(LogView other) => this with { Severities = [] } == other with { Severities = [] } && Severities.SequenceEqual(other.Severities);

    public LogView Toggle(string severity) =>
        this with { Severities = [.. AllSeverities.Where(s => s == severity ? !Severities.Contains(s) : Severities.Contains(s))] };

    /// <param name="types">Those that occur in the log.</param>
    public LogFilter Filter(IReadOnlyCollection<string> types)
    {
        var any = Severities.Count is 0 || Severities.Count == AllSeverities.Length;
        if (Type is not null)
            return new([.. types.Where(t => IsOfType(t) && (any || Severities.Contains(EventNames.Severity(t)))).DefaultIfEmpty(Type)], StreamId: Pipeline, Text: Text);
        // What is not wanted is named, not what is: a type that appears later is medium, and must appear too.
        return any || Severities.Contains("medium")
            ? new(NotTypes: any ? null : [.. AllSeverities.Except(Severities).SelectMany(EventNames.OfSeverity)], StreamId: Pipeline, Text: Text)
            : new([.. Severities.SelectMany(EventNames.OfSeverity)], StreamId: Pipeline, Text: Text);
    }

    /// <summary>agent.phase.* for agent.phase.failed: offered beside the types themselves.</summary>
    public static string Family(string type) => type[..(type.LastIndexOf('.') + 1)] + "*";

    bool IsOfType(string type) => Type!.EndsWith(".*", StringComparison.Ordinal) ? type.StartsWith(Type[..^1], StringComparison.Ordinal) : type == Type;

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
