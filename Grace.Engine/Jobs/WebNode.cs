using Grace.Engine.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Jobs;

/// <summary>Lists a node that runs no slots among the nodes, with its heartbeat; one that runs slots does it with its leases.</summary>
sealed class WebNode(ThisNode node, JobSignal signal, TimeProvider clock, ILogger<WebNode> logger) : BackgroundService
{
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, BeatForever);

    async Task BeatForever(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        var listed = false;
        do
        {
            try
            {
                await node.RegisterAsync(stop);
                if (!listed)
                    signal.Tell(JobTopic.Nodes);
                listed = true;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("Heartbeat failed: {Error}", e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await node.LeaveAsync();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            logger.LogWarning("This node stays listed for a while: {Error}", e.Message);
        }
    }
}
