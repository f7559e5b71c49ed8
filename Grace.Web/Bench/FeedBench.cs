using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Grace.Engine.Feed;
using Grace.Engine.Hosting;
using Grace.Engine.Log;
using Grace.Engine.Postgres;
using Microsoft.AspNetCore.SignalR;
using Npgsql;
using EventLog = Grace.Engine.Log.EventLog;

namespace Grace.Web.Bench;

/// <summary>
/// What the live feed costs: from an event's commit until a hub client has it, at 50 events a second, beside a bare SignalR
/// hub that broadcasts the same payload at the same rate to the same clients, half of it before and half after, so that a
/// machine that slows down slows both. The bare hub's clock starts when it is told to send: the commit, the reading of the
/// log and its order are Grace's alone.
/// </summary>
/// <param name="seconds">How long each is measured.</param>
sealed class FeedBench(int[] subscribers, int seconds, string ownerConnection, DataFolder data, Action<string> say)
{
    const int Rate = 50;
    const double Aim = 1.5;

    /// <summary>The first events of each part find cold code and are not measured.</summary>
    const int Warm = Rate;
    static readonly TimeSpan Late = TimeSpan.FromSeconds(20);

    /// <summary>"1,100" as numbers of subscribers; null when it is something else.</summary>
    public static int[]? Counts(string text)
    {
        var counts = text.Split(',').Select(c => int.TryParse(c, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 10_000 ? n : 0).ToArray();
        return counts.Contains(0) ? null : counts;
    }

    /// <summary>Whether nothing was lost, doubled or out of order.</summary>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        say($"feed: {Rate} events a second for {seconds} s, from commit to receipt; {Environment.ProcessorCount} cores, clients in a process of their own");
        var name = $"grace_feed_{Guid.NewGuid():N}"[..20];
        await using var server = NpgsqlDataSource.Create(ownerConnection);
        await ExecuteAsync(server, $"create database {name}");
        var whole = true;
        try
        {
            await using var database = await Database.OpenAsync(new NpgsqlConnectionStringBuilder(ownerConnection) { Database = name }.ConnectionString, cancel);
            var key = Guid.NewGuid().ToString("N");
            await using var grace = await FeedServer.StartAsync(database, data, key);
            foreach (var count in subscribers)
                whole &= await MeasureAsync(grace, key, count, cancel);
        }
        finally
        {
            await ExecuteAsync(server, $"drop database {name} with (force)");
        }
        return whole;
    }

    async Task<bool> MeasureAsync(FeedServer grace, string key, int count, CancellationToken cancel)
    {
        // One event as Grace shows it: the bare hub sends the very same.
        await grace.AppendAsync(Data(0), cancel);
        var log = grace.Get<EventLog>();
        var shown = FeedEvent.Of((await log.FindAsync(await log.NewestPositionAsync(cancel), cancel))!);
        var plain = new FeedSamples();
        var half = Math.Max(1, seconds / 2);
        await BareAsync(plain, shown, count, half, cancel);

        var after = await log.NewestPositionAsync(cancel);
        var ours = new FeedSamples();
        await PartAsync(ours, new($"{grace.Address}/hubs/pipelines", key, count, 0, true, after, ""), half * 2, async n =>
        {
            await grace.AppendAsync(Data(n), cancel);
            return grace.CommittedAt;
        }, cancel);

        await BareAsync(plain, shown, count, half, cancel);
        var ratio = ours.At(0.99) / plain.At(0.99);
        say(string.Create(CultureInfo.InvariantCulture,
            $"{count,5} subscribers: p50 {ours.At(0.5).TotalMilliseconds:0.00} ms, p99 {ours.At(0.99).TotalMilliseconds:0.00} ms; bare hub p50 {plain.At(0.5).TotalMilliseconds:0.00} ms, p99 {plain.At(0.99).TotalMilliseconds:0.00} ms: p99 {ratio:0.00} times the yardstick (aim: at most {Aim}); {ours.Count} received, {ours.Lost} lost, {ours.OutOfOrder} out of order"));
        return ours is { Lost: 0, OutOfOrder: 0 };
    }

    static async Task BareAsync(FeedSamples into, FeedEvent shown, int count, int seconds, CancellationToken cancel)
    {
        var builder = FeedServer.Bare();
        builder.Services.AddSignalR().AddJsonProtocol(json => Wire.Configure(json.PayloadSerializerOptions));
        await using var app = builder.Build();
        app.MapHub<BareHub>("/hub");
        await app.StartAsync(cancel);
        var hub = app.Services.GetRequiredService<IHubContext<BareHub>>();
        await PartAsync(into, new($"{app.Urls.Single()}/hub", null, count, 0, false, 0, ""), seconds, async n =>
        {
            using var body = JsonDocument.Parse(Data(n));
            var payload = shown with { Data = body.RootElement };
            var began = Stopwatch.GetTimestamp();
            await hub.Clients.All.SendAsync("event", payload, cancel);
            return began;
        }, cancel);
        await app.StopAsync(cancel);
    }

    /// <param name="send">Answers when the event's clock began, as a Stopwatch timestamp.</param>
    static async Task PartAsync(FeedSamples into, FeedClientsPlan plan, int seconds, Func<int, Task<long>> send, CancellationToken cancel)
    {
        var events = Warm + (Rate * seconds);
        var file = Path.GetTempFileName();
        plan = plan with { Events = events, Into = file };
        using var clients = Process.Start(new ProcessStartInfo("dotnet", [typeof(FeedBench).Assembly.Location, "bench", "feed-clients", JsonSerializer.Serialize(plan)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            if (await clients.StandardOutput.ReadLineAsync(cancel) != "ready")
                throw new InvalidOperationException("The clients could not connect.");
            var stamps = new long[events];
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / Rate);
            for (var n = 0; n < events && await timer.WaitForNextTickAsync(cancel); n++)
                stamps[n] = await send(n);
            await Task.WhenAny(clients.WaitForExitAsync(cancel), Task.Delay(Late, cancel));
            clients.StandardInput.Close();
            await clients.WaitForExitAsync(cancel);
            into.Add(file, stamps, plan.Count, Warm);
        }
        finally
        {
            if (!clients.HasExited)
                clients.Kill();
            File.Delete(file);
        }
    }

    static string Data(int n) => $$"""
        {"n": {{n}}, "phase": "implement", "attempt": 1, "duration_seconds": 12.5, "artifacts": [{"artifact_id": "artifact_5f0c1c1f7c0f4d7d8f6c8a7c1d2e3f40", "artifact_type": "code", "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "size": 18211}], "proof": {"tree": "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "command": "dotnet build", "exit_code": 0, "passed": 25, "failed": 0} }
        """;

    static async Task ExecuteAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
