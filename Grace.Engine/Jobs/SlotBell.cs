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

    public async Task RingAsync(CancellationToken cancel)
    {
        Ring();
        if (Volatile.Read(ref awake) < options.Orchestrator.MaxConcurrentPipelines)
            await SweepAsync(cancel);
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

    internal static ITrigger Trigger(int slot) => TriggerBuilder.Create()
        .WithIdentity($"slot-{slot}-{Guid.NewGuid():N}", "wake")
        .ForJob(JobOf(slot))
        .StartNow()
        .Build();
}
