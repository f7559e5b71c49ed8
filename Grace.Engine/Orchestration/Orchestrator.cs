using Grace.Engine.Artifacts;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Npgsql;

namespace Grace.Engine.Orchestration;

/// <summary>A command's outcome: the state after it and what it changed (nothing for a duplicate).</summary>
public sealed record Outcome(Pipeline State, IReadOnlyList<PipelineEvent> Events);

/// <summary>The caller decided on a version that is no longer the newest.</summary>
public sealed class VersionMoved(long expected, Pipeline state)
    : Exception($"Pipeline {state.Id} is at version {state.Version}, not {expected}; look again before you decide.")
{
    public Pipeline State { get; } = state;
}

/// <summary>
/// The one shell around the pure core: reads the stream, folds, decides, appends, again on conflict. Nobody else appends
/// pipeline events.
/// </summary>
public sealed class Orchestrator(
    EventLog log, LogWriter writer, SlotBell bell, PipelinePolicy policy, TimeProvider clock)
{
    const int MostConflicts = 50;

    /// <summary>How long a worker holds on to finished work while the database is away.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The pipeline as it stands, or stood at a version (0, or one beyond the last: now); unborn where another kind of stream has that name.</summary>
    public async Task<Pipeline> LoadAsync(string pipelineId, long atVersion = 0, CancellationToken cancel = default) =>
        await writer.FoldAsync<Pipeline>(pipelineId, atVersion, cancel)
        // Marten folds nothing where the stream ends before the version; the pipeline is there all the same.
        ?? (atVersion == 0 ? null : await writer.FoldAsync<Pipeline>(pipelineId, 0, cancel))
        ?? Pipeline.Unborn with { Id = pipelineId };

    /// <summary>Decides and records one command.</summary>
    /// <exception cref="PipelineRejected">The state does not allow it.</exception>
    /// <exception cref="VersionMoved">expectedVersion is given and old.</exception>
    public async Task<Outcome> ExecuteAsync(
        string pipelineId, PipelineCommand command, Origin origin, long? expectedVersion = null, NpgsqlBatchCommand? alongside = null,
        CancellationToken cancel = default)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            await using var write = writer.Begin(origin, Now());
            // A new pipeline has no history; should its id be taken after all, the append conflicts and the next round reads.
            var state = (command is PipelineCommand.Submit && conflicts == 0 ? null : await write.FetchAsync<Pipeline>(pipelineId, cancel)) ?? Pipeline.Unborn with { Id = pipelineId };
            if (expectedVersion is { } expected && expected != state.Version && state.Exists)
                throw new VersionMoved(expected, state);
            try
            {
                return await DecideAndRecord(write, state, command, origin.By, null, [], alongside, cancel);
            }
            catch (StreamMoved) when (conflicts < MostConflicts)
            {
            }
        }
    }

    /// <summary>What a command would do now. Nothing is recorded, so the state may have moved on when it is given in earnest.</summary>
    /// <exception cref="PipelineRejected">The state does not allow it.</exception>
    public async Task<Outcome> PreviewAsync(string pipelineId, PipelineCommand command, CancellationToken cancel = default)
    {
        var state = await LoadAsync(pipelineId, cancel: cancel);
        return new(state, PipelineDecider.Decide(state, command, policy, Now()));
    }

    /// <summary>
    /// A worker's step from the state it holds; that state is read again only when somebody else wrote meanwhile.
    /// </summary>
    /// <exception cref="LeaseLost">The pipeline is another worker's by now.</exception>
    public async Task<Outcome> StepAsync(
        Pipeline state, PipelineCommand command, string worker, IReadOnlyList<Content> contents, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                if (conflicts > 0)
                    state = await LoadAsync(state.Id, cancel: cancel);
                if (state.Worker is { } holder && holder != worker)
                    throw new LeaseLost(state.Id);
                await using var write = writer.Begin(new("system", Causation: worker), Now());
                return await DecideAndRecord(write, state, command, "system", worker, contents, null, cancel);
            }
            catch (StreamMoved) when (conflicts < MostConflicts)
            {
            }
            catch (NpgsqlException away) when (away.IsTransient && clock.GetElapsedTime(began) < Patience)
            {
                // The work is done and must not be lost with the connection. Whether it was recorded after all shows
                // when the stream is read again: then the command comes too late, and nothing is recorded twice.
                await Task.Delay(Pause, clock, cancel);
            }
        }
    }

    async Task<Outcome> DecideAndRecord(
        LogWrite write, Pipeline state, PipelineCommand command, string by, string? fence, IReadOnlyList<Content> contents, NpgsqlBatchCommand? alongside,
        CancellationToken cancel)
    {
        var now = write.At;
        var events = PipelineDecider.Decide(state, command, policy, now);
        if (events.Count == 0)
            return new(state, events);
        var after = events.Aggregate(state, (s, e) => s.Evolve(e, now, by));

        var artifacts = ArtifactStreams.Derive(state, events);
        // Only a phase that is done again costs this one look: somebody may have reviewed what it made before.
        ArtifactStreams.Append(write, artifacts, await log.VersionsAsync(ArtifactStreams.OlderIds(artifacts), cancel));
        // Last, so that nothing of a pipeline comes after its end.
        write.Append(state.Id, state.Version, events);
        foreach (var content in contents)
            write.Add(ContentShelf.Put(content));
        PipelineRow.Project(write, state, after, fence, null);
        if (alongside is not null)
            write.Add(alongside);
        await CommitAsync(write, state, after, cancel);
        return new(after, events);
    }

    /// <summary>
    /// Takes the pipeline that its slot holds, in one transaction: it starts, goes on, or is taken over from a worker that
    /// is gone. Null when the slot holds none, a living worker has it, or another job was made for it since.
    /// </summary>
    /// <param name="ticket">The job's; null: whichever is in force.</param>
    public async Task<Pipeline?> TakeAsync(string pipelineId, int slot, string worker, CancellationToken cancel, long? ticket = null)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            await using var write = writer.Begin(new("system", Causation: worker), Now());
            if (await write.FetchAsync<Pipeline>(pipelineId, cancel) is not { } state || !SlotGift.Holds(state.Status))
                return null;
            var events = PipelineDecider.Decide(state, new PipelineCommand.Take(worker), policy, write.At);
            var after = events.Aggregate(state, (s, e) => s.Evolve(e, write.At, "system"));
            write.Append(state.Id, state.Version, events);
            write.Add(SlotGift.Claim(state.Id, slot, ticket), _ => { });
            PipelineRow.Project(write, state, after, null, slot);
            try
            {
                await CommitAsync(write, state, after, cancel);
                return after;
            }
            catch (PostgresException taken) when (taken.SqlState == "GR003")
            {
                return null;
            }
            catch (StreamMoved) when (conflicts < MostConflicts)
            {
            }
        }
    }

    /// <summary>Slots are given and freed in the same transaction, and their jobs made right after it.</summary>
    async Task CommitAsync(LogWrite write, Pipeline before, Pipeline after, CancellationToken cancel)
    {
        var slots = SlotGift.Between(before, after);
        if (slots is not null)
            write.Add(slots, _ => { });
        await write.CommitAsync(cancel);
        if (slots is not null)
            bell.Ring();
    }

    /// <summary>In microseconds, as PostgreSQL keeps it, so that a state folded before the commit equals one read after it.</summary>
    DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
