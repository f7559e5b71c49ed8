using System.Collections.Immutable;
using System.Text;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Playbooks;

/// <summary>All playbooks at one moment.</summary>
/// <param name="InForce">What runs use.</param>
/// <param name="OnTrial">The candidates that get a share of the runs, by playbook.</param>
public sealed record PlaybookState(
    ImmutableDictionary<string, PlaybookHistory> Histories, PlaybookLibrary InForce, ImmutableDictionary<string, (Playbook Playbook, double Share)> OnTrial)
{
    public static readonly PlaybookState Empty = new(ImmutableDictionary<string, PlaybookHistory>.Empty, new([]), ImmutableDictionary<string, (Playbook, double)>.Empty);
}

/// <summary>
/// The playbooks' one shell: keeps every version in the log, knows which is in force, and follows what other nodes decide.
/// Nobody else appends playbook events.
/// </summary>
public sealed class PlaybookRegistry(
    EventLog log, LogTail tail, LogWriter writer, ContentShelf shelf, PlaybookSources sources, TimeProvider clock,
    ILogger<PlaybookRegistry> logger) : BackgroundService
{
    const int MostConflicts = 20;
    static readonly Origin Itself = new("system");

    readonly SemaphoreSlim turn = new(1);
    LogPlace read;

    public PlaybookState Now { get; private set; } = PlaybookState.Empty;

    /// <summary>What is wrong with files that were meant to be playbooks, each with file and line.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>Told after every change, also one of another node.</summary>
    public event Action? Changed;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>One playbook as the log tells it at this moment; without versions when there is none.</summary>
    public async Task<PlaybookHistory> LoadAsync(string id, CancellationToken cancel) => Fold(id, await log.ReadStreamAsync(id, cancel: cancel));

    async Task LoadAsync(CancellationToken cancel)
    {
        // Up to here is read below; what comes later is followed.
        read = await log.EndAsync(cancel);
        var events = await log.ReadTypesAsync(PlaybookEvents.Names, cancel);
        await RefreshAsync([.. events.GroupBy(e => e.StreamId).Select(stream => Fold(stream.Key, stream.OrderBy(e => e.Version)))], cancel);
        await PublishAsync(sources.Shipped, cancel);
        await ReadFolderAsync(cancel);
    }

    /// <summary>Publishes what is new or changed in the data folder's playbooks.</summary>
    public async Task ReadFolderAsync(CancellationToken cancel)
    {
        if (!sources.FolderChanged(out var found))
            return;
        Problems = [.. found.Problems];
        foreach (var problem in found.Problems)
            logger.LogError("A playbook cannot be used. {Problem}", problem);
        await PublishAsync(found.Playbooks, cancel);
    }

    /// <summary>Records versions that are not known yet.</summary>
    public async Task PublishAsync(IEnumerable<Playbook> playbooks, CancellationToken cancel)
    {
        List<Playbook> unknown = [.. playbooks.Where(p => Now.Histories.GetValueOrDefault(p.Id)?.Versions.Any(v => v.ContentHash == p.Hash) != true)];
        if (unknown.Count == 0)
            return;
        await using var write = writer.Begin(Itself, clock.GetUtcNow());
        foreach (var playbook in unknown)
        {
            var state = Now.Histories.GetValueOrDefault(playbook.Id) ?? PlaybookHistory.Unborn(playbook.Id);
            write.Add(ContentShelf.Put(Content.Of(Encoding.UTF8.GetBytes(playbook.Text))));
            write.Append(state.Id, state.Version, PlaybookDecisions.Publish(state, playbook, null));
        }
        try
        {
            await write.CommitAsync(cancel);
        }
        catch (StreamMoved)
        {
            // Another node publishes the same: one after the other then, on what is there by now.
            foreach (var playbook in unknown)
                await ExecuteAsync(playbook.Id, s => PlaybookDecisions.Publish(s, playbook, null), playbook, Itself, cancel);
            return;
        }
        await ReadAgainAsync([.. unknown.Select(p => p.Id)], cancel);
    }

    /// <summary>Decides and records, again on conflict.</summary>
    /// <param name="content">The YAML that the events speak of, where it is new.</param>
    /// <exception cref="PlaybookRejected">The state does not allow it.</exception>
    public async Task<PlaybookHistory> ExecuteAsync(
        string id, Func<PlaybookHistory, IReadOnlyList<PlaybookEvent>> decide, Playbook? content, Origin origin, CancellationToken cancel)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            var state = await LoadAsync(id, cancel);
            var events = decide(state);
            if (events.Count == 0)
                return state;
            await using var write = writer.Begin(origin, clock.GetUtcNow());
            if (content is not null)
                write.Add(ContentShelf.Put(Content.Of(Encoding.UTF8.GetBytes(content.Text))));
            write.Append(id, state.Version, events);
            try
            {
                await write.CommitAsync(cancel);
            }
            catch (StreamMoved) when (conflicts < MostConflicts)
            {
                continue;
            }
            await ReadAgainAsync([id], cancel);
            return Now.Histories[id];
        }
    }

    /// <summary>Any version, as it was written; null when there is none.</summary>
    public async Task<Playbook?> ReadAsync(string id, int number, CancellationToken cancel) =>
        Now.Histories.GetValueOrDefault(id)?.Find(number) is { } version
            ? Parse(id, version, await shelf.ReadAsync(version.ContentHash, cancel))
            : null;

    static PlaybookHistory Fold(string id, IEnumerable<Recorded> events) =>
        PlaybookHistory.Fold(id, events.Select(e => (PlaybookEvents.Read(e.Type, e.Data), e.At, e.By)));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, async stop =>
    {
        await foreach (var e in tail.FollowAsync(read, stop))
            if (PlaybookEvents.Knows(e.Type) && (Now.Histories.GetValueOrDefault(e.StreamId)?.Version ?? 0) < e.Version)
                await Patiently(() => ReadAgainAsync([e.StreamId], stop), stop);
    });

    async Task Patiently(Func<Task> work, CancellationToken stop)
    {
        while (true)
            try
            {
                await work();
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("The playbooks cannot be read right now: {Error}. Trying again.", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stop);
            }
    }

    async Task ReadAgainAsync(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        List<PlaybookHistory> histories = [];
        foreach (var id in ids)
            histories.Add(await LoadAsync(id, cancel));
        await RefreshAsync(histories, cancel);
    }

    async Task RefreshAsync(IReadOnlyList<PlaybookHistory> histories, CancellationToken cancel)
    {
        if (histories.Count == 0)
            return;
        PlaybookVersion[] used = [.. histories.SelectMany(h => new[] { h.InForce, h.Candidate }).OfType<PlaybookVersion>()];
        var texts = used.Length == 0 ? [] : await shelf.ReadManyAsync([.. used.Select(v => v.ContentHash).Distinct()], cancel);
        await turn.WaitAsync(cancel);
        try
        {
            var (known, library, trials) = Now;
            foreach (var history in histories.Where(h => (known.GetValueOrDefault(h.Id)?.Version ?? 0) <= h.Version))
            {
                known = known.SetItem(history.Id, history);
                if (history.InForce is { } current)
                    library = library.With(Parse(history.Id, current, texts[current.ContentHash]));
                trials = history.Candidate is { Status: VersionStatus.OnTrial } candidate
                    ? trials.SetItem(history.Id, (Parse(history.Id, candidate, texts[candidate.ContentHash]), candidate.Share))
                    : trials.Remove(history.Id);
            }
            Now = new(known, library, trials);
        }
        finally
        {
            turn.Release();
        }
        Changed?.Invoke();
    }

    /// <summary>The number is the registry's: a file may say another.</summary>
    static Playbook Parse(string id, PlaybookVersion version, byte[] text) =>
        PlaybookReader.Read(Encoding.UTF8.GetString(text), version.File, version.Source) with { Id = id, Version = version.Number };
}
