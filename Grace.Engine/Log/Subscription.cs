using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Log;

/// <summary>
/// A durable cursor over the log: every event once in commit order, going on after a restart where it stopped. What the
/// handler does must bear being done again, since a crash may fall between the work and the cursor.
/// </summary>
public sealed class Subscription(NpgsqlDataSource database, EventLog log, LogTail tail, TimeProvider clock, ILogger<Subscription> logger)
{
    const int MostUnsaved = 200;
    const int MostAtOnce = 100;

    /// <summary>Of the time, one part in so many goes into work that can wait.</summary>
    const int Share = 8;
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);
    readonly Lock gate = new();
    long unsaved;
    LogPlace reached;
    TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everything up to a place has been handled or passed over.</summary>
    public async Task UntilAsync(LogPlace place, CancellationToken cancel)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if ((reached.Transaction, reached.Position).CompareTo((place.Transaction, place.Position)) >= 0)
                    return;
                next = moved.Task;
            }
            await next.WaitAsync(cancel);
        }
    }

    void Reach(Recorded e)
    {
        TaskCompletionSource before;
        lock (gate)
        {
            reached = new(e.Transaction, e.Position);
            (before, moved) = (moved, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        before.TrySetResult();
    }

    /// <param name="name">Under which the cursor is kept, in mt_event_progression.</param>
    /// <param name="wants">Only these are handled; the cursor moves over all.</param>
    public Task RunAsync(string name, Func<Recorded, bool> wants, Func<Recorded, CancellationToken, Task> handle, CancellationToken stop) =>
        Forever(name, (position, cancel) => Follow(name, position, wants, handle, cancel), stop);

    /// <summary>
    /// The same for work that is cheaper in bulk and can wait: what has come is handled together, and then the handler rests
    /// so long that it takes one part in <see cref="Share"/> of the time. When little comes, that is at once.
    /// </summary>
    public Task RunInBulkAsync(string name, Func<Recorded, bool> wants, Func<IReadOnlyList<Recorded>, CancellationToken, Task> handle, CancellationToken stop) =>
        Forever(name, (position, cancel) => FollowInBulk(name, position, wants, handle, cancel), stop);

    async Task Forever(string name, Func<long, CancellationToken, Task> follow, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var position = await ReadCursor(name, stop);
                await SaveCursor(name, position, stop);
                await follow(position, stop);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                logger.LogWarning("Subscription {Name} is interrupted: {Error}. It goes on where it stopped.", name, e.Message);
                await Task.Delay(Again, clock, stop);
            }
        }
    }

    async Task Follow(string name, long position, Func<Recorded, bool> wants, Func<Recorded, CancellationToken, Task> handle, CancellationToken stop)
    {
        var saved = position;
        await using var events = tail.FollowAsync(await log.PlaceOfAsync(position, stop), stop).GetAsyncEnumerator(stop);
        for (var next = events.MoveNextAsync().AsTask(); ; next = events.MoveNextAsync().AsTask())
        {
            // The cursor is saved when there is a moment, not for every event: a commit each was dearer than the work.
            if (!next.IsCompleted && saved != position && await Task.WhenAny(next, Task.Delay(Rest, clock, stop)) != next)
                await SaveCursor(name, saved = position, stop);
            if (!await next)
                return;
            if (wants(events.Current))
                await handle(events.Current, stop);
            Reach(events.Current);
            if (!wants(events.Current))
                continue;
            position = events.Current.Position;
            if (++unsaved % MostUnsaved == 0)
                await SaveCursor(name, saved = position, stop);
        }
    }

    async Task FollowInBulk(
        string name, long position, Func<Recorded, bool> wants, Func<IReadOnlyList<Recorded>, CancellationToken, Task> handle, CancellationToken stop)
    {
        await using var events = tail.FollowAsync(await log.PlaceOfAsync(position, stop), stop).GetAsyncEnumerator(stop);
        List<Recorded> waiting = [];
        for (var next = events.MoveNextAsync().AsTask(); ; next = events.MoveNextAsync().AsTask())
        {
            if (waiting.Count >= MostAtOnce || (waiting.Count > 0 && !next.IsCompleted))
            {
                var began = clock.GetTimestamp();
                await handle(waiting, stop);
                await SaveCursor(name, waiting[^1].Position, stop);
                waiting.Clear();
                await Task.Delay(clock.GetElapsedTime(began) * (Share - 1), clock, stop);
            }
            if (!await next)
                return;
            if (wants(events.Current))
                waiting.Add(events.Current);
        }
    }

    async Task<long> ReadCursor(string name, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select last_seq_id from grace.mt_event_progression where name = $1");
        command.Parameters.Add(new() { Value = name });
        return (long?)await command.ExecuteScalarAsync(cancel) ?? 0;
    }

    async Task SaveCursor(string name, long position, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""
            insert into grace.mt_event_progression (name, last_seq_id, last_updated) values ($1, $2, now())
            on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated
            """);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = position });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
