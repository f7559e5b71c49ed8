using Serilog;
using Serilog.Events;

namespace Grace.Web.Cli;

/// <summary>Serilog: to a file in the data folder, and for the server to the console too.</summary>
static class Logs
{
    public static void Configure(ILoggingBuilder logging, Settings settings, bool console)
    {
        var to = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            .ReadFrom.Configuration(settings.Configuration)
            .WriteTo.File(
                Path.Combine(settings.Data.Logs, "grace-.log"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: 14, shared: true,
                formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        if (console)
            to = to.WriteTo.Console(LogEventLevel.Warning, formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        logging.ClearProviders().AddSerilog(to.CreateLogger(), dispose: true);
    }
}
