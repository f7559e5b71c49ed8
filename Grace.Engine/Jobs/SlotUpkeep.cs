using Dapper;
using Grace.Engine.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace Grace.Engine.Jobs;

/// <summary>
/// Makes as many slots as pipelines may run, listens to the log for pipelines that other nodes made ready, and looks once
/// a second for what a signal missed.
/// </summary>
public sealed class SlotUpkeep(
    NpgsqlDataSource database, ISchedulerFactory schedulers, SlotBell bell, NodePause pause, JobSignal signal, LogTail tail, ThisNode node, GraceOptions options,
    TimeProvider clock, ILogger<SlotUpkeep> logger) : BackgroundService
{
    static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(200);
    readonly SemaphoreSlim soon = new(0);
    IScheduler? scheduler;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        scheduler = await schedulers.GetScheduler(cancellationToken);
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
            await connection.ExecuteAsync("""
                insert into grace.slots (number) select generate_series(1, @most) on conflict (number) do update set enabled = true;
                update grace.slots set enabled = false where number > @most;
                """, new { most = options.Orchestrator.MaxConcurrentPipelines });
        for (var slot = 1; slot <= options.Orchestrator.MaxConcurrentPipelines; slot++)
            await scheduler.AddJob(
                JobBuilder.Create<SlotJob>().WithIdentity(SlotBell.JobOf(slot)).StoreDurably().RequestRecovery()
                    .UsingJobData(SlotJob.SlotKey, slot.ToString(System.Globalization.CultureInfo.InvariantCulture)).Build(),
                AddJobOptions.Replacing, cancellationToken);
        await node.RegisterAsync(cancellationToken);
        await scheduler.Start(cancellationToken);
        bell.Scheduler = scheduler;
        signal.Heard += Hear;
        signal.Tell(JobTopic.Nodes);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Quietly.Until(stoppingToken, Listen, SweepForever);

    async Task Listen(CancellationToken stop)
    {
        await tail.Ready.WaitAsync(stop);
        await foreach (var e in tail.FollowAsync(tail.Head, stop))
        {
            if (e.Type is not ("agent.pipeline.submitted" or "agent.pipeline.resumed" or "agent.pipeline.approved"))
                continue;
            bell.Ring();
            LookSoon();
        }
    }

    void Hear(JobTopic topic)
    {
        if (topic == JobTopic.Nodes)
            LookSoon();
    }

    void LookSoon()
    {
        if (soon.CurrentCount == 0)
            soon.Release();
    }

    async Task SweepForever(CancellationToken stop)
    {
        while (true)
        {
            await Guarded(cancel => pause.LookAsync(scheduler!, cancel), stop);
            await Guarded(node.ReleaseDeadAsync, stop);
            await Guarded(bell.SweepAsync, stop);
            if (await soon.WaitAsync(Sweep, stop))
                await Task.Delay(Coalesce, clock, stop);
        }
    }

    async Task Guarded(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or SchedulerException)
        {
            logger.LogWarning("The slots' upkeep failed: {Error}. It is tried again.", e.Message);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        signal.Heard -= Hear;
        await base.StopAsync(cancellationToken);
        bell.Scheduler = null;
        if (scheduler is not null)
            await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
        await Guarded(_ => node.LeaveAsync(), CancellationToken.None);
    }
}
