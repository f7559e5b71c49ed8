using Grace.Engine.Feed;
using Grace.Engine.Log;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Webhooks;

/// <summary>
/// Sends to one webhook, one event after the other in the log's order. An event that is not taken holds up those after it
/// until it is taken or dead; nothing else waits for it. All that must outlast the process is in the tables: a crash
/// between a receiver's answer and its record sends that event once more, under the same id.
/// </summary>
sealed class WebhookLane(
    string id, WebhookBook book, WebhookDesk desk, WebhookCall call, EventLog log, LogTail tail, WebhookBell bell, WebhookOptions options, TimeProvider clock, ILogger logger)
{
    const int MostPassed = 500;
    const int Kept = 500;
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    readonly SemaphoreSlim look = new(0);
    List<Delivery> waiting = [];
    Webhook hook = null!;
    WebhookSecret secret = null!;
    long cursor;
    int sent;

    /// <summary>Stable for an event, over tries, webhooks and copies of the database: receivers drop doubles by it.</summary>
    public static string MessageId(Recorded e) => $"evt_{Convert.ToHexStringLower(e.Hash.AsSpan(0, 16))}";

    /// <summary>Its deliveries were changed from outside.</summary>
    public void Look() => look.Release();

    /// <param name="stop">Begin no further try; one that is under way ends and is kept, which the receiver's time limit bounds.</param>
    /// <param name="lost">Another node may send now: drop everything.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken lost)
    {
        while (!stop.IsCancellationRequested)
            try
            {
                if (await book.FindAsync(id, stop) is not { PausedBecause: null } found)
                    return;
                (hook, secret, cursor, waiting) = (found, await book.SecretAsync(id, stop), found.Cursor, await book.WaitingAsync(id, stop));
                await FollowAsync(stop, lost);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                logger.LogWarning("Webhook {Id} is interrupted: {Error} It goes on where it stopped.", id, e.Message);
                await Task.Delay(Again, clock, stop);
            }
    }

    /// <summary>Returns when what is in force has to be read anew.</summary>
    async Task FollowAsync(CancellationToken stop, CancellationToken lost)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var events = tail.FollowAsync(await log.PlaceOfAsync(cursor, stop), ends.Token).GetAsyncEnumerator(ends.Token);
        Task<bool>? next = null;
        var looked = look.WaitAsync(ends.Token);
        var (passed, ok) = (0, true);
        try
        {
            while (ok)
            {
                stop.ThrowIfCancellationRequested();
                if (looked.IsCompleted)
                {
                    looked = look.WaitAsync(ends.Token);
                    waiting = await book.WaitingAsync(id, stop);
                }
                var due = waiting.MinBy(d => d.NextAt);
                if (due?.NextAt <= clock.GetUtcNow())
                {
                    ok = await TryAgainAsync(due, lost);
                    continue;
                }
                var held = waiting.Any(d => !d.Again);
                next ??= held ? null : events.MoveNextAsync().AsTask();
                if (next?.IsCompleted != true || held)
                {
                    await RestAsync(due?.NextAt, looked, held ? null : next, stop);
                    continue;
                }
                await next;
                next = null;
                var e = events.Current;
                if (hook.Wants(e))
                    (ok, passed) = (await TryFirstAsync(e, lost), 0);
                else if (++passed >= MostPassed)
                    (ok, passed) = (await MoveAsync(e.Position, stop), 0);
            }
        }
        finally
        {
            // An enumerator is disposed of only when it stands still.
            await ends.CancelAsync();
            if (next is not null)
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Until an event comes, a delivery is due, or somebody changed something.</summary>
    async Task RestAsync(DateTimeOffset? due, Task looked, Task? next, CancellationToken stop)
    {
        using var rested = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> until = [looked];
        if (next is not null)
            until.Add(next);
        if (due is { } at)
            until.Add(Task.Delay(Later(at - clock.GetUtcNow()), clock, rested.Token));
        else
            until.Add(Task.Delay(Timeout.InfiniteTimeSpan, clock, rested.Token));
        await Task.WhenAny(until);
        await rested.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>A timer rounds down to milliseconds and may ring a moment early.</summary>
    static TimeSpan Later(TimeSpan wait) => wait <= TimeSpan.Zero ? TimeSpan.Zero : wait + TimeSpan.FromMilliseconds(1);

    async Task<bool> MoveAsync(long position, CancellationToken stop)
    {
        if (!await book.PassAsync(id, cursor, position, stop))
            return false;
        cursor = position;
        return true;
    }

    async Task<bool> TryFirstAsync(Recorded e, CancellationToken lost)
    {
        var came = await CallAsync(e, lost);
        var (status, next) = Judge(came, 1);
        if (await book.FirstTryAsync(id, cursor, e, status, next, came, clock.GetUtcNow(), lost) is not { } delivery)
            return false;
        cursor = e.Position;
        if (status == Delivery.Waiting)
            waiting.Add(new(delivery, id, e.Position, e.Type, status, false, 1, next, came.Status, came.Error, 0, default, default));
        return await DoneAsync(e.Position, came, status, lost);
    }

    async Task<bool> TryAgainAsync(Delivery delivery, CancellationToken lost)
    {
        if (await log.FindAsync(delivery.Position, lost) is not { } e)
            throw new InvalidOperationException($"The log has no event at position {delivery.Position}.");
        var came = await CallAsync(e, lost);
        var (status, next) = Judge(came, delivery.Attempts + 1);
        if (!await book.NextTryAsync(delivery, status, next, came, clock.GetUtcNow(), lost))
            return false;
        waiting.Remove(delivery);
        if (status == Delivery.Waiting)
            waiting.Add(delivery with { Attempts = delivery.Attempts + 1, NextAt = next });
        return await DoneAsync(delivery.Position, came, status, lost);
    }

    Task<CallOutcome> CallAsync(Recorded e, CancellationToken lost) => call.PostAsync(hook.Url, secret, MessageId(e), FeedEvent.Bytes(e), lost);

    (string Status, DateTimeOffset? Next) Judge(CallOutcome came, int attempts) =>
        came.Error is null ? (Delivery.Delivered, null)
        : attempts >= options.Attempts && !came.Gone ? (Delivery.Dead, null)
        : (Delivery.Waiting, clock.GetUtcNow() + Backoff.After(attempts, Random.Shared.NextDouble(), options, came.RetryAfter));

    /// <returns>False when the webhook is not to be sent to any more.</returns>
    async Task<bool> DoneAsync(long position, CallOutcome came, string status, CancellationToken lost)
    {
        bell.Ring();
        if (status == Delivery.Dead)
            logger.LogWarning("Webhook {Id}: the event at {Position} is dead after {Attempts} tries: {Error}", id, position, options.Attempts, came.Error);
        if (status == Delivery.Delivered && ++sent % Kept == 0)
            await book.ForgetAsync(id, Kept, lost);
        if (!came.Gone)
            return true;
        await desk.PauseAsync(id, "The receiver answered 410 Gone: it wants no more.", "system", lost);
        return false;
    }
}
