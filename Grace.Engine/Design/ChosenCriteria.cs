using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Design;

/// <summary>
/// The acceptance criteria that a person kept, by their texts, from <c>acceptance_criteria</c> in the context. A test can be
/// generated only for what the design derives, word for word: everything else is refused by name and never dropped.
/// </summary>
internal static class ChosenCriteria
{
    private const string Place = "context." + PlannedSubmission.Criteria;
    private const int LongestName = 300;

    /// <summary>Those of the derived ones that were chosen, in their order and under their ids; all where nothing was chosen.</summary>
    /// <exception cref="TaskRefusedException">A chosen one cannot be tested, or none is left that a test proves.</exception>
    public static IReadOnlyList<AcceptanceCriterion> Of(JsonObject? context, IReadOnlyList<AcceptanceCriterion> derived)
    {
        if (Texts(context) is not { } chosen) return derived;
        Refuse(chosen.Where(text => !PhaseCriteria.Has(text) && !derived.Any(c => PhaseCriteria.Same(c.Text, text))));
        var kept = derived.Where(c => chosen.Any(text => PhaseCriteria.Same(c.Text, text))).ToList();
        return kept.Count > 0
            ? kept
            : throw new TaskRefusedException(Place, $"{chosen.Count} criteria", "leave nothing that a test of the service proves", "at least one of those that POST plan gives for this task");
    }

    /// <summary>The same for a pipeline that designs nothing: only what its phases guarantee can be asked of it.</summary>
    /// <exception cref="TaskRefusedException">A criterion asks for more.</exception>
    public static void CheckWithoutDesign(JsonObject? context) => Refuse((Texts(context) ?? []).Where(text => !PhaseCriteria.Has(text)));

    private static void Refuse(IEnumerable<string> untestable)
    {
        if (string.Join("', '", untestable.Select(text => text.Length <= LongestName ? text : text[..LongestName] + "…")) is { Length: > 0 } named)
            throw new TaskRefusedException(Place, named, "cannot be tested without a model", "the criteria that POST plan gives for this task, word for word; take others out");
    }

    private static List<string>? Texts(JsonObject? context) =>
        context?[PlannedSubmission.Criteria] is JsonArray list ? [.. list.Where(t => t?.GetValueKind() == JsonValueKind.String).Select(t => t!.GetValue<string>())] : null;
}
