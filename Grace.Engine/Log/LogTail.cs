using System.Runtime.CompilerServices;
using Grace.Engine.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>
/// The live end of the log, read once per process and kept for a while in memory. Every follower is a cursor: it reads
/// memory when it is near the end and the log when it is not, so none can lose an event or slow another.
/// </summary>
/// <remarks>
/// What this process commits is taken as it is when nothing can lie between it and the end, which saves the way to the
/// database and back; everything else is read.
/// </remarks>
public sealed class LogTail : BackgroundService
{
    const int Kept = 8192;
    const int Page = 512;
    static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    /// <summary>When events come this many at a time, a moment's wait makes one read of many small ones.</summary>
    const int Busy = 12;
    static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(8);

    readonly EventLog log;
    readonly LogSignal signal;
    readonly TimeProvider clock;
    readonly ILogger<LogTail> logger;
    readonly Lock gate = new();
    readonly LinkedList<Recorded> recent = [];
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    LogPlace before;
    LogPlace head;

    public LogTail(EventLog log, LogSignal signal, TimeProvider clock, ILogger<LogTail> logger)
    {
        (this.log, this.signal, this.clock, this.logger) = (log, signal, clock, logger);
        signal.Take = Take;
    }

    /// <summary>Completes when the tail stands at the log's end.</summary>
    public Task Ready => ready.Task;

    public LogPlace Head
    {
        get { lock (gate) return head; }
    }

    /// <summary>Completes when there is more than now.</summary>
    public Task Grown
    {
        get { lock (gate) return grown.Task; }
    }

    /// <summary>Every event after a place, in commit order, without end.</summary>
    public async IAsyncEnumerable<Recorded> FollowAsync(LogPlace after, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Ready.WaitAsync(cancel);
        while (true)
        {
            Task more;
            lock (gate)
                more = grown.Task;
            var page = Recent(after) ?? await log.ReadAllAsync(after, Page, cancel);
            foreach (var e in page)
            {
                yield return e;
                after = new(e.Transaction, e.Position);
            }
            if (page.Count == 0)
                await more.WaitAsync(cancel);
        }
    }

    /// <summary>What memory holds after a place; null when the place lies further back.</summary>
    List<Recorded>? Recent(LogPlace after)
    {
        lock (gate)
        {
            if (Before(after, before))
                return null;
            List<Recorded> found = [];
            for (var node = recent.Last; node is not null && Before(after, Place(node.Value)); node = node.Previous)
                found.Add(node.Value);
            found.Reverse();
            return found;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, Tail);

    async Task Tail(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!ready.Task.IsCompleted)
                {
                    before = head = await log.EndAsync(stop);
                    ready.TrySetResult();
                }
                await ReadOn(stop);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("The log cannot be read right now: {Error}. Trying again.", e.Message);
                await Task.Delay(Sweep, clock, stop);
            }
        }
    }

    async Task ReadOn(CancellationToken stop)
    {
        var patience = 0;
        while (true)
        {
            var next = signal.Next;
            var page = await log.ReadAllAsync(Head, Page, stop);
            if (page.Count > 0)
            {
                Grow(page);
                patience = 0;
                if (page.Count is >= Busy and < Page)
                    await Task.Delay(Breath, clock, stop);
                continue;
            }
            // A commit was reported that an older, still open transaction hides: look again shortly, with growing patience.
            var hidden = signal.Committed > Head.Position && patience < 10;
            var wait = hidden ? TimeSpan.FromMilliseconds(1 << patience++) : Sweep;
            try
            {
                await next.WaitAsync(wait, clock, stop);
                if (!hidden)
                    patience = 0;
            }
            catch (TimeoutException)
            {
            }
        }
    }

    bool Take(Appended appended)
    {
        lock (gate)
        {
            if (!ready.Task.IsCompleted || appended.Previous != head)
                return false;
            Grow(appended.Events);
            return true;
        }
    }

    void Grow(IReadOnlyList<Recorded> page)
    {
        TaskCompletionSource woken;
        lock (gate)
        {
            // While a page was on its way, some of it may have been taken from whoever committed it.
            foreach (var e in page.Where(e => Before(head, e.Place)))
                recent.AddLast(e);
            for (; recent.Count > Kept; recent.RemoveFirst())
                before = Place(recent.First!.Value);
            if (Before(head, page[^1].Place))
                head = page[^1].Place;
            (woken, grown) = (grown, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        woken.TrySetResult();
    }

    static LogPlace Place(Recorded e) => new(e.Transaction, e.Position);

    static bool Before(LogPlace a, LogPlace b) => (a.Transaction, a.Position).CompareTo((b.Transaction, b.Position)) < 0;
}
