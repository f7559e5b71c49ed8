namespace Grace.Engine.Hosting;

/// <summary>Background work that ends without a word when it is told to stop; any other end is an error for the host to report.</summary>
static class Quietly
{
    public static async Task Until(CancellationToken stop, params Func<CancellationToken, Task>[] work)
    {
        try
        {
            await Task.WhenAll(work.Select(one => one(stop)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
