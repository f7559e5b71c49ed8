using System.Globalization;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Hosting;
using Serilog.Filters;

namespace Grace.Web.Cli;

/// <summary>Serilog: to a file in the data folder, to Seq where one is configured, for the server to the console too, and whatever section Serilog says.</summary>
static class Logs
{
    /// <summary>What pages and probes ask for all the time says nothing about anybody's work.</summary>
    static readonly string[] Background = ["/health", "/_framework", "/_blazor", "/_content", "/css", "/js", "/favicon"];

    public static void Configure(IHostApplicationBuilder builder, Settings settings, bool console)
    {
        var to = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .MinimumLevel.Override("Marten", LogEventLevel.Warning)
            .MinimumLevel.Override("JasperFx", LogEventLevel.Warning)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            // What its daemon was reading when the process was told to stop is no error.
            .Filter.ByExcluding(e => e.Exception is OperationCanceledException && Matching.FromSource("Marten")(e))
            .Enrich.FromLogContext()
            .ReadFrom.Configuration(settings.Configuration)
            .WriteTo.File(
                Path.Combine(settings.Data.Logs, "grace-.log"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: 14, shared: true,
                formatProvider: CultureInfo.InvariantCulture);
        if (console)
            to = to.WriteTo.Console(LogEventLevel.Warning, formatProvider: CultureInfo.InvariantCulture);
        // Sent in the background and dropped when the server stays away: a request never waits for it.
        if (settings.Options.Telemetry is { SeqUrl: { Length: > 0 } seq } telemetry)
            to = to.WriteTo.Seq(seq, apiKey: telemetry.SeqApiKey, formatProvider: CultureInfo.InvariantCulture);
        var logger = to.CreateLogger();
        builder.Logging.ClearProviders().AddSerilog(logger, dispose: true);
        // As a provider, so that others beside it are told too; what request logging needs of Serilog's own registration follows.
        builder.Services.AddSingleton<Serilog.ILogger>(logger).AddSingleton(new DiagnosticContext(logger)).AddSingleton<IDiagnosticContext>(s => s.GetRequiredService<DiagnosticContext>());
    }

    /// <summary>One line a request, with its path and without its query, which may hold a key.</summary>
    public static void UseRequestLog(this WebApplication app) => app.UseSerilogRequestLogging(options =>
    {
        options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
        options.GetLevel = (request, _, failed) =>
            failed is not null || request.Response.StatusCode >= 500 ? LogEventLevel.Error
            : Background.Any(path => request.Request.Path.StartsWithSegments(path)) || request.GetEndpoint()?.DisplayName?.Contains("Static", StringComparison.Ordinal) == true ? LogEventLevel.Debug
            : LogEventLevel.Information;
    });
}
