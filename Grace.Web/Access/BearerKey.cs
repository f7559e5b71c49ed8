using System.Security.Claims;
using System.Text.Encodings.Web;
using Grace.Engine;
using Grace.Engine.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Grace.Web.Access;

/// <summary><c>Authorization: Bearer KEY</c>: the configured key, an API key, or in token mode the login link's token.</summary>
sealed class BearerKey(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, LoginLink link, ApiKeys keys, GraceOptions grace, FailureLimit failures)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Bearer";

    /// <summary>The bearer key of a request; WebSockets and EventSource cannot set headers, so the hub also takes access_token.</summary>
    public static string? Of(HttpRequest request)
    {
        const string prefix = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return header[prefix.Length..].Trim();
        return request.Path.StartsWithSegments("/hubs") && request.Query["access_token"] is [{ Length: > 0 } token] ? token : null;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await WhoAsync(Of(Request)) is { } who)
            return AuthenticateResult.Success(new(who, Scheme.Name));
        // A right key always gets through: 256 random bits are not guessed, and nobody can lock its holder out from the same address.
        failures.Count(Context, FailureLimit.Keys);
        return AuthenticateResult.Fail("The key is not known, or not any more.");
    }

    async Task<ClaimsPrincipal?> WhoAsync(string? given)
    {
        if (link.IsKey(given))
            return Caller.Of(Name, CallerKind.Bootstrap, "api-key", Role.Admin);
        if (!grace.Access.UsesAccounts && link.IsToken(given))
            return Caller.Of(Name, CallerKind.Owner, "owner", Role.Admin, stamp: link.Stamp);
        return given is not null && await keys.FindAsync(given, Context.RequestAborted) is { } key
            ? Caller.Of(Name, CallerKind.Key, key.By, key.Role, key.Id, expires: key.ExpiresAt)
            : null;
    }
}
