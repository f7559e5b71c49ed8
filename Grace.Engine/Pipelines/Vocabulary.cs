namespace Grace.Engine.Pipelines;

/// <summary>The names that a context or an override may use on this installation.</summary>
/// <param name="Languages">In lower case, each with the frameworks that code can be written for.</param>
/// <param name="Playbooks">By id, with the phase each is for; null for none.</param>
public sealed record Vocabulary(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Languages, IReadOnlyCollection<string> Environments, IReadOnlyDictionary<string, Phase?> Playbooks);
