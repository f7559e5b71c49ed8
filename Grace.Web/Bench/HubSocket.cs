using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Grace.Web.Bench;

/// <summary>A SignalR client over one WebSocket, as far as measuring needs it: JSON protocol, calls, pings, and what the hub sends.</summary>
/// <remarks>https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md</remarks>
sealed class HubSocket : IDisposable
{
    const byte End = 0x1e;
    readonly ClientWebSocket socket = new();
    readonly SemaphoreSlim sending = new(1);
    byte[] buffer = new byte[16 * 1024];
    int filled;

    /// <param name="hub">http://…/hubs/…</param>
    /// <param name="key">Null: the hub asks for none.</param>
    public static async Task<HubSocket> ConnectAsync(string hub, string? key, CancellationToken cancel)
    {
        var client = new HubSocket();
        client.socket.Options.KeepAliveInterval = TimeSpan.Zero;
        if (key is not null)
            client.socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        await client.socket.ConnectAsync(new($"ws{hub.AsSpan(4)}"), cancel);
        await client.SendAsync(new { protocol = "json", version = 1 }, cancel);
        var answer = "";
        await client.ReceiveAsync(record => answer = Encoding.UTF8.GetString(record), cancel);
        return answer == "{}" ? client : throw new InvalidOperationException($"The hub refused the handshake: {answer}");
    }

    public Task CallAsync(string method, object?[] arguments, CancellationToken cancel) =>
        SendAsync(new { type = 1, invocationId = "1", target = method, arguments }, cancel);

    public Task PingAsync(CancellationToken cancel) => SendAsync(new { type = 6 }, cancel);

    /// <summary>Hands on the messages of the next read, at least one; false when the hub has closed.</summary>
    public async Task<bool> ReceiveAsync(MessageHandler handle, CancellationToken cancel)
    {
        while (true)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), cancel);
            if (read.MessageType == WebSocketMessageType.Close)
                return false;
            filled += read.Count;
            if (Take(handle))
                return true;
        }
    }

    bool Take(MessageHandler handle)
    {
        var rest = buffer.AsSpan(0, filled);
        var any = false;
        for (int end; (end = rest.IndexOf(End)) >= 0; rest = rest[(end + 1)..], any = true)
            handle(rest[..end]);
        rest.CopyTo(buffer);
        filled = rest.Length;
        return any;
    }

    async Task SendAsync(object message, CancellationToken cancel)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web), End];
        await sending.WaitAsync(cancel);
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Text, true, cancel);
        }
        finally
        {
            sending.Release();
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        sending.Dispose();
    }

    public delegate void MessageHandler(ReadOnlySpan<byte> message);
}
