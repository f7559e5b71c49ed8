namespace Grace.Engine.Pipelines;

/// <summary>
/// What a phase guarantees whatever the task is, as an acceptance criterion: the agents and <see cref="ProofGate"/> hold it,
/// so no generated test is needed, and taking it out of a plan opens no gate.
/// </summary>
public static class PhaseCriteria
{
    /// <summary>Null for a phase whose outcome the criteria of the design describe.</summary>
    public static string? Of(Phase phase) => phase switch
    {
        Phase.Research => "Every finding of the research document names its source, and what could not be read is named as a gap.",
        Phase.Test => "The tests pass on the very tree that is handed over: at least one ran and none failed.",
        Phase.Deploy => "What is deployed is the tree whose tests passed, and the release answers its health check.",
        Phase.Design or Phase.Implement => null,
    };

    public static bool Has(string text) => PhaseOrder.All.Any(phase => Of(phase) is { } held && Same(held, text));

    /// <summary>The same words, whatever the blanks, the casing and a full stop at the end.</summary>
    public static bool Same(string one, string other) => string.Equals(Plain(one), Plain(other), StringComparison.OrdinalIgnoreCase);

    static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
