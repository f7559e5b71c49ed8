using System.Runtime.CompilerServices;
using Grace.Engine.Log;

namespace Grace.Web.Live;

/// <summary>
/// Snapshot and changes in one: what the log already holds, then what comes, nothing lost or doubled. Hub, SSE and pages
/// all read through it.
/// </summary>
sealed class Feed(EventLog log, LogTail tail)
{
    const int Page = 500;

    /// <summary>All streams, or one, after a position.</summary>
    /// <param name="everything">
    /// Also artifacts' own streams and what ships with Grace. Left out unless asked for: whoever follows pipelines takes
    /// every version for one of theirs.
    /// </param>
    public async IAsyncEnumerable<Recorded> FromPositionAsync(long after, string? streamId, bool everything, [EnumeratorCancellation] CancellationToken cancel)
    {
        var place = await log.PlaceOfAsync(after, cancel);
        if (streamId is not null)
        {
            await foreach (var e in FromVersionAsync(streamId, 0, cancel))
                if (e.Position > after)
                    yield return e;
            yield break;
        }
        await foreach (var e in tail.FollowAsync(place, cancel))
            if (everything || !EventStream.IsBackground(e))
                yield return e;
    }

    /// <summary>One stream after a version.</summary>
    public async IAsyncEnumerable<Recorded> FromVersionAsync(string streamId, long after, [EnumeratorCancellation] CancellationToken cancel)
    {
        // The place is taken before the stream is read: what commits between shows up in both and is told apart by version.
        await tail.Ready.WaitAsync(cancel);
        var place = tail.Head;
        for (List<Recorded> page; (page = await log.ReadStreamAsync(streamId, after, Page, cancel)).Count > 0;)
            foreach (var e in page)
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
}
