using Grace.Engine.Jobs;
using Grace.Tests.Support;
using Hangfire;

namespace Grace.Tests.Jobs;

/// <summary>A job that only a person can help.</summary>
public sealed class FailingJob
{
    public void Run() => throw new NeedsAPerson("the disk is full");
}

/// <summary>A job whose surroundings fail.</summary>
public sealed class FlakyJob
{
    public void Run() => throw new IOException("the network is away");
}

/// <summary>A job that does nothing, well.</summary>
public sealed class QuietJob
{
    public string Run() => "Nothing to do.";
}

static class TestJobs
{
    public static string AddJob<T>(this TestGrace grace, System.Linq.Expressions.Expression<Action<T>> run) => grace.Get<IBackgroundJobClient>().Enqueue(run);

    public static Task<JobRow?> JobAsync(this TestGrace grace, string key) => grace.Get<JobQueries>().FindAsync(key);

    public static async Task<IReadOnlyList<JobRow>> JobsAsync(this TestGrace grace, JobFilter? filter = null) => (await grace.Get<JobQueries>().ListAsync(filter ?? new())).Jobs;

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
