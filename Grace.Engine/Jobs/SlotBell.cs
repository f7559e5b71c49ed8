using Grace.Engine.Log;
using Npgsql;
using Quartz;

namespace Grace.Engine.Jobs;

/// <summary>
/// Wakes slots: in the transaction that makes a pipeline ready when this node runs slots itself, and otherwise by the
/// log's signal, which every node that runs slots hears.
/// </summary>
public sealed class SlotBell(NpgsqlDataSource database, GraceOptions options) : ISlotBell, IDisposable
{
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(6);

    readonly SemaphoreSlim ready = new(0);
    int awake;

    /// <summary>Set once this node's scheduler runs; null on a node without the worker role.</summary>
    public IScheduler? Scheduler { get; set; }

    public static JobKey JobOf(int slot) => new($"slot-{slot}", "slots");

    public async Task<Appended> RingWithAsync(NpgsqlConnection connection, NpgsqlBatch batch, CancellationToken cancel)
    {
        if (Scheduler is not { } scheduler)
            return await Appended.RunAsync(batch, cancel);
        batch.BatchCommands.Insert(0, new("select pg_advisory_xact_lock_shared($1)") { Parameters = { new() { Value = SlotQueue.SleepLock } } });
        if (Volatile.Read(ref awake) >= options.Orchestrator.MaxConcurrentPipelines)
            return new(await RingAwakeAsync(batch, cancel), LogPlace.Start, []);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        batch.Transaction = transaction;
        batch.BatchCommands.Add(WakeOne());
        var (position, slot) = await Read(batch, cancel);
        if (slot is { } asleep)
        {
            // Disposed after the commit: only then may the scheduler look for the trigger.
            using var enlisted = scheduler.EnlistTransaction(transaction);
            await scheduler.ScheduleJob(Trigger(asleep), cancellationToken: cancel);
            await transaction.CommitAsync(cancel);
        }
        else
        {
            await transaction.CommitAsync(cancel);
        }
        Ring();
        return new(position, LogPlace.Start, []);
    }

    /// <summary>
    /// All slots are awake here, so one round trip does: whichever falls asleep meanwhile looks at the queue once more
    /// behind the same lock.
    /// </summary>
    async Task<long> RingAwakeAsync(NpgsqlBatch batch, CancellationToken cancel)
    {
        batch.BatchCommands.Add(new("select number from grace.slots where enabled and not awake limit 1"));
        var (position, asleep) = await Read(batch, cancel);
        Ring();
        if (asleep is not null)
            await SweepAsync(cancel);
        return position;
    }

    /// <summary>Counts a slot of this node as awake until disposed.</summary>
    public IDisposable Awake()
    {
        Interlocked.Increment(ref awake);
        return new Sleep(this);
    }

    sealed class Sleep(SlotBell bell) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref bell.awake);
    }

    /// <summary>Wakes sleeping slots for pipelines that another node made ready, and slots whose holder is gone.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        if (Scheduler is not { } scheduler)
            return;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand("""
            update grace.slots set awake = true, node = null, held_until = clock_timestamp() + $1
            where enabled and (held_until is null or held_until < clock_timestamp()) and (
              awake or exists (select from grace.pipelines where status = 'queued')
              or exists (select from grace.pipelines p where p.status = 'running' and p.slot = slots.number))
            returning number
            """, connection, transaction) { Parameters = { new() { Value = Hold } } };
        List<int> slots = [];
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
                slots.Add(reader.GetInt32(0));
        if (slots.Count == 0)
            return;
        using var enlisted = scheduler.EnlistTransaction(transaction);
        foreach (var slot in slots)
            await scheduler.ScheduleJob(Trigger(slot), cancellationToken: cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Tells a lingering slot of this node that there may be work.</summary>
    public void Ring()
    {
        if (ready.CurrentCount < options.Orchestrator.MaxConcurrentPipelines)
            ready.Release();
    }

    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancel) => ready.WaitAsync(atMost, cancel);

    public void Dispose() => ready.Dispose();

    static NpgsqlBatchCommand WakeOne() => new("""
        update grace.slots set awake = true, held_until = clock_timestamp() + $1 where number = (
          select number from grace.slots where enabled and not awake order by number limit 1 for update skip locked)
        returning number
        """) { Parameters = { new() { Value = Hold } } };

    internal static ITrigger Trigger(int slot) => TriggerBuilder.Create()
        .WithIdentity($"slot-{slot}-{Guid.NewGuid():N}", "wake")
        .ForJob(JobOf(slot))
        .StartNow()
        .Build();

    static async Task<(long Position, int? Slot)> Read(NpgsqlBatch batch, CancellationToken cancel)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        long position = 0;
        int? slot = null;
        do
            while (await reader.ReadAsync(cancel))
                if (reader.FieldCount == 2)
                    position = reader.GetInt64(1);
                else if (reader.GetName(0) == "number")
                    slot = reader.GetInt32(0);
        while (await reader.NextResultAsync(cancel));
        return (position, slot);
    }
}
