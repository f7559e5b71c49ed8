using System.Runtime.CompilerServices;
using Grace.Engine.Feed;
using Grace.Engine.Log;

namespace Grace.Web.Live;

/// <summary>
/// Snapshot and changes in one: what the log already holds, then what comes, nothing lost or doubled. Pages, SSE and whoever
/// of the hub's watchers is behind read through it.
/// </summary>
sealed class Feed(EventLog log, LogTail tail)
{
    const int Page = 500;

    /// <summary>All streams, or one, after a position.</summary>
    /// <param name="filter">Null: all of it.</param>
    public async IAsyncEnumerable<Recorded> FromPositionAsync(long after, string? streamId, EventFilter? filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        var place = await log.PlaceOfAsync(after, cancel);
        if (streamId is not null)
        {
            await foreach (var e in FromVersionAsync(streamId, 0, cancel))
                if (e.Position > after && filter?.Wants(e) != false)
                    yield return e;
            yield break;
        }
        await foreach (var e in tail.FollowAsync(place, cancel))
            if (filter?.Wants(e) != false)
                yield return e;
    }

    /// <summary>One stream after a version.</summary>
    public async IAsyncEnumerable<Recorded> FromVersionAsync(string streamId, long after, [EnumeratorCancellation] CancellationToken cancel)
    {
        // The place is taken before the stream is read: what commits between shows up in both and is told apart by version.
        await tail.Ready.WaitAsync(cancel);
        var place = tail.Head;
        await foreach (var e in RecordedAsync(streamId, after, cancel))
        {
            yield return e;
            after = e.Version;
        }
        await foreach (var e in tail.FollowAsync(place, cancel))
            if (e.StreamId == streamId && e.Version > after)
            {
                yield return e;
                after = e.Version;
            }
    }

    /// <summary>What one stream holds after a version, and then ends.</summary>
    public async IAsyncEnumerable<Recorded> RecordedAsync(string streamId, long after, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (List<Recorded> page; (page = await log.ReadStreamAsync(streamId, after, Page, cancel)).Count > 0; after = page[^1].Version)
            foreach (var e in page)
                yield return e;
    }
}
