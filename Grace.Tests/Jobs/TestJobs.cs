using Grace.Engine.Jobs;
using Grace.Tests.Support;
using Quartz;

namespace Grace.Tests.Jobs;

/// <summary>A job that never succeeds.</summary>
public sealed class FailingJob : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("the disk is full");
}

/// <summary>A job that does nothing, well.</summary>
public sealed class QuietJob : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => default;
}

static class TestJobs
{
    public static async Task<IScheduler> SchedulerAsync(this TestGrace grace) => await grace.Get<ISchedulerFactory>().GetScheduler();

    public static async Task AddJobAsync<T>(this TestGrace grace, string name, string? description = null) where T : IJob =>
        await (await grace.SchedulerAsync()).AddJob(
            JobBuilder.Create<T>().WithIdentity(name, "tests").WithDescription(description ?? "A job of the tests").StoreDurably().Build(), AddJobOptions.Replacing);

    public static async Task<JobRow?> JobAsync(this TestGrace grace, string key) =>
        (await grace.Get<JobQueries>().ListAsync(new(Search: key, Limit: 200))).Jobs.SingleOrDefault(j => j.Key == key);

    public static async Task<List<HistoryRow>> HistoryAsync(this TestGrace grace, HistoryFilter filter) => [.. (await grace.Get<JobHistory>().ReadAsync(filter)).History];

    public static string NodeId(this TestGrace grace) => grace.Get<ThisNode>().Id;

    /// <summary>Looks whenever the jobs' signal tells of a change, until it holds.</summary>
    public static async Task<T> UntilJobsAsync<T>(this TestGrace grace, Func<Task<T>> look, Func<T, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var changed = new SemaphoreSlim(0);
        void Hear(JobTopic topic) => changed.Release();
        grace.Get<JobSignal>().Heard += Hear;
        try
        {
            while (true)
            {
                if (await look() is var seen && holds(seen))
                    return seen;
                await changed.WaitAsync(patience.Token);
            }
        }
        finally
        {
            grace.Get<JobSignal>().Heard -= Hear;
        }
    }
}
