using Dapper;
using Grace.Engine.Hosting;
using Grace.Engine.Orchestration;
using Hangfire;
using Hangfire.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>
/// Hangfire's workers on this node: makes as many slots as pipelines may run, stands down while the node is paused, and
/// looks every second for processes of this host that died.
/// </summary>
public sealed class JobServer(
    NpgsqlDataSource database, JobStorage storage, IJobFilterProvider filters, IServiceProvider services, NodePause pause, JobSignal signal, ThisNode node,
    OrchestratorOptions options, WorkerOptions own, SlotBell bell, TimeProvider clock, ILogger<JobServer> logger) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(50);

    /// <summary>Jobs that end without work beside those that work.</summary>
    const int Spare = 2;
    const int MostBlocked = 16;
    readonly SemaphoreSlim soon = new(0);
    readonly List<BackgroundJobServer> leaving = [];
    BackgroundJobServer? server;

    public bool Runs => server is not null;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Hangfire makes and changes jobs synchronously: on few cores the pool would begin with too few threads to also do the work.
        ThreadPool.GetMinThreads(out var threads, out var ports);
        ThreadPool.SetMinThreads(Math.Max(threads, options.MaxConcurrentPipelines + MostBlocked), ports);
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
            await connection.ExecuteAsync("""
                insert into grace.slots (number) select generate_series(1, @most) on conflict (number) do update set enabled = true;
                update grace.slots set enabled = false where number > @most;
                """, new { most = options.MaxConcurrentPipelines });
        await node.RegisterAsync(cancellationToken);
        server = Start();
        signal.Heard += Hear;
        signal.Tell(JobTopic.Nodes);
        bell.Ring();
        await base.StartAsync(cancellationToken);
    }

    BackgroundJobServer Start() => new(
        new BackgroundJobServerOptions
        {
            ServerName = node.Id.Replace(':', '-'),
            Queues = own.Takes,
            WorkerCount = options.MaxConcurrentPipelines + Spare,
            SchedulePollingInterval = TimeSpan.FromSeconds(1),
            // A phase that runs when the node is paused completes.
            ShutdownTimeout = options.PhaseTimeout,
            FilterProvider = filters,
            Activator = new FromServices(services),
        }, storage);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, async stop =>
    {
        while (true)
        {
            try
            {
                if (await pause.LookAsync(stop))
                    StandDownOrGoOn();
                await node.ReleaseDeadAsync(stop);
            }
            catch (Exception e) when (e is IOException || DatabaseAway.IsCauseOf(e))
            {
                logger.LogWarning("The upkeep of this node's jobs failed: {Error}. It is tried again.", e.Message);
            }
            if (await soon.WaitAsync(Look, stop))
                await Task.Delay(Coalesce, clock, stop);
        }
    });

    void StandDownOrGoOn()
    {
        if (pause.IsPaused && server is { } standing)
        {
            standing.SendStop();
            leaving.Add(standing);
            server = null;
        }
        else if (!pause.IsPaused && server is null)
        {
            server = Start();
        }
        signal.Tell(JobTopic.Nodes);
    }

    void Hear(JobTopic topic)
    {
        if (topic == JobTopic.Nodes && soon.CurrentCount == 0)
            soon.Release();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        signal.Heard -= Hear;
        await base.StopAsync(cancellationToken);
        if (server is not null)
            leaving.Add(server);
        server = null;
        foreach (var one in leaving)
            one.SendStop();
        foreach (var one in leaving)
        {
            try
            {
                await one.WaitForShutdownAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                logger.LogWarning("This node stops before all of its jobs ended; other nodes go on with them.");
            }
            one.Dispose();
        }
        try
        {
            await node.LeaveAsync();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            logger.LogWarning("This node stays listed for a while: {Error}", e.Message);
        }
    }

    sealed class FromServices(IServiceProvider services) : JobActivator
    {
        public override object ActivateJob(Type jobType) => ActivatorUtilities.GetServiceOrCreateInstance(services, jobType);
    }
}
