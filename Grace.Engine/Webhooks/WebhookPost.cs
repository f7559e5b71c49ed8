using Grace.Engine.Feed;
using Grace.Engine.Hosting;
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
                await SendAsync(mine.Token, turn.Lost);
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

    async Task SendAsync(CancellationToken stop, CancellationToken lost)
    {
        Dictionary<string, Running> lanes = [];
        await tail.Ready.WaitAsync(stop);
        var place = tail.Head;
        try
        {
            foreach (var hook in await book.AllAsync(stop))
                await SetAsync(hook.Id, lanes, stop, lost);
            await foreach (var e in tail.FollowAsync(place, stop))
                if (WebhookEvents.Knows(e.Type))
                    await SetAsync(e.StreamId, lanes, stop, lost);
        }
        finally
        {
            await Task.WhenAll(lanes.Values.Select(l => l.EndAsync()));
        }
    }

    /// <summary>Has a lane run, look, or end, as the webhook is now; waits for no receiver.</summary>
    async Task SetAsync(string id, Dictionary<string, Running> lanes, CancellationToken stop, CancellationToken lost)
    {
        var wanted = await book.FindAsync(id, stop) is { PausedBecause: null };
        var before = lanes.GetValueOrDefault(id);
        if (wanted && before is { IsOver: false })
            before.Lane.Look();
        else if (wanted)
            lanes[id] = new(new(id, book, desk, call, log, tail, bell, options, clock, logger), before?.Work ?? Task.CompletedTask, stop, lost);
        else
            before?.End();
    }

    sealed class Running
    {
        readonly CancellationTokenSource end;

        /// <param name="before">The same webhook's lane from before, whose last try may still be under way.</param>
        public Running(WebhookLane lane, Task before, CancellationToken stop, CancellationToken lost)
        {
            end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Lane = lane;
            Work = Task.Run(async () =>
            {
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await lane.RunAsync(end.Token, lost);
            }, CancellationToken.None);
        }

        public WebhookLane Lane { get; }

        public Task Work { get; }

        public bool IsOver => Work.IsCompleted || end.IsCancellationRequested;

        public void End() => end.Cancel();

        public async Task EndAsync()
        {
            End();
            await Work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            end.Dispose();
        }
    }
}
