using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Grace.Web.Live;

/// <summary>
/// Asks with today's keys and sessions whether whoever opened a connection that stays open for days may still have it: with
/// each call of the hub, and every now and then for those who only listen.
/// </summary>
sealed class StillSignedIn(IServiceScopeFactory scopes, TimeProvider clock) : IHubFilter
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(30);
    readonly ConcurrentDictionary<string, long> asked = new();

    /// <summary>Reads the request's cookie or key again, as if it came now.</summary>
    public async Task<bool> CheckAsync(HttpContext http)
    {
        await using var scope = scopes.CreateAsyncScope();
        // A request of its own: the real one remembers what it was told when it began.
        var again = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        (again.Request.Scheme, again.Request.Host, again.Request.Path, again.Request.QueryString) = (http.Request.Scheme, http.Request.Host, http.Request.Path, http.Request.QueryString);
        again.Request.Headers.Cookie = http.Request.Headers.Cookie;
        again.Request.Headers.Authorization = http.Request.Headers.Authorization;
        var answer = await again.AuthenticateAsync();
        return answer.Principal?.Identity is { IsAuthenticated: true } identity && identity.Name == http.User.Identity?.Name;
    }

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.Context.GetHttpContext() is not { } http || !await CheckAsync(http))
        {
            invocationContext.Context.Abort();
            throw new HubException("You are not signed in any more.");
        }
        return await next(invocationContext);
    }

    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var caller = context.Context;
        asked[caller.ConnectionId] = clock.GetTimestamp();
        caller.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(_ => Beat(caller), caller);
        return next(context);
    }

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        asked.TryRemove(context.Context.ConnectionId, out _);
        return next(context, exception);
    }

    void Beat(HubCallerContext caller)
    {
        if (!asked.TryGetValue(caller.ConnectionId, out var last) || clock.GetElapsedTime(last) < Every || !asked.TryUpdate(caller.ConnectionId, clock.GetTimestamp(), last))
            return;
        _ = Task.Run(async () =>
        {
            if (caller.GetHttpContext() is { } http && !await CheckAsync(http))
                caller.Abort();
        });
    }
}
