namespace Grace.Engine.Log;

/// <summary>Which events are wanted; null lets everything through.</summary>
/// <param name="Text">Occurs, in whatever case, in type, stream, author or data.</param>
public sealed record LogFilter(
    IReadOnlyList<string>? Types = null, IReadOnlyList<string>? NotTypes = null, string? StreamId = null, string? Text = null)
{
    public static readonly LogFilter Everything = new();

    public bool LetsThrough(Recorded e) =>
        (Types is null || Types.Contains(e.Type)) && (NotTypes is null || !NotTypes.Contains(e.Type)) && (StreamId is null || e.StreamId == StreamId) && HasText(e);

    public bool HasText(Recorded e) => Text is null || Has(e.Type) || Has(e.StreamId) || Has(e.By) || Has(e.Data);

    bool Has(string? where) => where?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;
}

/// <param name="Older">Where the next page begins; null when the log's beginning is reached.</param>
/// <param name="SearchedTo">The time of the oldest event looked at, found or not.</param>
public sealed record LogSlice(IReadOnlyList<Recorded> Events, LogPlace? Older, DateTimeOffset? SearchedTo);

/// <summary>The log from the newest event back, in pages.</summary>
public sealed class LogSearch(EventLog log)
{
    const int AtOnce = 500;

    /// <summary>No index serves a text, so one call looks at no more events than this; the next goes on from there.</summary>
    public const int MostLookedAt = 20_000;

    public async Task<LogSlice> ReadAsync(LogPlace upTo, int limit, LogFilter filter, CancellationToken cancel = default)
    {
        List<Recorded> found = [];
        Recorded? last = null;
        for (var looked = 0; found.Count < limit && looked < MostLookedAt;)
        {
            var size = filter.Text is null ? limit : AtOnce;
            var page = await log.ReadNewestAsync(last is null ? upTo : Before(last), size, filter, cancel);
            foreach (var e in page)
            {
                last = e;
                if (filter.HasText(e))
                    found.Add(e);
                if (found.Count == limit)
                    break;
            }
            if (page.Count < size && found.Count < limit)
                return new(found, null, last?.At);
            looked += page.Count;
        }
        return new(found, last is null ? null : Before(last), last?.At);
    }

    /// <summary>The place right before an event.</summary>
    public static LogPlace Before(Recorded e) => new(e.Transaction, e.Position - 1);
}
