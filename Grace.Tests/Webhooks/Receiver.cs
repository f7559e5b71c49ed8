using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grace.Tests.Webhooks;

/// <summary>One call that a receiver got.</summary>
sealed record Call(string Id, long Timestamp, string Signature, byte[] Body)
{
    public JsonObject Event => JsonNode.Parse(Body)!.AsObject();

    public string Type => Event["event_type"]!.ToString();

    public long Position => Event["position"]!.GetValue<long>();
}

/// <summary>A receiver of webhooks on a port of its own, which answers what the test says.</summary>
sealed class Receiver : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    readonly Channel<Call> calls = Channel.CreateUnbounded<Call>();
    readonly WebApplication app;

    Receiver(WebApplication app) => this.app = app;

    public string Url => $"{app.Urls.Single()}/take?key=of-the-receiver";

    /// <summary>Answers a call; 204 unless told otherwise.</summary>
    public Func<Call, HttpContext, Task> Answer { get; set; } = (_, http) => Status(http, 204);

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/take", (RequestDelegate)receiver.TakeAsync);
        app.MapPost("/elsewhere", (RequestDelegate)(_ => throw new InvalidOperationException("A redirect was followed.")));
        await app.StartAsync();
        return receiver;
    }

    public static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public async Task<Call> NextAsync() => await calls.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<List<Call>> UntilAsync(Func<Call, bool> last)
    {
        List<Call> got = [];
        do
            got.Add(await NextAsync());
        while (!last(got[^1]));
        return got;
    }

    public int Waiting => calls.Reader.Count;

    async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers;
        var call = new Call(headers["webhook-id"]!, long.Parse(headers["webhook-timestamp"]!, System.Globalization.CultureInfo.InvariantCulture), headers["webhook-signature"]!, body.ToArray());
        calls.Writer.TryWrite(call);
        await Answer(call, http);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(true));
        await app.DisposeAsync();
    }
}
