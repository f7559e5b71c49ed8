namespace Grace.Engine.Webhooks;

/// <summary>Section <c>Grace:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// Whether receivers may be on this machine or in a private network. Left out: yes where Grace itself is served on loopback
    /// only, no elsewhere. Link-local addresses, where clouds keep their credentials, are never called.
    /// </summary>
    public bool? AllowPrivate { get; set; }

    /// <summary>How often a delivery is tried before it is put aside as dead.</summary>
    public int Attempts { get; set; } = 8;

    /// <summary>The wait after the first failure; it doubles with each, give or take a fifth.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a receiver may take to answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<string> Check()
    {
        if (Attempts is < 1 or > 50)
            yield return $"Grace:Webhooks:Attempts is {Attempts}; allowed is 1 to 50.";
        if (FirstRetry <= TimeSpan.Zero || FirstRetry > LongestRetry)
            yield return $"Grace:Webhooks:FirstRetry is {FirstRetry}; allowed is more than 00:00:00 and at most Grace:Webhooks:LongestRetry, {LongestRetry}.";
        if (LongestRetry > TimeSpan.FromDays(1))
            yield return $"Grace:Webhooks:LongestRetry is {LongestRetry}; allowed is up to 1.00:00:00.";
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(2))
            yield return $"Grace:Webhooks:Timeout is {Timeout}; allowed is 00:00:00.1 to 00:02:00.";
    }
}
