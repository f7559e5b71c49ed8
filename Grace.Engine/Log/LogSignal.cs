namespace Grace.Engine.Log;

/// <summary>
/// "There is more in the log": woken in process by whoever commits, and by other nodes through NOTIFY. A hint only; what
/// is lost is found by the sweep.
/// </summary>
public sealed class LogSignal
{
    readonly Lock gate = new();
    TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long committed;

    /// <summary>The highest position that anyone reported as committed.</summary>
    public long Committed => Interlocked.Read(ref committed);

    /// <summary>Raised on the committing thread, before waiters are woken; <see cref="LogRelay"/> tells the other nodes.</summary>
    public event Action<long>? CommittedHere;

    /// <summary>Takes what was committed here when nothing is missing before it; set by <see cref="LogTail"/>.</summary>
    public Func<Appended, bool>? Take { get; set; }

    public void Commit(Appended appended)
    {
        CommittedHere?.Invoke(appended.Position);
        if (appended.Events.Count == 0 || Take?.Invoke(appended) != true)
            Hear(appended.Position);
    }

    /// <summary>Another node committed up to this position (0: unknown, look anyway).</summary>
    public void Hear(long position)
    {
        TaskCompletionSource woken;
        lock (gate)
        {
            committed = Math.Max(committed, position);
            (woken, next) = (next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        woken.TrySetResult();
    }

    /// <summary>Take this before looking, await it after finding nothing: no signal falls between.</summary>
    public Task Next
    {
        get { lock (gate) return next.Task; }
    }
}
