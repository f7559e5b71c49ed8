using Grace.Engine.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Quartz.Extensibility;

namespace Grace.Engine.Jobs;

/// <summary>
/// Quartz over the same database. Every node has its scheduler, so that each can read, schedule and delete jobs; only one
/// that runs slots starts it.
/// </summary>
static class JobStore
{
    /// <summary>Of Quartz's tables, which hold the rows of several schedulers.</summary>
    public const string Scheduler = "grace";

    const int MostRuns = 50_000;
    const int MostRunsOfAJob = 5_000;
    static readonly TimeSpan KeepRuns = TimeSpan.FromDays(30);
    static readonly TimeSpan KeepFailures = TimeSpan.FromDays(90);

    public static IServiceCollection AddJobStore(this IServiceCollection services, GraceOptions options, Database database)
    {
        services.AddSingleton<JobRunSignals>();
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = Scheduler;
                scheduler.GenerateInstanceId = true;
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(1);
            });
            quartz.UseInstanceIdGenerator<NodeName>();
            quartz.UseDefaultThreadPool(options.Orchestrator.MaxConcurrentPipelines + 4);
            quartz.AddJobListener(s => s.GetRequiredService<JobRunSignals>());
            quartz.AddTriggerListener(s => s.GetRequiredService<JobRunSignals>());
            quartz.AddSchedulerListener(s => s.GetRequiredService<JobRunSignals>());
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(database.ConnectionString);
                store.UseSystemTextJsonSerializer();
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = TimeSpan.FromSeconds(1);
                    cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(2);
                });
                store.ConfigureStore(ado =>
                {
                    ado.TablePrefix = "grace_jobs.qrtz_";
                    ado.MisfireThreshold = TimeSpan.FromSeconds(30);
                    ado.DbRetryInterval = TimeSpan.FromSeconds(1);
                    ado.AcceptEnlistedTransactions = true;
                });
                store.ProvisionSchema();
                // One row a run, after its end; kept by age and by number, failures longest.
                store.UseExecutionHistory();
            });
        });
        services.AddQuartzExecutionHistory(history =>
        {
            history.Retention = KeepRuns;
            history.RetentionByResult[JobRunResult.Failed] = KeepFailures;
            history.MaxEntriesPerScheduler = MostRuns;
            history.MaxEntriesPerJob = MostRunsOfAJob;
        });
        return services;
    }

    /// <summary>A scheduler is named as its node, so that what it writes into Quartz's tables can be told whose it is.</summary>
    sealed class NodeName(ThisNode node) : IInstanceIdGenerator
    {
        public ValueTask<string> GenerateInstanceId(CancellationToken cancellationToken = default) => new(node.Id);
    }
}
