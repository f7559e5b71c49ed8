using System.Security.Claims;
using Grace.Engine.Access;
using Grace.Engine.Hosting;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Grace.Web.Access;

/// <summary>Whoever is in front of a page. Pages issue nothing but through this, so that each command is authorised when it is issued.</summary>
public sealed class Visitor
{
    readonly AuthenticationStateProvider authentication;
    readonly AccessCheck access;

    internal Visitor(AuthenticationStateProvider authentication, AccessCheck access) => (this.authentication, this.access) = (authentication, access);

    public async Task<Issuer> IssuerAsync() => access.IssuerOf((await authentication.GetAuthenticationStateAsync()).User);

    /// <returns>The name that the log records.</returns>
    /// <exception cref="NotAllowed">The right is missing at this moment.</exception>
    public async Task<string> DemandAsync(Right right, CancellationToken cancel = default)
    {
        var issuer = await IssuerAsync();
        await issuer.DemandAsync(right, cancel);
        return issuer.Name;
    }
}

/// <summary>Who is signed in on an open page; follows what is revoked and what role is given meanwhile.</summary>
sealed class CircuitSignIn : ServerAuthenticationStateProvider, IDisposable
{
    readonly AccessWatch watch;
    readonly AccessCheck access;

    public CircuitSignIn(AccessWatch watch, AccessCheck access)
    {
        (this.watch, this.access) = (watch, access);
        watch.Changed += Look;
    }

    void Look() => _ = LookAsync();

    async Task LookAsync()
    {
        try
        {
            var who = (await GetAuthenticationStateAsync()).User;
            var role = await access.RoleNowAsync(who, CancellationToken.None);
            if (role != Caller.RoleOf(who))
                SetAuthenticationState(Task.FromResult(new AuthenticationState(role is { } now ? Caller.As(who, now) : new ClaimsPrincipal(new ClaimsIdentity()))));
        }
        catch (Exception e) when (e is InvalidOperationException || DatabaseAway.IsCauseOf(e))
        {
            // Not signed in yet, or nothing can be asked right now; whatever is issued is authorised anew in any case.
        }
    }

    public void Dispose() => watch.Changed -= Look;
}
