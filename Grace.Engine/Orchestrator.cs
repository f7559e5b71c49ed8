using Grace.Engine.Artifacts;
using Grace.Engine.Jobs;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Npgsql;

namespace Grace.Engine;

/// <summary>A command's outcome: the state after it and what it changed (nothing for a duplicate).</summary>
public sealed record Outcome(Pipeline State, IReadOnlyList<PipelineEvent> Events);

/// <summary>The caller decided on a version that is no longer the newest.</summary>
public sealed class VersionMoved(long expected, Pipeline state)
    : Exception($"Pipeline {state.Id} is at version {state.Version}, not {expected}; look again before you decide.")
{
    public Pipeline State { get; } = state;
}

/// <summary>The worker's lease went to another; whatever it still wanted to write is not written.</summary>
public sealed class LeaseLost(string pipelineId) : Exception($"The lease on pipeline {pipelineId} is another worker's now.");

/// <summary>
/// The one shell around the pure core: reads the stream, folds, decides, appends, again on conflict. Nobody else appends
/// pipeline events.
/// </summary>
public sealed class Orchestrator(
    NpgsqlDataSource database, EventLog log, LogSignal signal, Dispatch dispatch, PipelinePolicy policy, TimeProvider clock)
{
    const int MostConflicts = 50;

    /// <summary>How long a worker holds on to finished work while the database is away.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    public async Task<Pipeline> LoadAsync(string pipelineId, long atVersion = long.MaxValue, CancellationToken cancel = default)
    {
        var events = await log.ReadStreamAsync(pipelineId, 0, (int)Math.Min(atVersion, int.MaxValue), cancel);
        return Fold(pipelineId, events);
    }

    /// <summary>Another kind of stream under that name is no pipeline.</summary>
    public static Pipeline Fold(string pipelineId, IReadOnlyList<Recorded> events) =>
        Pipeline.Fold(pipelineId, PipelineEvents.IsStream(events) ? events.Select(e => (PipelineEvents.Read(e.Type, e.Data), e.At, e.By)) : []);

    /// <summary>Decides and records one command.</summary>
    /// <exception cref="PipelineRejected">The state does not allow it.</exception>
    /// <exception cref="VersionMoved">expectedVersion is given and old.</exception>
    public async Task<Outcome> ExecuteAsync(
        string pipelineId, PipelineCommand command, Origin origin, long? expectedVersion = null, NpgsqlBatchCommand? alongside = null,
        CancellationToken cancel = default)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            // A new pipeline has no history; should its id be taken after all, the append conflicts and the next round reads.
            var state = command is PipelineCommand.Submit && conflicts == 0 ? Pipeline.Unborn with { Id = pipelineId } : await LoadAsync(pipelineId, cancel: cancel);
            if (expectedVersion is { } expected && expected != state.Version && state.Exists)
                throw new VersionMoved(expected, state);
            try
            {
                return await DecideAndRecord(state, command, origin, null, [], alongside, cancel);
            }
            catch (PostgresException moved) when (moved.SqlState == "GR001" && conflicts < MostConflicts)
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
                return await DecideAndRecord(state, command, new("system", Causation: worker), worker, contents, null, cancel);
            }
            catch (PostgresException lost) when (lost.SqlState == "GR003")
            {
                throw new LeaseLost(state.Id);
            }
            catch (PostgresException moved) when (moved.SqlState == "GR001" && conflicts < MostConflicts)
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
        Pipeline state, PipelineCommand command, Origin origin, string? fence, IReadOnlyList<Content> contents, NpgsqlBatchCommand? alongside,
        CancellationToken cancel)
    {
        var now = Now();
        var events = PipelineDecider.Decide(state, command, policy, now);
        if (events.Count == 0)
            return new(state, events);
        var after = events.Aggregate(state, (s, e) => s.Evolve(e, now, origin.By));

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var content in contents)
            batch.BatchCommands.Add(ArtifactShelf.Put(content));
        batch.BatchCommands.Add(PipelineRow.Project(after, fence, null));
        if (alongside is not null)
            batch.BatchCommands.Add(alongside);
        var artifacts = ArtifactStreams.Derive(state, events);
        // Only a phase that is done again costs this one look: somebody may have reviewed what it made before.
        var versions = await EventLog.VersionsAsync(connection, ArtifactStreams.OlderIds(artifacts), cancel);
        foreach (var append in ArtifactStreams.Appends(artifacts, versions, now, origin))
            batch.BatchCommands.Add(append);
        var slots = SlotGift.Between(state, after);
        if (slots is not null)
            batch.BatchCommands.Add(slots);
        // Last, so that nothing of a pipeline comes after its end.
        batch.BatchCommands.Add(EventLog.Append(state.Id, PipelineEvents.StreamType, state.Version, [.. events.Select(PipelineEvents.Write)], now, origin));
        signal.Commit(await Appended.RunAsync(batch, cancel));
        if (slots is not null)
            dispatch.Ring();
        return new(after, events);
    }

    /// <summary>
    /// Takes the pipeline that its slot holds, in one transaction: it starts, goes on, or is taken over from a worker that
    /// is gone. Null when the slot holds none, a living worker has it, or another job was made for it since.
    /// </summary>
    /// <param name="ticket">The job's; null: whichever is in force.</param>
    public async Task<Pipeline?> TakeAsync(int slot, string worker, CancellationToken cancel, long? ticket = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var history = await SlotGift.LockAsync(connection, slot, ticket, cancel);
        if (history.Count == 0)
        {
            await SlotGift.ReleaseAsync(connection, cancel);
            return null;
        }
        var state = Fold(history[0].StreamId, history);
        var now = Now();
        var origin = new Origin("system", Causation: worker);
        var events = PipelineDecider.Decide(state, new PipelineCommand.Take(worker), policy, now);
        var after = events.Aggregate(state, (s, e) => s.Evolve(e, now, origin.By));
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(PipelineRow.Project(after, null, slot));
        var slots = SlotGift.Between(state, after);
        if (slots is not null)
            batch.BatchCommands.Add(slots);
        batch.BatchCommands.Add(EventLog.Append(state.Id, PipelineEvents.StreamType, state.Version, [.. events.Select(PipelineEvents.Write)], now, origin));
        try
        {
            signal.Commit(await Appended.RunAsync(batch, cancel, then: "commit"));
            if (slots is not null)
                dispatch.Ring();
            return after;
        }
        catch (PostgresException moved) when (moved.SqlState == "GR001")
        {
            await SlotGift.ReleaseAsync(connection, cancel);
            return await TakeAsync(slot, worker, cancel, ticket);
        }
    }

    /// <summary>In microseconds, as PostgreSQL keeps it, so that a state folded before the commit equals one read after it.</summary>
    DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
