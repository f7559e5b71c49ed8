using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Playbooks;

/// <param name="On">False: no pipeline tries a candidate.</param>
public sealed record TrialSwitch(bool On);

/// <summary>Sets the desk for one attempt: what is in force, the candidates that this pipeline tries, and its repository's own playbooks.</summary>
public sealed class PlaybookDesks(PlaybookRegistry registry, PlaybookSources sources, PlaybookRun run, PlaybookRates rates, TrialSwitch trials)
{
    public const string RepositoryFolder = ".grace/playbooks";
    const int MostText = PlaybookReader.LongestText;

    /// <param name="say">Takes a console line.</param>
    public async Task<PlaybookDesk> ForAsync(Pipeline pipeline, string workspace, Action<string> say, CancellationToken cancel)
    {
        await registry.ReadFolderAsync(cancel);
        var (histories, library, onTrial) = registry.Now;
        var tried = trials.On
            ? onTrial.Values.Where(t => PlaybookChoice.IsInTrial(pipeline.Id, t.Playbook.Id, t.Playbook.Version, t.Share)).Select(t => t.Playbook).ToList()
            : [];
        library = library.With(tried);
        if (pipeline.Repository is not null)
            library = library.With(await InRepositoryAsync(pipeline.Repository, workspace, say, cancel));
        return new(library, [.. tried.Select(t => t.Id)], run, rates);
    }

    /// <summary>As they are committed in the workspace, or in the local repository while there is no workspace yet.</summary>
    async Task<IReadOnlyList<Playbook>> InRepositoryAsync(string repository, string workspace, Action<string> say, CancellationToken cancel)
    {
        var folder = GitWorkspace.Exists(workspace) ? workspace : Directory.Exists(Path.Combine(repository, ".git")) ? repository : null;
        if (folder is null)
            return [];
        var found = sources.InRepository(await CommittedFiles.ReadAsync(folder, RepositoryFolder, ".yaml", MostText, cancel));
        foreach (var problem in found.Problems)
            say($"→ Playbook not used: {problem}");
        await registry.PublishAsync(found.Playbooks, cancel);
        return [.. found.Playbooks.Select(p => p with { Version = registry.Now.Histories[p.Id].Versions.First(v => v.ContentHash == p.Hash).Number })];
    }
}
