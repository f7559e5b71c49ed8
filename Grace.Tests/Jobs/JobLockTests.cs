using Grace.Tests.Support;
using Hangfire;
using Hangfire.Storage;
using Npgsql;

namespace Grace.Tests.Jobs;

public class JobLockTests
{
    [Fact]
    public async Task A_jobs_lock_is_one_holders_at_a_time_and_given_once_more_to_who_has_it()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var storage = grace.Get<JobStorage>();
        using var one = storage.GetConnection();
        using var other = storage.GetConnection();
        var outer = one.AcquireDistributedLock("job:1", TimeSpan.Zero);
        var inner = one.AcquireDistributedLock("job:1", TimeSpan.Zero);
        using (other.AcquireDistributedLock("job:2", TimeSpan.Zero))
            Should.Throw<DistributedLockTimeoutException>(() => other.AcquireDistributedLock("job:1", TimeSpan.Zero));
        inner.Dispose();
        Should.Throw<DistributedLockTimeoutException>(() => other.AcquireDistributedLock("job:1", TimeSpan.Zero));
        outer.Dispose();
        other.AcquireDistributedLock("job:1", TimeSpan.Zero).Dispose();
    }

    [Fact]
    public async Task Far_more_jobs_at_once_than_there_are_connections_wait_for_one_another()
    {
        await using var grace = await TestGrace.StartAsync(limit: 40);
        var keys = Enumerable.Range(0, 200).Select(_ => grace.AddJob<QuietJob>(j => j.Run())).ToList();
        await grace.UntilJobsAsync(() => grace.JobsAsync(new(State: "succeeded", Limit: 200)), jobs => jobs.Count == keys.Count);
    }

    [Fact]
    public async Task A_jobs_lock_ends_with_the_connection_of_who_held_it()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var storage = grace.Get<JobStorage>();
        using var gone = storage.GetConnection();
        var held = gone.AcquireDistributedLock("job:1", TimeSpan.Zero);
        await using (var owner = NpgsqlDataSource.Create(grace.ConnectionString))
        await using (var end = owner.CreateCommand("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'grace-locks' and datname = current_database()"))
            await end.ExecuteNonQueryAsync();
        using var next = storage.GetConnection();
        next.AcquireDistributedLock("job:1", TimeSpan.FromSeconds(30)).Dispose();
        Should.Throw<NpgsqlException>(held.Dispose);
    }
}
