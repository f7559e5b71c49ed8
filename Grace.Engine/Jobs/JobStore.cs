using Grace.Engine.Postgres;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>Hangfire over the same database, without its process-wide settings: several engines can live in one process.</summary>
static class JobStore
{
    public static IServiceCollection AddJobStore(this IServiceCollection services, Database database, WorkerOptions options) => services
        .AddSingleton<JobStorage>(_ => new PostgreSqlStorage(new Connections(database.Source), new PostgreSqlStorageOptions
        {
            SchemaName = Database.JobSchema,
            PrepareSchemaIfNecessary = false,
            // For what other processes enqueue; what this one does wakes its workers at once.
            QueuePollInterval = TimeSpan.FromSeconds(1),
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromSeconds(10),
            // A job's state is changed under a lock, in milliseconds; one that a killed process left would hold the job for this long.
            DistributedLockTimeout = TimeSpan.FromSeconds(5),
            CountersAggregateInterval = TimeSpan.FromMinutes(5),
            JobExpirationCheckInterval = TimeSpan.FromMinutes(10),
        }) { JobExpirationTimeout = options.KeepJobs })
        .AddSingleton<JobCaller>()
        .AddSingleton<IJobFilterProvider>(s => new JobFilterCollection
        {
            // Surroundings that fail; what only a person can settle is not tried again.
            new AutomaticRetryAttribute { Attempts = 5, DelaysInSeconds = [1, 5, 15, 60, 300], ExceptOn = [typeof(NeedsAPerson)] },
            new SameQueue(),
            new FailedStretch(database.Source),
            new Requeue(s.GetRequiredService<JobCaller>()),
            new JobStateSignal(s.GetRequiredService<JobSignal>(), s.GetRequiredService<TimeProvider>()),
        })
        .AddSingleton<IBackgroundJobClient>(s => s.GetRequiredService<IBackgroundJobClientFactory>().GetClient(s.GetRequiredService<JobStorage>()))
        .AddSingleton<IBackgroundJobClientFactory, Clients>();

    /// <summary>The dashboard makes its clients with this.</summary>
    sealed class Clients(IJobFilterProvider filters) : IBackgroundJobClientFactory
    {
        public IBackgroundJobClient GetClient(JobStorage storage) => new BackgroundJobClient(storage, filters);
    }

    sealed class Connections(NpgsqlDataSource source) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
    }

    /// <summary>Tells whoever looks at jobs that one changed: at once, and again when it is surely committed.</summary>
    sealed class JobStateSignal(JobSignal signal, TimeProvider clock) : IApplyStateFilter
    {
        static readonly TimeSpan Committed = TimeSpan.FromMilliseconds(250);

        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => _ = TellAsync();

        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
        }

        async Task TellAsync()
        {
            signal.Tell(JobTopic.Jobs);
            await Task.Delay(Committed, clock);
            signal.Tell(JobTopic.Jobs);
        }
    }
}
