using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Grace.Engine;
using Grace.Engine.Access;
using Grace.Engine.Guardian;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Web.Access;
using Grace.Web.Api;
using Microsoft.AspNetCore.SignalR;

namespace Grace.Web.Live;

/// <summary>The live hub: clients watch pipelines from the version they last saw, and publish the Guardian's topics.</summary>
[Needs(Right.Read)]
sealed class PipelineHub(Watchers watchers, IMessageBus bus, AccessCheck access, AccessWatch watch) : Hub
{
    const string All = "*";

    [Needs(Right.Read)]
    public Task Watch(string pipelineId, long afterVersion)
    {
        watchers.Start(Context.ConnectionId, pipelineId, (feed, cancel) => feed.FromVersionAsync(pipelineId, afterVersion, cancel));
        return Task.CompletedTask;
    }

    [Needs(Right.Read)]
    public Task WatchAll(long afterPosition)
    {
        watchers.Start(Context.ConnectionId, All, (feed, cancel) => feed.FromPositionAsync(afterPosition, null, false, cancel));
        return Task.CompletedTask;
    }

    [Needs(Right.Read)]
    public Task Unwatch(string? pipelineId)
    {
        watchers.Stop(Context.ConnectionId, string.IsNullOrEmpty(pipelineId) ? All : pipelineId);
        return Task.CompletedTask;
    }

    /// <summary>Guardian topics. Each needs its own right, which is demanded anew where the command is issued, so that the refusal can say which.</summary>
    [Needs(Right.Read)]
    public async Task<GuardianAnswer> Publish(string topic, JsonObject payload)
    {
        try
        {
            return await bus.PublishAsync(topic, payload, access.IssuerOf(Context.User!), Context.ConnectionAborted);
        }
        catch (Exception refused) when (refused is SubmissionRefused or PipelineRejected or VersionMoved or NotAllowed)
        {
            throw new HubException(refused.Message);
        }
    }

    public override Task OnConnectedAsync()
    {
        var connection = Context;
        _ = watch.EndWithAccessAsync(connection.User!, connection.ConnectionAborted, connection.Abort);
        return base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        watchers.StopAll(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}

/// <summary>One cursor a watch: a slow client waits for its own writes, is caught up from the log, and slows nobody else.</summary>
sealed class Watchers(IHubContext<PipelineHub> hub, Feed feed, TimeProvider clock, ILogger<Watchers> logger)
{
    readonly ConcurrentDictionary<(string Connection, string What), CancellationTokenSource> running = new();

    public void Start(string connection, string what, Func<Feed, CancellationToken, IAsyncEnumerable<Recorded>> from)
    {
        Stop(connection, what);
        var stop = running[(connection, what)] = new();
        _ = Task.Run(() => Send(connection, what, from, stop.Token), CancellationToken.None);
    }

    public void Stop(string connection, string what)
    {
        if (running.TryRemove((connection, what), out var stop))
            stop.Cancel();
    }

    public void StopAll(string connection)
    {
        foreach (var key in running.Keys.Where(k => k.Connection == connection))
            Stop(key.Connection, key.What);
    }

    async Task Send(string connection, string what, Func<Feed, CancellationToken, IAsyncEnumerable<Recorded>> from, CancellationToken cancel)
    {
        try
        {
            var client = hub.Clients.Client(connection);
            await foreach (var e in from(feed, cancel))
                await client.SendAsync("event", PipelineJson.Event(e), cancel);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception broken)
        {
            // The client would wait for ever; told to start again, it passes the last version it saw and misses nothing.
            logger.LogWarning("Watching {What} broke: {Error}", what, broken.Message);
            await hub.Clients.Client(connection).SendAsync("reconnect", new { what, at = clock.GetUtcNow() }, CancellationToken.None);
        }
    }
}
