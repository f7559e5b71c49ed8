using Grace.Engine.Pipelines;

namespace Grace.Web.Live;

/// <summary>
/// A list by index over pages by key, however long it is: remembers at which key some indexes lie and reads on from the
/// nearest of them, so that scrolling costs one indexed query a window and only a jump skips rows.
/// </summary>
sealed class PipelineListing(PipelineQueries queries, TimeProvider clock)
{
    const int MostPlaces = 1000;

    /// <summary>Counting may take this part of the time at most; in between, the last count stands.</summary>
    const int CountShare = 20;

    /// <summary>Index → the key of the row before it.</summary>
    readonly SortedList<int, long> places = [];
    PipelineFilter filter = new();
    long counted;
    TimeSpan cost;

    /// <summary>Null until the first count.</summary>
    public int? Total { get; private set; }

    /// <summary>Something changed since the last count.</summary>
    public bool IsStale { get; private set; }

    public void Use(PipelineFilter wanted)
    {
        filter = wanted;
        Total = null;
        Moved();
    }

    /// <summary>Rows came or went: no index lies where it lay.</summary>
    public void Moved()
    {
        places.Clear();
        IsStale = true;
    }

    public async Task CountAsync(CancellationToken cancel)
    {
        if (!IsStale || (Total is not null && clock.GetElapsedTime(counted) < cost * CountShare))
            return;
        IsStale = false;
        var began = clock.GetTimestamp();
        Total = (int)await queries.CountAsync(filter, cancel);
        (counted, cost) = (clock.GetTimestamp(), clock.GetElapsedTime(began));
    }

    public async Task<List<PipelineSummary>> ReadAsync(int start, int count, CancellationToken cancel)
    {
        var (index, key) = Nearest(start);
        var rows = await queries.RowsAsync(filter with { After = key, Skip = start - index, Limit = count }, cancel);
        if (rows.Count > 0)
        {
            if (places.Count >= MostPlaces)
                places.Clear();
            places[start + rows.Count] = rows[^1].Number;
        }
        return rows;
    }

    (int Index, long? Key) Nearest(int start)
    {
        var (low, high) = (0, places.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = places.GetKeyAtIndex(middle) <= start ? (middle + 1, high) : (low, middle);
        }
        return low == 0 ? (0, null) : (places.GetKeyAtIndex(low - 1), places.GetValueAtIndex(low - 1));
    }
}
