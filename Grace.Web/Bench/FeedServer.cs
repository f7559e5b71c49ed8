using System.Text.Json.Nodes;
using Grace.Engine;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Postgres;
using Grace.Web.Access;
using Grace.Web.Api;
using Microsoft.AspNetCore.SignalR;

namespace Grace.Web.Bench;

/// <summary>Grace's own API and hub in this process, without workers: what is appended here is sent from here.</summary>
sealed class FeedServer : IAsyncDisposable
{
    readonly WebApplication app;
    long version;

    FeedServer(WebApplication app)
    {
        this.app = app;
        // Before anybody is told.
        Get<LogSignal>().CommittedHere += _ => CommittedAt = System.Diagnostics.Stopwatch.GetTimestamp();
    }

    public string Address => app.Urls.Single();

    /// <summary>When the last append was committed, as a Stopwatch timestamp.</summary>
    public long CommittedAt { get; private set; }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public static async Task<FeedServer> StartAsync(Database database, DataFolder data, string key)
    {
        var builder = Bare();
        var options = new GraceOptions { Access = { ApiKey = key } };
        builder.Services.AddGraceEngine(options, database, data, worker: false);
        builder.Services.AddGraceAccess(LoginLink.Open(data, options), data, options);
        builder.Services.AddGraceApi();
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGraceApi();
        await app.StartAsync();
        await app.Services.GetRequiredService<LogTail>().Ready;
        return new(app);
    }

    /// <summary>An empty web application on a free port.</summary>
    public static WebApplicationBuilder Bare()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "Grace.Web" });
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    /// <summary>Commits one event to a stream of this server's own, as the engine does.</summary>
    public Task AppendAsync(string data, CancellationToken cancel = default) => AppendAsync([data], cancel);

    /// <param name="data">JSON objects, each as the metadata of an event.</param>
    public async Task AppendAsync(IReadOnlyList<string> data, CancellationToken cancel = default)
    {
        await using var write = Get<LogWriter>().Begin(new("bench"), TimeProvider.System.GetUtcNow());
        write.Append("pipeline_feed", version, data.Select(d => new PipelineEvent.PlaybookExecuted("feed", 1, "bench", Phase.Implement, true, 1, (JsonObject)JsonNode.Parse(d)!)));
        await write.CommitAsync(cancel);
        version += data.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>The yardstick: a hub that does nothing, whose server broadcasts.</summary>
sealed class BareHub : Hub;
