using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Grace.Web.Bench;

/// <param name="Watch">Whether WatchAll has to be called; a bare hub broadcasts anyway.</param>
/// <param name="After">Position for WatchAll.</param>
/// <param name="Events">How many each waits for; each event's data has its number as n, from 0.</param>
sealed record FeedClientsPlan(string Hub, string? Key, int Count, int Events, bool Watch, long After, string Into);

/// <summary>
/// Many hub clients in a process of their own, so that they do not share a garbage collector with the server. Says "ready" when
/// all are connected; ends when all have everything or its standard input closes; leaves for each client how many came out of
/// order, and for each event when it was received (a Stopwatch timestamp, 0 for lost).
/// </summary>
static class FeedClients
{
    const int AtOnce = 20;
    static readonly TimeSpan Ping = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string json)
    {
        var plan = JsonSerializer.Deserialize<FeedClientsPlan>(json)!;
        using var stop = new CancellationTokenSource();
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            await stop.CancelAsync();
        });
        var clients = new Client[plan.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, plan.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop.Token }, async (i, cancel) =>
            clients[i] = await Client.ConnectAsync(plan, cancel));
        var running = clients.Select(c => c.RunAsync(stop.Token)).ToList();
        await Task.WhenAll(clients.Select(c => c.Ready));
        Console.WriteLine("ready");
        _ = PingAsync(clients, stop.Token);
        await Task.WhenAll(running);
        await using var into = new BinaryWriter(File.Create(plan.Into));
        foreach (var client in clients)
        {
            into.Write(client.OutOfOrder);
            foreach (var at in client.Received)
                into.Write(at);
            client.Dispose();
        }
        return 0;
    }

    static async Task PingAsync(Client[] clients, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Ping);
        while (await timer.WaitForNextTickAsync(cancel))
            foreach (var client in clients)
                await client.PingAsync(cancel);
    }

    sealed class Client(HubSocket socket, int events) : IDisposable
    {
        readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int next;

        public Task Ready => ready.Task;

        public long[] Received { get; } = new long[events];

        public int OutOfOrder { get; private set; }

        public static async Task<Client> ConnectAsync(FeedClientsPlan plan, CancellationToken cancel)
        {
            var socket = await HubSocket.ConnectAsync(plan.Hub, plan.Key, cancel);
            var client = new Client(socket, plan.Events);
            if (plan.Watch)
                await socket.CallAsync("WatchAll", [plan.After], cancel);
            else
                client.ready.SetResult();
            return client;
        }

        public async Task RunAsync(CancellationToken stop)
        {
            try
            {
                while (next < Received.Length && await socket.ReceiveAsync(Take, stop))
                {
                }
            }
            catch (Exception e) when (e is OperationCanceledException or System.Net.WebSockets.WebSocketException)
            {
            }
        }

        public Task PingAsync(CancellationToken cancel) => next < Received.Length ? socket.PingAsync(cancel) : Task.CompletedTask;

        void Take(ReadOnlySpan<byte> message)
        {
            if (message.StartsWith("{\"type\":3"u8))
            {
                if (message.IndexOf("\"error\""u8) >= 0)
                    ready.TrySetException(new InvalidOperationException(Encoding.UTF8.GetString(message)));
                ready.TrySetResult();
            }
            var at = message.IndexOf("\"n\":"u8);
            if (at < 0)
                return;
            var number = message[(at + 4)..];
            if (!int.TryParse(number[..number.IndexOfAnyExceptInRange((byte)'0', (byte)'9')], CultureInfo.InvariantCulture, out var n) || n >= Received.Length)
                return;
            if (n != next || Received[n] != 0)
                OutOfOrder++;
            next = n + 1;
            Received[n] = Stopwatch.GetTimestamp();
        }

        public void Dispose() => socket.Dispose();
    }
}
