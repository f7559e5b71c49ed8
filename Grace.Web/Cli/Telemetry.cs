using Grace.Engine;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Grace.Web.Cli;

/// <summary>Logs and traces over OTLP/HTTP to the configured collector, such as Seq; nothing where none is configured.</summary>
static class Telemetry
{
    /// <summary>Requests and statements, as the framework and Npgsql tell of them.</summary>
    static readonly string[] Sources = ["Microsoft.AspNetCore", "Npgsql"];

    public static void Configure(IHostApplicationBuilder builder, TelemetryOptions options)
    {
        if (string.IsNullOrEmpty(options.OtlpEndpoint))
            return;
        void To(OtlpExporterOptions exporter, string signal)
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = new($"{options.OtlpEndpoint.TrimEnd('/')}/v1/{signal}");
        }

        // The addresses of requests may hold keys, which are nobody's to keep.
        builder.Logging.AddFilter<OpenTelemetryLoggerProvider>("Microsoft", LogLevel.Warning).AddFilter<OpenTelemetryLoggerProvider>("System", LogLevel.Warning);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("grace", serviceInstanceId: Environment.MachineName))
            .WithTracing(tracing => tracing.AddSource(Sources).AddOtlpExporter(exporter => To(exporter, "traces")))
            .WithLogging(logging => logging.AddOtlpExporter(exporter => To(exporter, "logs")), log => log.IncludeFormattedMessage = true);
    }
}
