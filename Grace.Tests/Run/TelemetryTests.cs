using System.Threading.Channels;
using Grace.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grace.Tests.Run;

public class TelemetryTests
{
    [Fact]
    public async Task Traces_and_logs_reach_the_configured_collector()
    {
        var told = Channel.CreateUnbounded<(string Path, string? ContentType)>();
        await using var collector = WebApplication.CreateSlimBuilder().Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.Run(http =>
        {
            told.Writer.TryWrite((http.Request.Path, http.Request.ContentType));
            return Task.CompletedTask;
        });
        await collector.StartAsync();
        using var data = new TestFolder();
        await using var server = await ServerProcess.StartAsync(data.Path, await TestPostgres.NewDatabaseAsync(), environment: new()
        {
            ["Grace__Telemetry__OtlpEndpoint"] = collector.Urls.Single(), ["OTEL_BSP_SCHEDULE_DELAY"] = "100", ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
        });
        await server.GetAsync("pipelines");

        HashSet<string> heard = [];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!heard.IsSupersetOf(["/v1/traces", "/v1/logs"]))
        {
            var (path, type) = await told.Reader.ReadAsync(patience.Token);
            type.ShouldBe("application/x-protobuf");
            heard.Add(path);
        }
    }
}
