using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Grace.Engine;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Grace.Web.Access;

/// <summary>
/// Who calls: <c>Authorization: Bearer KEY</c> (the configured key or the login link's token), or the dashboard's cookie,
/// which the login link sets. Everything but health and the link itself needs one of them.
/// </summary>
static class GraceAuthentication
{
    const string Bearer = "Bearer";
    const string Either = "GraceEither";

    public static IServiceCollection AddGraceAccess(this IServiceCollection services, LoginLink link, DataFolder data)
    {
        services.AddSingleton(link);
        services.AddDataProtection().SetApplicationName("Grace").PersistKeysToFileSystem(new(data.Keys));
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, scheme => scheme.ForwardDefaultSelector = context => BearerKey.Of(context.Request) is null ? CookieAuthenticationDefaults.AuthenticationScheme : Bearer)
            .AddScheme<AuthenticationSchemeOptions, BearerKey>(Bearer, null)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "grace";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = TimeSpan.FromDays(30);
                cookie.SlidingExpiration = true;
                cookie.Events.OnRedirectToLogin = context =>
                {
                    if (context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/hubs") || context.Request.Path.StartsWithSegments("/openapi"))
                        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    else
                        context.Response.Redirect("/login");
                    return Task.CompletedTask;
                };
                cookie.Events.OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
            });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        return services;
    }

    public static ClaimsPrincipal Person(string name, string scheme) =>
        new(new ClaimsIdentity([new(ClaimTypes.Name, name)], scheme));
}

/// <summary>The one login link of token mode. Its token lives in the data folder, readable by its owner alone.</summary>
sealed class LoginLink(string token, string? apiKey)
{
    public static LoginLink Open(DataFolder data, GraceOptions options)
    {
        var file = Path.Combine(data.Keys, "login-token");
        if (!File.Exists(file))
            SecretFile.Write(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        return new(File.ReadAllText(file).Trim(), options.Access.ApiKey);
    }

    public string For(string address) => $"{address.TrimEnd('/')}/login?token={token}";

    public bool IsToken(string? given) => Same(given, token);

    public bool IsKey(string? given) => Same(given, apiKey);

    static bool Same(string? given, string? known) =>
        !string.IsNullOrEmpty(given) && !string.IsNullOrEmpty(known)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(known)));
}

sealed class BearerKey(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, LoginLink link)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The bearer key of a request; WebSockets and EventSource cannot set headers, so the hub also takes access_token.</summary>
    public static string? Of(HttpRequest request)
    {
        const string prefix = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return header[prefix.Length..].Trim();
        return request.Path.StartsWithSegments("/hubs") && request.Query["access_token"] is [{ Length: > 0 } token] ? token : null;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var key = Of(Request);
        var name = link.IsKey(key) ? "api-key" : link.IsToken(key) ? "owner" : null;
        return Task.FromResult(name is null
            ? AuthenticateResult.Fail("The key is not known.")
            : AuthenticateResult.Success(new(GraceAuthentication.Person(name, Scheme.Name), Scheme.Name)));
    }
}
