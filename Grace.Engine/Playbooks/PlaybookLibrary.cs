using System.Collections.Immutable;
using Grace.Engine.Hosting;
using Grace.Engine.Pipelines;

namespace Grace.Engine.Playbooks;

/// <summary>The playbooks at hand at one moment, each in its version in force. A missing one is a failure that says so.</summary>
public sealed class PlaybookLibrary
{
    readonly ImmutableDictionary<string, Playbook> playbooks;

    public PlaybookLibrary(IEnumerable<Playbook> playbooks) => this.playbooks = playbooks.ToImmutableDictionary(p => p.Id);

    PlaybookLibrary(ImmutableDictionary<string, Playbook> playbooks) => this.playbooks = playbooks;

    /// <summary>Those that ship with Grace.</summary>
    public static PlaybookLibrary Shipped() => new(
        Resources.Under("Playbooks/library/", ".yaml").Where(path => !path.Contains("/templates/", StringComparison.Ordinal))
            .Select(path => PlaybookReader.Read(Resources.Read(path), path)));

    public IEnumerable<Playbook> All => playbooks.Values.OrderBy(p => p.Phase).ThenBy(p => p.Id, StringComparer.Ordinal);

    public IEnumerable<Playbook> For(Phase phase) => All.Where(p => p.Phase == phase);

    public Playbook? Find(string id) => playbooks.GetValueOrDefault(id);

    /// <summary>The same with these in place of theirs.</summary>
    public PlaybookLibrary With(params IEnumerable<Playbook> others) => new(playbooks.SetItems(others.Select(p => KeyValuePair.Create(p.Id, p))));
}
