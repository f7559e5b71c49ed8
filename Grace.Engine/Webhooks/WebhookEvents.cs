using System.Text.Json.Nodes;
using Grace.Engine.Log;

namespace Grace.Engine.Webhooks;

/// <summary>
/// What the log keeps of webhooks: who had what sent where, and since when. The address is told without its path, which
/// often is a key. The tables hold what is in force; nodes hear of changes through these events.
/// </summary>
public static class WebhookEvents
{
    public const string StreamType = "webhook";
    public const string Registered = "webhook.registered", Paused = "webhook.paused", Resumed = "webhook.resumed", Deleted = "webhook.deleted", SentAgain = "webhook.sent_again";

    public static IEnumerable<(string Name, string Severity)> Severities =>
        [(Registered, "medium"), (Paused, "medium"), (Resumed, "low"), (Deleted, "medium"), (SentAgain, "low")];

    public static bool Knows(string eventType) => eventType is Registered or Paused or Resumed or Deleted or SentAgain;

    internal static NewEvent Write(string type, Webhook hook, params (string Name, JsonNode? Value)[] more)
    {
        var data = new JsonObject { ["webhook_id"] = hook.Id, ["address"] = hook.Origin };
        foreach (var (name, value) in more)
            data[name] = value;
        return new(type, data.ToJsonString(Wire.Json));
    }
}
