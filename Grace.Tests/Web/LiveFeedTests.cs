using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Grace.Engine.Hosting;
using Grace.Engine.Postgres;
using Grace.Tests.Support;
using Grace.Web.Bench;
using Grace.Web.Live;
using Microsoft.Extensions.DependencyInjection;

namespace Grace.Tests.Web;

/// <summary>The feed's own server in this process, and clients that do not read.</summary>
public sealed class LiveFeedTests : IAsyncDisposable
{
    const string Key = "a-key-of-the-feed-0123456789";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    readonly TestFolder folder = new();
    readonly CancellationTokenSource patience = new(Patience);
    Database? database;

    CancellationToken Patient => patience.Token;

    [Fact]
    public async Task Clients_that_do_not_read_hold_no_memory_slow_nobody_and_miss_nothing()
    {
        const int Stuck = 15, Batches = 150, OfBatch = 50;
        await using var server = await StartAsync();
        List<HubSocket> hubs = [];
        List<TcpClient> streams = [];
        for (var i = 0; i < Stuck; i++)
        {
            hubs.Add(await HubAsync(server, 0));
            streams.Add(await StreamAsync(server, 0));
        }
        using var quick = await HubAsync(server, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var seen = ReadAsync(quick, Batches * OfBatch);
        for (var b = 0; b < Batches; b++)
            await server.AppendAsync([.. Enumerable.Range(b * OfBatch, OfBatch).Select(Data)], Patient);
        (await seen).ShouldBe(Enumerable.Range(0, Batches * OfBatch));
        // 7,500 events of 1.5 KB for 30 clients would be more than 300 MB.
        ((GC.GetTotalMemory(forceFullCollection: true) - before) >> 20).ShouldBeLessThan(120);

        // What was kept for them comes at once, the rest from the log, over a new connection where the old one was given up.
        (await ReadOnAsync(hubs[0], server, Batches * OfBatch)).ShouldBe(Enumerable.Range(0, Batches * OfBatch));
        (await ReadOnAsync(streams[0], server, Batches * OfBatch)).ShouldBe(Enumerable.Range(0, Batches * OfBatch));
        hubs.ForEach(h => h.Dispose());
        streams.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Who_is_behind_is_caught_up_and_comes_back_to_those_who_are_served_together()
    {
        await using var server = await StartAsync();
        using var hub = await HubAsync(server, 0);
        await server.AppendAsync([.. Enumerable.Range(0, 1000).Select(Data)], Patient);
        (await ReadAsync(hub, 1000)).ShouldBe(Enumerable.Range(0, 1000));
        for (var n = 1000; n < 1100; n++)
        {
            await server.AppendAsync(Data(n), Patient);
            (await ReadAsync(hub, 1)).ShouldBe([n]);
        }
        server.Get<Watchers>().Live.ShouldBe(1);
    }

    async Task<FeedServer> StartAsync()
    {
        database = await Database.OpenAsync(await TestPostgres.NewDatabaseAsync());
        return await FeedServer.StartAsync(database, new DataFolder(folder.Path), Key);
    }

    async Task<HubSocket> HubAsync(FeedServer server, long after)
    {
        var hub = await HubSocket.ConnectAsync($"{server.Address}/hubs/pipelines", Key, Patient);
        await hub.CallAsync("WatchAll", [after], Patient);
        return hub;
    }

    async Task<List<int>> ReadAsync(HubSocket hub, int count)
    {
        List<int> seen = [];
        while (seen.Count < count && await hub.ReceiveAsync(m => Note(m, seen, null), Patient))
        {
        }
        return seen;
    }

    async Task<List<int>> ReadOnAsync(HubSocket hub, FeedServer server, int count)
    {
        List<int> seen = [];
        List<long> positions = [0];
        while (seen.Count < count)
            try
            {
                while (seen.Count < count && await hub.ReceiveAsync(m => Note(m, seen, positions), Patient))
                {
                }
                throw new WebSocketException("closed");
            }
            catch (WebSocketException) when (seen.Count < count)
            {
                hub = await HubAsync(server, positions[^1]);
            }
            catch (WebSocketException)
            {
            }
        return seen;
    }

    static void Note(ReadOnlySpan<byte> message, List<int> seen, List<long>? positions)
    {
        if (Number(message, "\"n\":"u8) is not { } n)
            return;
        seen.Add((int)n);
        positions?.Add(Number(message, "\"position\":"u8)!.Value);
    }

    static long? Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> after)
    {
        var at = text.IndexOf(after);
        if (at < 0)
            return null;
        var rest = text[(at + after.Length)..];
        return long.Parse(rest[..rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9')], CultureInfo.InvariantCulture);
    }

    /// <summary>A client that asks for the stream and then does nothing.</summary>
    async Task<TcpClient> StreamAsync(FeedServer server, long after)
    {
        var address = new Uri(server.Address);
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, address.Port, Patient);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /api/agent-pipeline/events HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {Key}\r\nLast-Event-ID: {after}\r\n\r\n"), Patient);
        return client;
    }

    async Task<List<int>> ReadOnAsync(TcpClient stream, FeedServer server, int count)
    {
        List<int> seen = [];
        long position = 0;
        while (seen.Count < count)
            try
            {
                using var lines = new StreamReader(stream.GetStream());
                while (seen.Count < count && await lines.ReadLineAsync(Patient) is { } line)
                    // A line that is cut off has no end of its JSON, and its event is not taken.
                    if (line.StartsWith("data: ", StringComparison.Ordinal) && line.EndsWith('}') && Number(Encoding.UTF8.GetBytes(line), "\"n\":"u8) is { } n)
                    {
                        seen.Add((int)n);
                        position = Number(Encoding.UTF8.GetBytes(line), "\"position\":"u8)!.Value;
                    }
                if (seen.Count < count)
                    stream = await StreamAsync(server, position);
            }
            catch (IOException)
            {
                stream = await StreamAsync(server, position);
            }
        return seen;
    }

    static string Data(int n) => $$"""{"n": {{n}}, "filler": "{{new string('x', 1000)}}"}""";

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
            await database.DisposeAsync();
        folder.Dispose();
        patience.Dispose();
    }
}
