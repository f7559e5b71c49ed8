using System.Globalization;

namespace Grace.Web.Live;

/// <summary>A stretch of time and where it is drawn, in percent of the width.</summary>
/// <param name="Broken">Nothing worked here for long: it is drawn as a break and not to scale.</param>
public sealed record StoryPiece(DateTimeOffset From, DateTimeOffset Until, double Left, double Width, bool Broken);

/// <param name="Left">In percent of the width.</param>
public sealed record StoryTick(double Left, string Text);

/// <summary>
/// The time axis of a story: to scale where something works, with breaks for the weekend that it waited. Pure.
/// </summary>
public sealed record StoryScale(IReadOnlyList<StoryPiece> Pieces)
{
    public const int MostBreaks = 12;
    const double Shortest = 0.1;
    static readonly int[] Steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000];

    public DateTimeOffset From => Pieces[0].From;

    public DateTimeOffset Until => Pieces[^1].Until;

    public IEnumerable<StoryPiece> Breaks => Pieces.Where(p => p.Broken);

    /// <param name="now">Until when lasts what has not ended.</param>
    public static StoryScale Of(Story story, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now)
    {
        if ((until - from).TotalSeconds < Shortest)
            until = from.AddSeconds(Shortest);
        var busy = Busy(story, from, until, now);
        var worked = busy.Sum(b => (b.Until - b.From).TotalSeconds);
        if (worked <= 0)
            return new([new(from, until, 0, 100, false)]);
        var longest = Math.Max(10, worked * .25);
        var gaps = Gaps(busy, from, until).Where(g => (g.Until - g.From).TotalSeconds > longest)
            .OrderByDescending(g => g.Until - g.From).Take(MostBreaks).OrderBy(g => g.From).ToList();
        var pad = TimeSpan.FromSeconds(longest * .12);
        return Lay(from, until, [.. gaps.Select(g => (g.From == from ? from : g.From + pad, g.Until == until ? until : g.Until - pad))]);
    }

    /// <summary>In percent; what lies outside is at the edge.</summary>
    public double At(DateTimeOffset time)
    {
        foreach (var piece in Pieces)
            if (time <= piece.Until)
                return piece.Left + piece.Width * Math.Clamp((time - piece.From) / (piece.Until - piece.From), 0, 1);
        return 100;
    }

    public DateTimeOffset TimeAt(double percent)
    {
        var piece = Pieces.FirstOrDefault(p => percent <= p.Left + p.Width) ?? Pieces[^1];
        return piece.From + (piece.Until - piece.From) * Math.Clamp((percent - piece.Left) / piece.Width, 0, 1);
    }

    /// <summary>Round times, never closer than they can be read; after a break the time at which it goes on.</summary>
    public IReadOnlyList<StoryTick> Ticks()
    {
        var scaled = Pieces.Where(p => !p.Broken).ToList();
        var step = Steps.FirstOrDefault(s => scaled.Sum(p => (p.Until - p.From).TotalSeconds) / s <= 7, Steps[^1]);
        List<StoryTick> ticks = [];
        var day = default(DateTime);
        foreach (var time in scaled.SelectMany(p => Times(p, step)))
        {
            var left = At(time);
            if (left > 91 || ticks.Count > 0 && left - ticks[^1].Left < 12)
                continue;
            var utc = time.UtcDateTime;
            var clock = utc.ToString(step < 60 ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture);
            ticks.Add(new(left, utc.Date == day ? clock : $"{utc.ToString("d MMM", CultureInfo.InvariantCulture)} {clock}"));
            day = utc.Date;
        }
        return ticks;
    }

    static IEnumerable<DateTimeOffset> Times(StoryPiece piece, int step)
    {
        yield return piece.From;
        for (var second = (piece.From.ToUnixTimeSeconds() / step + 1) * step; second < piece.Until.ToUnixTimeSeconds(); second += step)
            yield return DateTimeOffset.FromUnixTimeSeconds(second);
    }

    static StoryScale Lay(DateTimeOffset from, DateTimeOffset until, List<(DateTimeOffset From, DateTimeOffset Until)> breaks)
    {
        var broken = breaks.Count == 0 ? 0 : Math.Min(5, 36.0 / breaks.Count);
        var scaled = (until - from - breaks.Aggregate(TimeSpan.Zero, (sum, b) => sum + (b.Until - b.From))).TotalSeconds;
        List<StoryPiece> pieces = [];
        var (left, at) = (0.0, from);
        void Add(DateTimeOffset to, double width, bool isBreak)
        {
            if (to <= at)
                return;
            pieces.Add(new(at, to, left, width, isBreak));
            (left, at) = (left + width, to);
        }
        foreach (var gap in breaks)
        {
            Add(gap.From, (100 - broken * breaks.Count) * (gap.From - at).TotalSeconds / scaled, false);
            Add(gap.Until, broken, true);
        }
        Add(until, (100 - broken * breaks.Count) * (until - at).TotalSeconds / scaled, false);
        return new(pieces);
    }

    /// <summary>When something worked, without overlaps; what people did counts as a moment, so that it stays in sight.</summary>
    static List<(DateTimeOffset From, DateTimeOffset Until)> Busy(Story story, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now)
    {
        List<(DateTimeOffset From, DateTimeOffset Until)> merged = [];
        foreach (var next in story.Lanes.SelectMany(l => l.Spans.Where(s => s.Kind is StoryKind.Attempt or StoryKind.Recovery).Select(s => (s.From, Until: s.Until ?? now))
                .Concat(l.Marks.Select(m => (From: m.At, Until: m.At))))
            .Where(s => s.Until >= from && s.From <= until).Select(s => (From: s.From < from ? from : s.From, Until: s.Until > until ? until : s.Until)).OrderBy(s => s.From))
        {
            if (merged.Count > 0 && next.From <= merged[^1].Until)
                merged[^1] = (merged[^1].From, next.Until > merged[^1].Until ? next.Until : merged[^1].Until);
            else
                merged.Add(next);
        }
        return merged;
    }

    static IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Gaps(List<(DateTimeOffset From, DateTimeOffset Until)> busy, DateTimeOffset from, DateTimeOffset until)
    {
        var at = from;
        foreach (var part in busy)
        {
            yield return (at, part.From);
            at = part.Until;
        }
        yield return (at, until);
    }
}
