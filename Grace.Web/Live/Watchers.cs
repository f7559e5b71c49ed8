using Grace.Engine.Feed;
using Grace.Engine.Log;
using Microsoft.AspNetCore.SignalR;
using Npgsql;

namespace Grace.Web.Live;

/// <summary>
/// Serves the hub's watches. Those that keep up are written to by one pump, each event as the same bytes. One whose buffer
/// is full leaves the pump, waits for its own client alone, is caught up from the log, and comes back: it loses nothing,
/// doubles nothing, holds no more memory than its buffer and slows nobody.
/// </summary>
sealed class Watchers(PipelineConnections connections, Feed feed, LogTail tail, Frames frames, TimeProvider clock, ILogger<Watchers> logger) : BackgroundService
{
    public const string All = "*";
    const int MostOfOne = 500;
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();

    /// <summary>Connection → what → watch.</summary>
    readonly Dictionary<string, Dictionary<string, Watch>> all = [];

    /// <summary>Those that keep up, by what they watch.</summary>
    readonly Dictionary<string, List<Watch>> live = [];

    /// <summary>Up to where they were served; null before the pump runs.</summary>
    LogPlace? pumped;

    /// <summary>How many watches the pump serves right now; the others are being caught up.</summary>
    public int Live
    {
        get { lock (gate) return live.Values.Sum(w => w.Count); }
    }

    public void WatchStream(string connectionId, string streamId, long after) => Start(connectionId, streamId, EventFilter.Everything, after, async watch =>
    {
        // As in Feed: the place first, then the stream, and what shows up in both is told apart by version.
        await tail.Ready.WaitAsync(watch.Stopped);
        var place = tail.Head;
        await foreach (var e in feed.RecordedAsync(streamId, after, watch.Stopped))
            await Wait(watch.SendAsync(e, frames), watch);
        return place;
    });

    public void WatchAll(string connectionId, LogPlace after, EventFilter filter) => Start(connectionId, All, filter, 0, _ => Task.FromResult(after));

    public void Stop(string connectionId, string what)
    {
        lock (gate)
            if (all.GetValueOrDefault(connectionId)?.GetValueOrDefault(what) is { } watch)
                End(watch);
    }

    public void StopAll(string connectionId)
    {
        lock (gate)
            foreach (var watch in all.GetValueOrDefault(connectionId)?.Values.ToList() ?? [])
                End(watch);
    }

    void Start(string connectionId, string what, EventFilter filter, long version, Func<Watch, Task<LogPlace>> first)
    {
        if (connections.Find(connectionId) is not { } connection)
            return;
        Watch watch = new(connection, what, filter, version);
        lock (gate)
        {
            if (!all.TryGetValue(connectionId, out var ours))
                all[connectionId] = ours = [];
            if (ours.TryGetValue(what, out var before))
                End(before);
            else if (ours.Count >= MostOfOne)
                throw new HubException($"This connection watches {MostOfOne} pipelines already; use WatchAll.");
            all.TryAdd(connectionId, ours);
            ours[what] = watch;
        }
        _ = Task.Run(() => CatchUp(watch, first), CancellationToken.None);
    }

    /// <summary>Within the gate.</summary>
    void End(Watch watch)
    {
        if (all.GetValueOrDefault(watch.Connection.ConnectionId) is { } ours && ours.GetValueOrDefault(watch.What) == watch)
        {
            ours.Remove(watch.What);
            if (ours.Count == 0)
                all.Remove(watch.Connection.ConnectionId);
            watch.Dispose();
        }
        if (live.TryGetValue(watch.What, out var watches) && watches.Remove(watch) && watches.Count == 0)
            live.Remove(watch.What);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await tail.Ready.WaitAsync(stoppingToken);
            lock (gate)
                pumped = tail.Head;
            while (true)
                try
                {
                    await foreach (var e in tail.FollowAsync(pumped.Value, stoppingToken))
                        Hand(e);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    logger.LogWarning("The hub is interrupted: {Error}. It goes on where it stopped.", e.Message);
                    await Task.Delay(Again, clock, stoppingToken);
                }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One event to all who keep up; nothing here waits for anybody.</summary>
    void Hand(Recorded e)
    {
        lock (gate)
        {
            pumped = e.Place;
            Hand(e, e.StreamId);
            Hand(e, All);
        }
    }

    void Hand(Recorded e, string what)
    {
        if (!live.TryGetValue(what, out var watches))
            return;
        for (var i = watches.Count - 1; i >= 0; i--)
        {
            var watch = watches[i];
            if (watch.Stopped.IsCancellationRequested)
            {
                watches.RemoveAt(i);
                continue;
            }
            if (!watch.Joined.IsBefore(e.Place) || !watch.Wants(e))
                continue;
            var write = watch.SendAsync(e, frames);
            if (write.IsCompletedSuccessfully)
                continue;
            watches[i] = watches[^1];
            watches.RemoveAt(watches.Count - 1);
            var full = write.AsTask();
            _ = Task.Run(() => CatchUp(watch, async w =>
            {
                await full.WaitAsync(w.Stopped);
                return e.Place;
            }), CancellationToken.None);
        }
        if (watches.Count == 0)
            live.Remove(what);
    }

    async Task CatchUp(Watch watch, Func<Watch, Task<LogPlace>> first)
    {
        LogPlace? place = null;
        while (!watch.Stopped.IsCancellationRequested)
            try
            {
                place ??= await first(watch);
                if (Join(watch, place.Value))
                    return;
                await foreach (var e in tail.FollowAsync(place.Value, watch.Stopped))
                {
                    if (watch.Wants(e))
                        await Wait(watch.SendAsync(e, frames), watch);
                    place = e.Place;
                    if (Join(watch, e.Place))
                        return;
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (Exception away) when (place is not null && away is NpgsqlException or TimeoutException or IOException)
            {
                await Task.Delay(Again, clock);
            }
            catch (Exception broken)
            {
                // The client would wait for ever; cut off, it comes back with the last version it saw and misses nothing.
                logger.LogWarning("Watching {What} broke: {Error}", watch.What, broken.Message);
                watch.Connection.Abort();
                break;
            }
        lock (gate)
            End(watch);
    }

    /// <summary>Comes to the live ones when it has been served as far as they have.</summary>
    bool Join(Watch watch, LogPlace place)
    {
        lock (gate)
        {
            if (pumped is not { } reached || place.IsBefore(reached) || watch.Stopped.IsCancellationRequested)
                return false;
            watch.Joined = place;
            if (!live.TryGetValue(watch.What, out var watches))
                live[watch.What] = watches = [];
            watches.Add(watch);
            return true;
        }
    }

    static Task Wait(ValueTask write, Watch watch) => write.IsCompletedSuccessfully ? Task.CompletedTask : write.AsTask().WaitAsync(watch.Stopped);
}
