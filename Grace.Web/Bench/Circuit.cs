using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Grace.Web.Bench;

/// <summary>
/// An open page without a browser: fetches the page, opens its Blazor circuit over a WebSocket and answers what the server
/// sends as a browser would. Nothing is laid out or painted.
/// </summary>
sealed partial class Circuit : IAsyncDisposable
{
    const int Window = 900;
    readonly ClientWebSocket socket = new();
    readonly SemaphoreSlim sending = new(1, 1);
    readonly CancellationTokenSource gone = new();
    readonly Lock gate = new();
    readonly List<(byte[] Text, TaskCompletionSource Seen)> awaited = [];
    Task reading = Task.CompletedTask;

    /// <summary>Why the circuit ended, where it did.</summary>
    public string? Fault { get; private set; }

    public static async Task<Circuit> OpenAsync(HttpClient http, string path, string? key, byte[] until, CancellationToken cancel)
    {
        var html = await http.GetStringAsync(path, cancel);
        var markers = new JsonArray([.. Markers().Matches(html).Select(m => JsonNode.Parse(m.Groups[1].Value))]);
        if (markers.Count == 0)
            throw new InvalidDataException($"{path} has no interactive component.");
        var circuit = new Circuit();
        var shown = circuit.Awaits(until);
        if (key is not null)
            circuit.socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        await circuit.socket.ConnectAsync(new UriBuilder(new Uri(http.BaseAddress!, "_blazor")) { Scheme = "ws" }.Uri, cancel);
        await circuit.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text);
        var greeting = new byte[256];
        await circuit.socket.ReceiveAsync(greeting.AsMemory(), cancel);
        circuit.reading = Task.Run(circuit.ReadAsync, CancellationToken.None);
        await circuit.SendAsync(BlazorPack.Invoke("0", "StartCircuit", http.BaseAddress!.ToString(), new Uri(http.BaseAddress!, path).ToString(), markers.ToJsonString(), ""));
        try
        {
            await shown.WaitAsync(TimeSpan.FromSeconds(60), cancel);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{path} did not show '{Encoding.UTF8.GetString(until)}'{(circuit.Fault is { } why ? $": {why}" : "")}.");
        }
        return circuit;
    }

    /// <summary>Completes when a redraw brings this text.</summary>
    public Task Awaits(byte[] text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
            awaited.Add((text, seen));
        return seen.Task;
    }

    async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), gone.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                foreach (var one in BlazorPack.Read(message.ToArray()))
                    await TakeAsync(one);
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
        }
        catch (InvalidDataException wrong)
        {
            Fault = wrong.Message;
        }
    }

    async Task TakeAsync(List<object?> message)
    {
        if (message is [3L, _, _, 1L, var error, ..])
            Fault = error?.ToString();
        if (message is not [1L, _, _, string target, List<object?> arguments, ..])
            return;
        switch (target)
        {
            case "JS.RenderBatch":
                See((ReadOnlyMemory<byte>)arguments[1]!);
                await SendAsync(BlazorPack.Invoke(null, "OnRenderCompleted", (long)arguments[0]!, null));
                break;
            case "JS.BeginInvokeJS":
                await SendAsync(BlazorPack.Invoke(null, "EndInvokeJSFromDotNet", (long)arguments[0]!, true, $"[{arguments[0]},true,null]"));
                // A virtualised list asks for its rows when it is told how much of it can be seen.
                if (arguments[1]?.ToString() == "Blazor._internal.Virtualize.init" && Object().Match(arguments[2]?.ToString() ?? "") is { Success: true } list)
                    await SendAsync(BlazorPack.Invoke(
                        null, "BeginInvokeDotNetFromJS", "1", null, "OnSpacerBeforeVisible", long.Parse(list.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), JsonSerializer.Serialize(new[] { 0, 0, Window })));
                break;
            case "JS.Error":
                Fault = arguments.FirstOrDefault()?.ToString();
                break;
        }
    }

    void See(ReadOnlyMemory<byte> batch)
    {
        List<TaskCompletionSource> seen;
        lock (gate)
        {
            seen = [.. awaited.Where(a => batch.Span.IndexOf(a.Text) >= 0).Select(a => a.Seen)];
            awaited.RemoveAll(a => seen.Contains(a.Seen));
        }
        seen.ForEach(s => s.TrySetResult());
    }

    async Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Binary)
    {
        await sending.WaitAsync();
        try
        {
            if (socket.State == WebSocketState.Open)
                await socket.SendAsync(bytes, type, true, CancellationToken.None);
        }
        finally
        {
            sending.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        await reading;
        socket.Abort();
        socket.Dispose();
        gone.Dispose();
    }

    [GeneratedRegex(@"<!--Blazor:(\{""type"":""server"".*?\})-->")]
    private static partial Regex Markers();

    [GeneratedRegex(@"""__dotNetObject"":(\d+)")]
    private static partial Regex Object();
}
