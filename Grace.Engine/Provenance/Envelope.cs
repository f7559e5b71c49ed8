using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Log;

namespace Grace.Engine.Provenance;

/// <summary>A signed statement as DSSE has it: the payload's type is signed with it, so that it cannot be taken for another's.</summary>
public static class Envelope
{
    public static JsonObject Seal(byte[] payload, string payloadType, SigningKey key) => new()
    {
        ["payloadType"] = payloadType,
        ["payload"] = Convert.ToBase64String(payload),
        ["signatures"] = new JsonArray(new JsonObject { ["keyid"] = key.Id, ["sig"] = Convert.ToBase64String(key.SignDer(Signed(payloadType, payload))) }),
    };

    /// <summary>DSSE's pre-authentication encoding: what the signature covers.</summary>
    public static byte[] Signed(string payloadType, byte[] payload) =>
    [
        .. Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(payloadType)} {payloadType} {payload.Length} ")),
        .. payload,
    ];
}
