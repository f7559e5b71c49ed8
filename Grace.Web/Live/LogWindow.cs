using Grace.Engine.Log;

namespace Grace.Web.Live;

/// <summary>The part of the log that a page holds: newest first, live on top, read on below, never more than so many rows.</summary>
sealed class LogWindow(LogSearch search)
{
    public const int MostKept = 2000;
    const int Page = 200;
    bool reading;
    int epoch;

    public List<Recorded> Rows { get; } = [];

    public LogFilter Filter { get; private set; } = LogFilter.Everything;

    /// <summary>Where older events go on; null when none are left.</summary>
    public LogPlace? Older { get; private set; }

    /// <summary>The time back to which a search has looked.</summary>
    public DateTimeOffset? SearchedTo { get; private set; }

    public bool IsRead { get; private set; }

    /// <summary>The live end stands still: what comes is counted and not shown.</summary>
    public bool IsHeld { get; private set; }

    public int Missed { get; private set; }

    public void Use(LogFilter filter)
    {
        Filter = filter;
        Restart();
    }

    /// <summary>Back to the live end.</summary>
    public void Restart()
    {
        epoch++;
        Rows.Clear();
        (Older, IsRead, IsHeld, Missed, SearchedTo, reading) = (null, false, false, 0, null, false);
    }

    public void Hold() => IsHeld = true;

    public void Take(Recorded e)
    {
        // Before the first read has begun there is nothing to add to: that read goes up to here.
        if ((!IsRead && !reading) || !Filter.LetsThrough(e))
            return;
        if (IsHeld)
        {
            Missed++;
            return;
        }
        Rows.Insert(0, e);
        if (Rows.Count <= MostKept)
            return;
        Rows.RemoveAt(MostKept);
        Older = LogSearch.Before(Rows[^1]);
    }

    /// <summary>Reads the first page, or one more.</summary>
    /// <param name="from">Up to where the live end has come, for the first page.</param>
    public async Task ReadAsync(LogPlace from, CancellationToken cancel)
    {
        if (reading || (IsRead && Older is null))
            return;
        reading = true;
        var began = epoch;
        try
        {
            var slice = await search.ReadAsync(Older ?? from, Page, Filter, cancel);
            if (began != epoch)
                return;
            Rows.AddRange(slice.Events);
            (Older, SearchedTo, IsRead) = (slice.Older, slice.SearchedTo, true);
            if (Rows.Count > MostKept)
            {
                // Whoever reads so far back does not want the live end to push this away.
                Rows.RemoveRange(0, Rows.Count - MostKept);
                IsHeld = true;
            }
        }
        finally
        {
            if (began == epoch)
            {
                reading = false;
                if (!IsRead)
                    Rows.Clear();
            }
        }
    }
}
