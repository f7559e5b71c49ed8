namespace Grace.Engine.Jobs;

/// <summary>One look at slots and nodes for all who watch them, however many pages are open on this node.</summary>
public sealed class JobBoard(JobQueries queries, TimeProvider clock)
{
    readonly SemaphoreSlim one = new(1);
    JobOverview? last;
    long looked;

    /// <param name="since">A timestamp of the clock: what was looked up before it is too old.</param>
    public async Task<JobOverview> ReadAsync(long since, CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            if (last is null || looked < since)
            {
                var began = clock.GetTimestamp();
                (last, looked) = (await queries.OverviewAsync(cancel), began);
            }
            return last;
        }
        finally
        {
            one.Release();
        }
    }
}
