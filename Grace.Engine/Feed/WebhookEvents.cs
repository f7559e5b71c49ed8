using System.Text.Json.Serialization;
using Grace.Engine.Log;

namespace Grace.Engine.Feed;

/// <summary>
/// What the log keeps of webhooks: who had what sent where, and since when. The address is told without its path, which
/// often is a key. The tables hold what is in force; nodes hear of changes through these events.
/// </summary>
public abstract record WebhookEvent(string WebhookId, string Address)
{
    public sealed record Registered(
        string WebhookId, string Address, IReadOnlyList<string> Types, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? PipelineId) : WebhookEvent(WebhookId, Address);

    public sealed record Paused(string WebhookId, string Address, string Reason) : WebhookEvent(WebhookId, Address);

    public sealed record Resumed(string WebhookId, string Address) : WebhookEvent(WebhookId, Address);

    public sealed record Deleted(string WebhookId, string Address, long Delivered, long Dead) : WebhookEvent(WebhookId, Address);

    public sealed record SentAgain(string WebhookId, string Address, long DeliveryId, long Position) : WebhookEvent(WebhookId, Address);
}

/// <summary>Wire name and severity of every webhook event.</summary>
public static class WebhookEvents
{
    static readonly (Type Type, string Name, string Severity)[] All =
    [
        (typeof(WebhookEvent.Registered), "webhook.registered", "medium"),
        (typeof(WebhookEvent.Paused), "webhook.paused", "medium"),
        (typeof(WebhookEvent.Resumed), "webhook.resumed", "low"),
        (typeof(WebhookEvent.Deleted), "webhook.deleted", "medium"),
        (typeof(WebhookEvent.SentAgain), "webhook.sent_again", "low"),
    ];

    public static IEnumerable<WireName> WireNames => All.Select(e => new WireName(e.Type, e.Name));

    public static IEnumerable<(string Name, string Severity)> Severities => All.Select(e => (e.Name, e.Severity));

    public static bool Knows(string eventType) => All.Any(e => e.Name == eventType);
}
