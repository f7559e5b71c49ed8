namespace Grace.Engine.Postgres;

/// <summary>
/// A read that many want at the same moment: one is under way at a time, and whoever asks gets one that began after they asked.
/// </summary>
public sealed class SharedRead<T>(Func<Task<T>> read)
{
    readonly Lock gate = new();
    Task<T>? running, next;

    public Task<T> Async(CancellationToken cancel = default)
    {
        lock (gate)
        {
            if (next is null && running is not { IsCompleted: false })
                return (running = Task.Run(read, CancellationToken.None)).WaitAsync(cancel);
            return (next ??= AfterAsync(running!)).WaitAsync(cancel);
        }
    }

    async Task<T> AfterAsync(Task<T> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (gate)
            (running, next) = (next, null);
        return await read();
    }
}
