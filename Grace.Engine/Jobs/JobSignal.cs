using System.Collections.Concurrent;
using Grace.Engine.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Grace.Engine.Jobs;

public enum JobTopic
{
    /// <summary>A job began, ended, came or went.</summary>
    Jobs,

    /// <summary>A node came, went, was paused or resumed, or gave a slot back.</summary>
    Nodes,
}

/// <summary>
/// "Something about jobs changed", on this node at once and on the others by NOTIFY, coalesced. A hint only: who must not
/// miss it looks again by itself.
/// </summary>
public sealed class JobSignal(NpgsqlDataSource database, TimeProvider clock, ILogger<JobSignal> logger) : BackgroundService
{
    const string Channel = "grace_jobs";
    static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(50);
    readonly string self = Guid.NewGuid().ToString("N");
    readonly ConcurrentDictionary<JobTopic, bool> pending = new();
    readonly SemaphoreSlim something = new(0);

    /// <summary>Raised on whatever thread it is heard; whoever listens takes note and returns.</summary>
    public event Action<JobTopic>? Heard;

    public void Tell(JobTopic topic)
    {
        if (pending.TryAdd(topic, true))
            something.Release();
        Heard?.Invoke(topic);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Quietly.Until(stoppingToken, stop => DatabaseAway.BeginAnewAsync(Listen, Interrupted, clock, stop), stop => DatabaseAway.BeginAnewAsync(Send, Interrupted, clock, stop));

    void Interrupted(string error) => logger.LogWarning("Signals about jobs are interrupted: {Error}. Trying again.", error);

    async Task Listen(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        connection.Notification += (_, heard) =>
        {
            if (heard.Payload.Split(' ') is [var from, var name] && from != self && Enum.TryParse<JobTopic>(name, out var topic))
                Heard?.Invoke(topic);
        };
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            await listen.ExecuteNonQueryAsync(stop);
        foreach (var topic in Enum.GetValues<JobTopic>())
            Heard?.Invoke(topic);
        while (true)
            await connection.WaitAsync(stop);
    }

    async Task Send(CancellationToken stop)
    {
        while (true)
        {
            await something.WaitAsync(stop);
            await Task.Delay(Coalesce, clock, stop);
            await using var batch = database.CreateBatch();
            foreach (var topic in pending.Keys.Where(topic => pending.TryRemove(topic, out _)).ToList())
                batch.BatchCommands.Add(new("select pg_notify($1, $2)") { Parameters = { new() { Value = Channel }, new() { Value = $"{self} {topic}" } } });
            if (batch.BatchCommands.Count > 0)
                await batch.ExecuteNonQueryAsync(stop);
        }
    }
}
