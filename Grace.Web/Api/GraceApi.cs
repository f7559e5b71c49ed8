using Grace.Engine.Access;
using Grace.Engine.Log;
using Grace.Web.Access;
using Grace.Web.Live;
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
        services.AddSingleton<Feed>().AddSingleton<Frames>().AddSingleton<Finder>();
        services.AddSingleton<Watchers>().AddHostedService(s => s.GetRequiredService<Watchers>());
        services.AddSingleton<WaitingCount>().AddHostedService(s => s.GetRequiredService<WaitingCount>());
        services.AddSingleton<PipelineConnections>().AddSingleton<HubLifetimeManager<PipelineHub>>(s => s.GetRequiredService<PipelineConnections>());
        services.AddSignalR().AddJsonProtocol(json => Wire.Configure(json.PayloadSerializerOptions));
        return services;
    }

    public static void MapGraceApi(this WebApplication app)
    {
        var all = app.MapGroup("/api/agent-pipeline").ProducesProblem(401).ProducesProblem(403).ProducesProblem(429);
        var api = all.MapGroup("").WithStrictQueries().ProducesProblem(422);
        api.MapPipelines();
        api.MapPipelineCsv();
        api.MapArtifacts();
        api.MapCode();
        api.MapProvenance();
        api.MapGuardian();
        api.MapPlaybooks();
        api.MapLearning();
        api.MapJobs();
        api.MapEvents();
        api.MapWebhooks();
        api.MapLog();
        api.MapAccess();
        all.MapFallback(() => Results.Problem(statusCode: 404, title: "Not found", detail: "There is no such address here; the API is described at /openapi/v1.json.")).Needs(Right.Read);
        app.MapHub<PipelineHub>("/hubs/pipelines", connection => connection.CloseOnAuthenticationExpiration = true).Needs(Right.Read);
        app.MapOpenApi("/openapi/{documentName}.json").Needs(Right.Read);
        app.MapHealth();
        app.MapSignIn();
    }
}
