namespace Grace.Engine.Pipelines;

/// <summary>The names that a context or an override may use on this installation.</summary>
/// <param name="playbooks">By id, with the phase each is for, null for none; asked each time, since playbooks come and go.</param>
public sealed class Vocabulary(
    IReadOnlyDictionary<string, IReadOnlyList<string>> languages, IReadOnlyCollection<string> environments, Func<IReadOnlyDictionary<string, Phase?>> playbooks)
{
    /// <summary>In lower case, each with the frameworks that code can be written for.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Languages => languages;

    public IReadOnlyCollection<string> Environments => environments;

    public IReadOnlyDictionary<string, Phase?> Playbooks => playbooks();
}
