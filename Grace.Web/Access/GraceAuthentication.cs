using Grace.Engine;
using Grace.Engine.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Grace.Web.Access;

/// <summary>
/// Who calls: a bearer key, or the dashboard's cookie, which the login link or a password sets. Every endpoint names the right
/// that it needs; health, sign-in and static files alone need none.
/// </summary>
static class GraceAuthentication
{
    const string Either = "GraceEither";
    static readonly TimeSpan SessionEndsAfter = TimeSpan.FromDays(30);

    public static IServiceCollection AddGraceAccess(this IServiceCollection services, LoginLink link, DataFolder data, GraceOptions options)
    {
        services.AddSingleton(link).AddSingleton<FailureLimit>().AddSingleton<AccessCheck>();
        services.AddSingleton<AccessWatch>().AddHostedService(s => s.GetRequiredService<AccessWatch>());
        services.AddDataProtection().SetApplicationName("Grace").PersistKeysToFileSystem(new(data.Keys));
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, scheme => scheme.ForwardDefaultSelector = context => BearerKey.Of(context.Request) is null ? CookieAuthenticationDefaults.AuthenticationScheme : BearerKey.Name)
            .AddScheme<AuthenticationSchemeOptions, BearerKey>(BearerKey.Name, null)
            .AddCookie(Configure);
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "grace-form";
            form.Cookie.HttpOnly = true;
            form.Cookie.SameSite = SameSiteMode.Strict;
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddPeople();
        return services.AddRightPolicies().AddRequestLimit(options);
    }

    /// <summary>For the dashboard's pages; after Blazor's own services.</summary>
    public static IServiceCollection AddVisitors(this IServiceCollection services) => services
        .AddScoped<AuthenticationStateProvider, CircuitSignIn>()
        .AddScoped(s => new Visitor(s.GetRequiredService<AuthenticationStateProvider>(), s.GetRequiredService<AccessCheck>()));

    static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "grace";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = SessionEndsAfter;
        cookie.SlidingExpiration = true;
        cookie.Events.OnRedirectToLogin = context =>
        {
            var wanted = context.Request.PathBase + context.Request.Path + context.Request.QueryString;
            context.Response.Redirect(HttpMethods.IsGet(context.Request.Method) && wanted != "/" ? $"/login?return={Uri.EscapeDataString(wanted)}" : "/login");
            return Task.CompletedTask;
        };
        // The cookie says who it is; whether they still may, and what, is asked at each request.
        cookie.Events.OnValidatePrincipal = async context =>
        {
            var role = await context.HttpContext.RequestServices.GetRequiredService<AccessCheck>().RoleNowAsync(context.Principal!, context.HttpContext.RequestAborted);
            if (role is not { } now)
                context.RejectPrincipal();
            else if (now != Caller.RoleOf(context.Principal!))
                context.ReplacePrincipal(Caller.As(context.Principal!, now));
        };
    }

    static void AddPeople(this IServiceCollection services)
    {
        services.AddDbContext<AccessDb>((s, db) => db.UseNpgsql(s.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<People>().AddSingleton<Invitations>().AddSingleton<SignInPages>();
        services.AddIdentityCore<Person>(identity =>
        {
            // Length is what makes a password strong; rules about its characters only make people write it down.
            identity.Password.RequiredLength = PersonRules.ShortestPassword;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequiredUniqueChars = 5;
            identity.Lockout.MaxFailedAccessAttempts = 5;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        }).AddEntityFrameworkStores<AccessDb>();
    }
}
