using Grace.Engine.Guardian;

namespace Grace.Web.Live;

/// <param name="Completed">How many completed in this stretch of time.</param>
/// <param name="Mean">How long those took on average, in seconds; null where none completed.</param>
public sealed record TrendPoint(DateTimeOffset From, long Completed, long Failed, double? Mean)
{
    public double? Rate => Completed + Failed == 0 ? null : (double)Completed / (Completed + Failed);
}

/// <summary>Success and duration over time, without holes: by the hour for a day, by the day for two weeks. Pure.</summary>
public static class Trend
{
    /// <summary>When the stretch of time began that is not over yet.</summary>
    public static DateTimeOffset Last(bool byHour, DateTimeOffset now) => new(now.Year, now.Month, now.Day, byHour ? now.Hour : 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<TrendPoint> Of(IReadOnlyList<HourOfEnds> hours, bool byHour, DateTimeOffset now)
    {
        var step = byHour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var count = byHour ? 24 : 14;
        var last = Last(byHour, now);
        return [.. Enumerable.Range(0, count).Select(n =>
        {
            var from = last - step * (count - 1 - n);
            var here = hours.Where(h => h.Hour >= from && h.Hour < from + step).ToList();
            var completed = here.Sum(h => h.Completed);
            return new TrendPoint(from, completed, here.Sum(h => h.Failed), completed == 0 ? null : Math.Max(0, here.Sum(h => h.Seconds)) / completed);
        })];
    }
}
