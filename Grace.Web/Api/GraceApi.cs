using Grace.Engine.Log;
using Grace.Web.Access;
using Grace.Web.Live;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

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
        services.AddSingleton<Feed>().AddSingleton<Watchers>();
        services.AddSignalR().AddJsonProtocol(json => Wire.Configure(json.PayloadSerializerOptions));
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
        api.MapJobs();
        api.MapEvents();
        api.MapLog();
        api.MapFallback(() => Results.Problem(statusCode: 404, title: "Not found", detail: "There is no such address here; the API is described at /openapi/v1.json."));
        app.MapHub<PipelineHub>("/hubs/pipelines");
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
