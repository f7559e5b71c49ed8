using Grace.Engine.Feed;
using Grace.Engine.Log;

namespace Grace.Engine.Webhooks;

/// <summary>Somebody who is told of events over HTTP, in the log's order.</summary>
/// <param name="Cursor">Position of the last event that was delivered, put aside or passed over.</param>
/// <param name="PausedBecause">Null: it is sent to.</param>
/// <param name="Waiting">Deliveries to be tried again.</param>
/// <param name="Dead">Deliveries that nobody took.</param>
public sealed record Webhook(
    string Id, long Version, string Url, EventFilter Filter, string Description, string? PausedBecause, string CreatedBy, DateTimeOffset CreatedAt, long Cursor,
    long Delivered, DateTimeOffset? DeliveredAt, int Waiting, int Dead)
{
    /// <summary>Scheme and host: what may be told where a path could hold a key.</summary>
    public string Origin => new Uri(Url).GetLeftPart(UriPartial.Authority);

    /// <summary>What webhooks do is not told to webhooks: a receiver that fails would feed itself.</summary>
    public bool Wants(Recorded e) => !WebhookEvents.Knows(e.Type) && Filter.Wants(e);
}

/// <summary>One event for one webhook.</summary>
/// <param name="Status">waiting (tried, to be tried again at NextAt), delivered or dead.</param>
/// <param name="Again">A person asked for it: it does not hold up what comes after.</param>
/// <param name="LastStatus">The HTTP status of the last try; null when there was no answer.</param>
public sealed record Delivery(
    long Id, string WebhookId, long Position, string EventType, string Status, bool Again, int Attempts, DateTimeOffset? NextAt, int? LastStatus, string? LastError, int LastMs,
    DateTimeOffset FirstAt, DateTimeOffset LastAt)
{
    public const string Waiting = "waiting", Delivered = "delivered", Dead = "dead";

    public static readonly string[] Statuses = [Waiting, Delivered, Dead];
}

/// <summary>What came of one try.</summary>
/// <param name="Error">Null when the receiver took it.</param>
/// <param name="Gone">It answered 410: it wants no more.</param>
public sealed record CallOutcome(int? Status, string? Error, TimeSpan Took, TimeSpan? RetryAfter = null, bool Gone = false);

/// <summary>What a webhook asks for when it is registered.</summary>
/// <param name="After">Position after which it is told; null: from now on.</param>
public sealed record WebhookWish(string? Url, IReadOnlyList<string> Types, string? PipelineId, string? Description, long? After);

/// <summary>The state does not allow it.</summary>
public sealed class WebhookRejected(string message) : Exception(message);
