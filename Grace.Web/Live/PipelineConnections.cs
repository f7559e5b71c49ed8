using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace Grace.Web.Live;

/// <summary>SignalR's own connections, kept at hand: a message that is written already can be sent to one of them as it is.</summary>
sealed class PipelineConnections(ILogger<DefaultHubLifetimeManager<PipelineHub>> logger) : DefaultHubLifetimeManager<PipelineHub>(logger)
{
    readonly ConcurrentDictionary<string, HubConnectionContext> open = new();

    /// <summary>Null when it is gone.</summary>
    public HubConnectionContext? Find(string connectionId) => open.GetValueOrDefault(connectionId);

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        open[connection.ConnectionId] = connection;
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        open.TryRemove(connection.ConnectionId, out _);
        return base.OnDisconnectedAsync(connection);
    }
}
