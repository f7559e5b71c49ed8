using JasperFx.Events.Daemon.HighWater;

namespace Grace.Engine.Log;

/// <summary>Wakes Marten's daemon when the live end of the log has grown, by this node or another, so that it need not poll.</summary>
sealed class LogWakeup(LogTail tail, TimeProvider clock) : IDaemonWakeup
{
    /// <summary>When much comes, it is looked at together: what follows the log can wait, and pipelines cannot.</summary>
    static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(250);
    long woken;

    public async Task WaitAsync(TimeSpan timeout, CancellationToken token)
    {
        try
        {
            await tail.Grown.WaitAsync(timeout, clock, token);
            if (Apart - clock.GetElapsedTime(woken) is { Ticks: > 0 } rest)
                await Task.Delay(rest, clock, token);
        }
        catch (TimeoutException)
        {
        }
        woken = clock.GetTimestamp();
    }

    public void Dispose()
    {
    }
}
