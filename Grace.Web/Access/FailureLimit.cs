using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Grace.Engine;

namespace Grace.Web.Access;

/// <summary>How often one address may fail in a minute. Keys cannot be guessed, so ten times as often as passwords can.</summary>
sealed class FailureLimit(GraceOptions options) : IDisposable
{
    public const string Keys = "key";
    public const string SignIns = "sign-in";
    static readonly object Refused = new();

    readonly PartitionedRateLimiter<(string What, string From)> limiter = PartitionedRateLimiter.Create<(string What, string From), (string, string)>(
        who => RateLimitPartition.GetFixedWindowLimiter(who, _ => new() { PermitLimit = options.Access.FailuresPerMinute * (who.What == Keys ? 10 : 1), Window = TimeSpan.FromMinutes(1) }));

    /// <summary>Counts one; false when it is one too many, and the request is to be answered with 429.</summary>
    public bool Count(HttpContext http, string what)
    {
        using var lease = limiter.AttemptAcquire((what, From(http.Connection.RemoteIpAddress)));
        if (lease.IsAcquired)
            return true;
        http.Items[Refused] = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
        return false;
    }

    /// <summary>How long to wait, when this request was one too many.</summary>
    public static TimeSpan? Wait(HttpContext http) => http.Items[Refused] as TimeSpan?;

    public static string Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>One household is one address: of IPv6 the first 64 bits.</summary>
    static string From(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address)
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    public void Dispose() => limiter.Dispose();
}
