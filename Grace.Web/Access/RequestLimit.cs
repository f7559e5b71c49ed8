using System.Threading.RateLimiting;
using Grace.Engine;
using Grace.Web.Api;

namespace Grace.Web.Access;

/// <summary>How much one caller may ask of the API: generous, against what runs wild. Who is not signed in gets nothing anyway.</summary>
static class RequestLimit
{
    public static IServiceCollection AddRequestLimit(this IServiceCollection services, GraceOptions options) => services.AddRateLimiter(limit =>
    {
        var perMinute = options.Access.RequestsPerMinute;
        limit.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            perMinute == 0 || !http.Request.Path.StartsWithSegments("/api") || http.User.Identity is not { IsAuthenticated: true, Name: { } name }
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetTokenBucketLimiter(name, _ => new()
                {
                    TokenLimit = perMinute, TokensPerPeriod = Math.Max(1, perMinute / 60), ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
                }));
        limit.OnRejected = async (rejected, _) => await Problems.AnswerAsync(rejected.HttpContext, new TooMany(
            $"'{rejected.HttpContext.User.Identity?.Name}' sent more than {perMinute} requests in a minute (Grace:Access:RequestsPerMinute); wait, then send fewer.",
            rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1)));
    });
}
