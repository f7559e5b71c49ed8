using System.Diagnostics;
using System.Threading.Channels;
using Grace.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grace.Tests.Run;

public class SeqTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Each_request_reaches_the_configured_Seq_server_with_its_key_and_without_its_query()
    {
        var told = Channel.CreateUnbounded<(string Path, string Key, string Body)>();
        await using var seq = WebApplication.CreateSlimBuilder().Build();
        seq.Urls.Add("http://127.0.0.1:0");
        seq.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            await told.Writer.WriteAsync((http.Request.Path, http.Request.Headers["X-Seq-ApiKey"].ToString(), await body.ReadToEndAsync()));
            http.Response.StatusCode = StatusCodes.Status201Created;
            await http.Response.WriteAsync("{}");
        });
        await seq.StartAsync();
        using var data = new TestFolder();
        await using var server = await ServerProcess.StartAsync(data.Path, await TestPostgres.NewDatabaseAsync(), environment: new()
        {
            ["Grace__Telemetry__SeqUrl"] = seq.Urls.Single(), ["Grace__Telemetry__SeqApiKey"] = "key-of-seq",
        });
        await server.GetAsync("pipelines?search=private");

        using var patience = new CancellationTokenSource(Patience);
        (string Path, string Key, string Body) heard;
        do
            heard = await told.Reader.ReadAsync(patience.Token);
        while (!heard.Body.Contains("/api/agent-pipeline/pipelines", StringComparison.Ordinal));
        heard.Path.ShouldBe("/api/events/raw");
        heard.Key.ShouldBe("key-of-seq");
        heard.Body.ShouldContain("\"StatusCode\":200");
        heard.Body.ShouldNotContain("private");
        heard.Body.ShouldNotContain("key-of-seq");
    }

    [Fact]
    public async Task A_Seq_server_that_is_away_costs_no_request()
    {
        using var data = new TestFolder();
        await using var server = await ServerProcess.StartAsync(data.Path, await TestPostgres.NewDatabaseAsync(), environment: new() { ["Grace__Telemetry__SeqUrl"] = "http://127.0.0.1:9" });
        await server.GetAsync("pipelines");
        var began = Stopwatch.GetTimestamp();
        for (var n = 0; n < 50; n++)
            (await server.GetAsync("pipelines"))["pipelines"].ShouldNotBeNull();
        // A connection that is refused and tried again would cost each of them more than this together.
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }
}
