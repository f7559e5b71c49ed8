using JasperFx.Events.Daemon.HighWater;

namespace Grace.Engine.Log;

/// <summary>Wakes Marten's daemon when the live end of the log has grown, by this node or another, so that it need not poll.</summary>
sealed class LogWakeup(LogTail tail) : IDaemonWakeup
{
    /// <summary>What comes meanwhile is looked at together.</summary>
    static readonly TimeSpan Together = TimeSpan.FromMilliseconds(25);

    public async Task WaitAsync(TimeSpan timeout, CancellationToken token)
    {
        try
        {
            await tail.Grown.WaitAsync(timeout, token);
            await Task.Delay(Together, token);
        }
        catch (TimeoutException)
        {
        }
    }

    public void Dispose()
    {
    }
}
