using System.Runtime.CompilerServices;
using System.Text;
using Grace.Engine.Feed;
using Grace.Engine.Log;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Grace.Web.Live;

/// <summary>Events as they go over the wire, written once each however many follow; kept as long as the event itself is.</summary>
sealed class Frames
{
    readonly ConditionalWeakTable<Recorded, Frame> known = [];

    /// <summary>The hub's message.</summary>
    public SerializedHubMessage Hub(Recorded e) => known.GetValue(e, static e => new(e)).Hub.Value;

    /// <summary>The lines of a Server-Sent Event, with its position as id.</summary>
    public byte[] Sse(Recorded e) => known.GetValue(e, static e => new(e)).Sse.Value;

    sealed class Frame(Recorded e)
    {
        public Lazy<SerializedHubMessage> Hub { get; } = new(() => new(new InvocationMessage("event", [FeedEvent.Of(e)])));

        public Lazy<byte[]> Sse { get; } = new(() => [.. Encoding.UTF8.GetBytes($"id: {e.Position}\ndata: "), .. FeedEvent.Bytes(e), (byte)'\n', (byte)'\n']);
    }
}
