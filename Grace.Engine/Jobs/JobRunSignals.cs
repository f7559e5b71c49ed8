using Quartz;

namespace Grace.Engine.Jobs;

/// <summary>Tells whoever looks at jobs that one began, ended, came or went; recording it is the scheduler's own work.</summary>
sealed class JobRunSignals(JobSignal signal, TimeProvider clock) : IJobListener, ITriggerListener, ISchedulerListener
{
    /// <summary>After a run's end is told, its row that says "running" goes, and its history is there.</summary>
    static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(250);

    public string Name => nameof(JobRunSignals);

    public ValueTask JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default) => Tell();

    public ValueTask TriggerComplete(
        ITrigger trigger, IJobExecutionContext context, SchedulerInstruction triggerInstructionCode, CancellationToken cancellationToken = default)
    {
        _ = TellLater();
        return Tell();
    }

    public ValueTask JobScheduled(IScheduler scheduler, ITrigger trigger, CancellationToken cancellationToken = default) => Tell();

    public ValueTask JobAdded(IScheduler scheduler, IJobDetail jobDetail, CancellationToken cancellationToken = default) => Tell();

    public ValueTask JobDeleted(IScheduler scheduler, JobKey jobKey, CancellationToken cancellationToken = default) => Tell();

    async Task TellLater()
    {
        await Task.Delay(Settled, clock);
        signal.Tell(JobTopic.Jobs);
    }

    ValueTask Tell()
    {
        signal.Tell(JobTopic.Jobs);
        return default;
    }
}
