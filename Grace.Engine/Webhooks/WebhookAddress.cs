using System.Net;
using System.Net.Sockets;

namespace Grace.Engine.Webhooks;

/// <summary>Which addresses a webhook may call: it must not become a way into what only this machine can reach.</summary>
public static class WebhookAddress
{
    /// <summary>Never: where clouds keep a machine's credentials, and what is no receiver at all.</summary>
    static readonly IPNetwork[] Never = [.. new[]
    {
        "169.254.0.0/16", "fe80::/10", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::/32", "0.0.0.0/8", "::/128", "224.0.0.0/4", "240.0.0.0/4", "ff00::/8",
    }.Select(IPNetwork.Parse)];

    static readonly IPNetwork[] Private = [.. new[]
    {
        "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "fc00::/7", "fec0::/10",
    }.Select(IPNetwork.Parse)];

    /// <summary>Why this address may not be called; null when it may.</summary>
    public static string? Refusal(IPAddress address, bool allowPrivate)
    {
        var meant = Meant(address);
        if (Never.Any(n => n.Contains(meant)))
            return $"{address} is link-local, a cloud's metadata or no host at all; webhooks never call it.";
        return !allowPrivate && Private.Any(n => n.Contains(meant))
            ? $"{address} is on this machine or in a private network; set Grace:Webhooks:AllowPrivate to true to allow that."
            : null;
    }

    /// <summary>The IPv4 address that an IPv6 one stands for (mapped, compatible, NAT64, 6to4), else itself.</summary>
    static IPAddress Meant(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes is [0, 0x64, 0xff, 0x9b, ..] || (bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 && bytes[12] != 0))
            return new(bytes.AsSpan(12));
        return bytes is [0x20, 0x02, ..] ? new(bytes.AsSpan(2, 4)) : address;
    }
}
