using Grace.Engine.Log;
using Grace.Web.Access;
using Grace.Web.Live;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.SignalR;

namespace Grace.Web.Api;

/// <summary>The HTTP API and the hub: a table of contents.</summary>
static class GraceApi
{
    public static IServiceCollection AddGraceApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<Problems>();
        services.ConfigureHttpJsonOptions(json => Wire.Configure(json.SerializerOptions));
        services.AddOpenApi("v1");
        services.AddSingleton<Feed>().AddSingleton<Frames>().AddSingleton<StillSignedIn>();
        services.AddSingleton<Watchers>().AddHostedService(s => s.GetRequiredService<Watchers>());
        services.AddSingleton<PipelineConnections>().AddSingleton<HubLifetimeManager<PipelineHub>>(s => s.GetRequiredService<PipelineConnections>());
        services.AddSignalR().AddJsonProtocol(json => Wire.Configure(json.PayloadSerializerOptions)).AddHubOptions<PipelineHub>(hub => hub.AddFilter<StillSignedIn>());
        return services;
    }

    public static void MapGraceApi(this WebApplication app)
    {
        var api = app.MapGroup("/api/agent-pipeline").RequireAuthorization();
        api.MapPipelines();
        api.MapArtifacts();
        api.MapCode();
        api.MapProvenance();
        api.MapGuardian();
        api.MapPlaybooks();
        api.MapLearning();
        api.MapEvents();
        api.MapWebhooks();
        api.MapLog();
        api.MapFallback(() => Results.Problem(statusCode: 404, title: "Not found", detail: "There is no such address here; the API is described at /openapi/v1.json."));
        app.MapHub<PipelineHub>("/hubs/pipelines", connection => connection.CloseOnAuthenticationExpiration = true);
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapHealth();
        app.MapGet("/login", Login).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/logout", (Delegate)Logout).ExcludeFromDescription();
    }

    static async Task<IResult> Login(HttpContext http, LoginLink link, string? token)
    {
        if (!link.IsToken(token))
            return Results.Content(LoginPage.Html(token is not null), "text/html", statusCode: token is null ? 200 : 401);
        await http.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme, GraceAuthentication.Person("owner", CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { IsPersistent = true });
        return Results.Redirect("/");
    }

    static async Task<IResult> Logout(HttpContext http)
    {
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.Redirect("/login");
    }
}
