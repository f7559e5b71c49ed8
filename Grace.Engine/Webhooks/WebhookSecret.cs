using System.Security.Cryptography;
using System.Text;
using StandardWebhooks;

namespace Grace.Engine.Webhooks;

/// <summary>What a webhook's deliveries are signed with, by the convention of Standard Webhooks. Its text is shown once; it never shows itself.</summary>
public sealed class WebhookSecret(byte[] key)
{
    const int Length = 32;

    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(Length));

    internal byte[] Key => key;

    /// <summary>whsec_ and the key in base64, as receivers' libraries take it.</summary>
    public string Reveal() => $"whsec_{Convert.ToBase64String(key)}";

    /// <summary>The header webhook-signature over "id.timestamp.body".</summary>
    public string Sign(string messageId, long timestamp, byte[] body) =>
        new StandardWebhook(key).Sign(messageId, DateTimeOffset.FromUnixTimeSeconds(timestamp), Encoding.UTF8.GetString(body));

    public override string ToString() => "whsec_…";
}
