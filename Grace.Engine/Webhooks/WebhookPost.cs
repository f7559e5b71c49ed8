using Grace.Engine.Log;
using Grace.Engine.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Webhooks;

/// <summary>
/// Sends the webhooks' deliveries while this node has the turn: a lane each, so that a slow or dead receiver holds up nobody
/// but itself. What is registered, paused or sent again anywhere is heard from the log.
/// </summary>
public sealed class WebhookPost(
    Database database, WebhookBook book, WebhookDesk desk, WebhookCall call, EventLog log, LogTail tail, WebhookBell bell, WebhookOptions options, TimeProvider clock,
    ILogger<WebhookPost> logger) : BackgroundService
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Quietly.Until(stoppingToken, SendForever);

    async Task SendForever(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await using var turn = await WebhookTurn.TakeAsync(database.ConnectionString, clock, logger, stop);
                using var mine = CancellationTokenSource.CreateLinkedTokenSource(stop, turn.Lost);
                await SendAsync(mine.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                logger.LogWarning("This node may not send the webhooks any more: it lost its connection to the database.");
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                logger.LogWarning("The webhooks are interrupted: {Error} They go on where they stopped.", e.Message);
            }
            await Task.Delay(Again, clock, stop);
        }
    }

    async Task SendAsync(CancellationToken stop)
    {
        Dictionary<string, Running> lanes = [];
        await tail.Ready.WaitAsync(stop);
        var place = tail.Head;
        try
        {
            foreach (var hook in await book.AllAsync(stop))
                await SetAsync(hook.Id, lanes, stop);
            await foreach (var e in tail.FollowAsync(place, stop))
                if (WebhookEvents.Knows(e.Type))
                    await SetAsync(e.StreamId, lanes, stop);
        }
        finally
        {
            await Task.WhenAll(lanes.Values.Select(l => l.StopAsync()));
        }
    }

    /// <summary>Has a lane run, look, or end, as the webhook is now.</summary>
    async Task SetAsync(string id, Dictionary<string, Running> lanes, CancellationToken stop)
    {
        var wanted = await book.FindAsync(id, stop) is { PausedBecause: null };
        var running = lanes.GetValueOrDefault(id);
        if (running is { Work.IsCompleted: false } && wanted)
        {
            running.Lane.Look();
            return;
        }
        if (running is not null)
            await running.StopAsync();
        lanes.Remove(id);
        if (wanted)
            lanes[id] = new(new(id, book, desk, call, log, tail, bell, options, clock, logger), stop);
    }

    sealed class Running
    {
        readonly CancellationTokenSource end;

        public Running(WebhookLane lane, CancellationToken stop)
        {
            end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            (Lane, Work) = (lane, Task.Run(() => lane.RunAsync(end.Token), CancellationToken.None));
        }

        public WebhookLane Lane { get; }

        public Task Work { get; }

        public async Task StopAsync()
        {
            await end.CancelAsync();
            await Work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            end.Dispose();
        }
    }
}
