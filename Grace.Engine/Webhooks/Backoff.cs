namespace Grace.Engine.Webhooks;

/// <summary>How long to wait before the next try.</summary>
public static class Backoff
{
    const double Jitter = 0.2;

    /// <param name="failures">How many tries have failed, from 1.</param>
    /// <param name="chance">From 0 to 1: so that receivers that failed together are not tried together.</param>
    /// <param name="asked">What the receiver asked for (Retry-After); never shortens the wait, and counts up to the longest.</param>
    public static TimeSpan After(int failures, double chance, WebhookOptions options, TimeSpan? asked = null)
    {
        var doubled = options.FirstRetry.TotalSeconds * Math.Pow(2, failures - 1);
        var wait = TimeSpan.FromSeconds(Math.Min(doubled, options.LongestRetry.TotalSeconds) * (1 - Jitter + (2 * Jitter * chance)));
        return asked is { } least && least > wait ? Least(least, options.LongestRetry) : wait;
    }

    static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
