using Grace.Engine.Postgres;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>Hangfire over the same database, without its process-wide settings but for its log: several engines can live in one process.</summary>
public static class JobStore
{
    /// <summary>The key of the storage in which what people do in Hangfire's dashboard is on the disk before they are told so.</summary>
    public const string ForPeople = "people";

    internal static IServiceCollection AddJobStore(this IServiceCollection services, Database database, WorkerOptions options) => services
        .AddSingleton<JobStorage>(s => Make(database, database.Jobs, options, s.GetRequiredService<ILoggerFactory>()))
        .AddKeyedSingleton<JobStorage>(ForPeople, (s, _) => Make(database, database.Source, options, s.GetRequiredService<ILoggerFactory>()))
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

    static JobLocks Make(Database database, NpgsqlDataSource source, WorkerOptions options, ILoggerFactory logs)
    {
        LogProvider.SetCurrentLogProvider(new JobLog(logs));
        var settings = new PostgreSqlStorageOptions
        {
            SchemaName = Database.JobSchema,
            PrepareSchemaIfNecessary = false,
            // For what other processes enqueue; what this one does wakes its workers at once.
            QueuePollInterval = TimeSpan.FromSeconds(1),
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromSeconds(10),
            // Of the locks that Hangfire's upkeep still takes as rows; one that a killed process left would stop it for this long.
            DistributedLockTimeout = TimeSpan.FromSeconds(5),
            CountersAggregateInterval = TimeSpan.FromMinutes(5),
            JobExpirationCheckInterval = TimeSpan.FromMinutes(10),
        };
        return new(new Connections(source), settings, database.JobLocks) { JobExpirationTimeout = options.KeepJobs };
    }

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
