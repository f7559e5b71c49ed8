using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Grace.Engine;
using Grace.Engine.Access;
using Grace.Web.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Grace.Tests.Support;

/// <summary>Signs somebody in on pages drawn by bUnit: with a real owner's session, or a real API key of the role.</summary>
static class SignedIn
{
    /// <returns>What authorises; revoke the key that it names and the page may do nothing more.</returns>
    public static (ClaimsPrincipal Who, BunitAuthorizationContext SignIn) As(BunitContext page, TestGrace grace, string name, Role role)
    {
        var services = page.Services;
        var link = LoginLink.Open(grace.Data, grace.Get<GraceOptions>());
        services.AddSingleton(link).AddSingleton(grace.Get<GraceOptions>()).AddSingleton(grace.Get<NpgsqlDataSource>()).AddSingleton(grace.Get<ApiKeys>());
        services.AddSingleton<People>().AddSingleton<Invitations>();
        services.AddSingleton<AccessCheck>().AddScoped(s => new Visitor(s.GetRequiredService<AuthenticationStateProvider>(), s.GetRequiredService<AccessCheck>()));
        var who = role == Role.Admin ? Caller.Of("test", CallerKind.Owner, name, role, stamp: link.Stamp) : Caller.Of("test", CallerKind.Key, name, role, grace.Get<ApiKeys>().CreateAsync($"{name}-{role.Name()}", role, null, "test").GetAwaiter().GetResult().Key.Id);
        var signIn = page.AddAuthorization().SetAuthorized(name).SetClaims([.. who.Claims.Where(c => c.Type != ClaimTypes.Name)]);
        page.RenderTree.Add<CascadingValue<Standing>>(p => p.Add(c => c.Value, new Standing(name, role)));
        return (who, signIn);
    }
}
