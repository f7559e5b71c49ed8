using Quartz;

namespace Grace.Engine.Jobs;

/// <summary>Tells whoever looks at jobs that one began, ended, came or went; recording it is the scheduler's own work.</summary>
sealed class JobRunSignals(JobSignal signal) : IJobListener, ISchedulerListener
{
    public string Name => nameof(JobRunSignals);

    public ValueTask JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default) => Tell();

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default) => Tell();

    public ValueTask JobScheduled(IScheduler scheduler, ITrigger trigger, CancellationToken cancellationToken = default) => Tell();

    public ValueTask JobAdded(IScheduler scheduler, IJobDetail jobDetail, CancellationToken cancellationToken = default) => Tell();

    public ValueTask JobDeleted(IScheduler scheduler, JobKey jobKey, CancellationToken cancellationToken = default) => Tell();

    ValueTask Tell()
    {
        signal.Tell(JobTopic.Jobs);
        return default;
    }
}
