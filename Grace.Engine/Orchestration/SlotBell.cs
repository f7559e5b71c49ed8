namespace Grace.Engine.Orchestration;

/// <summary>Rung after a commit that gave or freed a slot: what the slots want is made at once, not at the next look.</summary>
public sealed class SlotBell : IDisposable
{
    readonly SemaphoreSlim rung = new(0);

    public void Ring()
    {
        if (rung.CurrentCount == 0)
            rung.Release();
    }

    /// <summary>Ends when it is rung, was rung since the last time, or after a while.</summary>
    public Task HeardAsync(TimeSpan atLatest, CancellationToken cancel) => rung.WaitAsync(atLatest, cancel);

    public void Dispose() => rung.Dispose();
}
