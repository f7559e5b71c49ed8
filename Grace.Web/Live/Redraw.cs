namespace Grace.Web.Live;

/// <summary>
/// Redraws at most five times a second, however fast the data comes; the last change is always drawn. The first time, when
/// somebody waits for the page, it does not wait for more.
/// </summary>
sealed class Redraw(Func<Task> draw, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    readonly CancellationTokenSource gone = new();
    int wanted;
    bool drawn;

    public void Want()
    {
        if (Interlocked.Exchange(ref wanted, 1) == 0)
            _ = Draw();
    }

    async Task Draw()
    {
        try
        {
            await Task.Delay(drawn ? Pause : FirstPause, clock, gone.Token);
            drawn = true;
            Interlocked.Exchange(ref wanted, 0);
            await draw();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }
}
