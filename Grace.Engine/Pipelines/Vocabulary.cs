namespace Grace.Engine.Pipelines;

/// <summary>The names that a context or an override may use on this installation.</summary>
/// <param name="Playbooks">By id, with the phase each is for; null for none.</param>
public sealed record Vocabulary(
    IReadOnlyCollection<string> Languages, IReadOnlyCollection<string> Environments, IReadOnlyDictionary<string, Phase?> Playbooks);
