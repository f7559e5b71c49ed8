using Grace.Engine.Log;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Feed;

/// <summary>Which events of the log somebody wants to hear of.</summary>
/// <param name="Types">Each a type, or a family such as agent.phase.*; none: all but what stays in the background (<see cref="EventStream.IsBackground"/>).</param>
/// <param name="PipelineId">Only this pipeline's, those of its artifacts included; null: all.</param>
public sealed record EventFilter(IReadOnlyList<string> Types, string? PipelineId = null)
{
    public const int MostTypes = 50;

    public static readonly EventFilter Everything = new([]);

    public bool Wants(Recorded e) =>
        (Types.Count == 0 ? !EventStream.IsBackground(e) : Types.Any(t => Covers(t, e.Type))) && (PipelineId is null || EventStream.PipelineOf(e) == PipelineId);

    /// <summary>What is wrong with given types: a misspelt one would be waited for in silence.</summary>
    public static IEnumerable<FieldError> Check(string field, IReadOnlyList<string> types)
    {
        if (types.Count > MostTypes)
            yield return new(field, $"{field} names {types.Count} types; allowed are {MostTypes}. A family such as agent.phase.* stands for many.");
        foreach (var wrong in types.Where(t => !EventNames.All.Any(known => Covers(t, known))))
            yield return new(field, $"'{wrong}' is no event type; a type is such as agent.phase.completed, a family of them such as agent.phase.*{Near(wrong)}");
    }

    static bool Covers(string asked, string type) =>
        asked.EndsWith(".*", StringComparison.Ordinal) ? type.StartsWith(asked.AsSpan(0, asked.Length - 1), StringComparison.Ordinal) : asked == type;

    static string Near(string wrong)
    {
        var family = wrong.LastIndexOf('.') is > 0 and var dot ? wrong[..(dot + 1)] : "";
        var near = EventNames.All.Where(known => family.Length > 0 && known.StartsWith(family, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(15).ToList();
        return near.Count == 0 ? "." : $". There are {string.Join(", ", near)}.";
    }
}
