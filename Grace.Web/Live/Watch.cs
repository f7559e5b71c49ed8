using Grace.Engine.Feed;
using Grace.Engine.Log;
using Microsoft.AspNetCore.SignalR;

namespace Grace.Web.Live;

/// <summary>What one hub client watches: a stream after a version, or all streams through a filter.</summary>
sealed class Watch : IDisposable
{
    readonly EventFilter filter;
    readonly CancellationTokenSource stop;

    public Watch(HubConnectionContext connection, string what, EventFilter filter, long version)
    {
        (Connection, What, this.filter, Version) = (connection, what, filter, version);
        stop = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionAborted);
        Stopped = stop.Token;
    }

    public HubConnectionContext Connection { get; }

    /// <summary>The stream, or <see cref="Watchers.All"/>.</summary>
    public string What { get; }

    public bool IsOfStream => What != Watchers.All;

    /// <summary>The last version of its stream that was sent.</summary>
    public long Version { get; private set; }

    /// <summary>Up to here the client was served before it came to the live ones.</summary>
    public LogPlace Joined { get; set; }

    public CancellationToken Stopped { get; }

    public bool Wants(Recorded e) => IsOfStream ? e.StreamId == What && e.Version > Version : filter.Wants(e);

    /// <summary>Completes at once while the client keeps up: what it has not read yet still fits into its buffer.</summary>
    public ValueTask SendAsync(Recorded e, Frames frames)
    {
        if (IsOfStream)
            Version = e.Version;
        return Connection.WriteAsync(frames.Hub(e), CancellationToken.None);
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }
}
