using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Grace.Engine.Webhooks;

/// <summary>
/// One signed POST. No redirect is followed and no proxy used, and the address is checked once more when it is connected to,
/// so that a name cannot be pointed elsewhere after it was registered. What the receiver writes in its answer is not kept.
/// </summary>
public sealed class WebhookCall(WebhookOptions options, TimeProvider clock) : IDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxResponseDrainSize = 64 * 1024,
        ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, options.AllowPrivate == true, cancel),
    }) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<CallOutcome> PostAsync(string url, WebhookSecret secret, string messageId, byte[] body, CancellationToken cancel)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Grace-Webhooks", "1"));
        request.Headers.Add("webhook-id", messageId);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", secret.Sign(messageId, timestamp, body));
        using var limit = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var began = clock.GetTimestamp();
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)answer.StatusCode;
            return new(status, Describe(answer), clock.GetElapsedTime(began), RetryAfter(answer.Headers.RetryAfter), status == 410);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return new(null, $"There was no answer within {options.Timeout.TotalSeconds:0.#} s.", clock.GetElapsedTime(began));
        }
        catch (HttpRequestException unreachable)
        {
            return new(null, (unreachable.InnerException as AddressRefused)?.Message ?? unreachable.Message, clock.GetElapsedTime(began));
        }
    }

    /// <exception cref="AddressRefused">It stands for no address that may be called.</exception>
    /// <exception cref="SocketException">It stands for no address at all.</exception>
    public static async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, bool allowPrivate, CancellationToken cancel)
    {
        var all = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancel);
        var refusals = all.Select(a => WebhookAddress.Refusal(a, allowPrivate)).ToList();
        List<IPAddress> allowed = [.. all.Where((_, i) => refusals[i] is null)];
        return allowed.Count > 0 ? allowed : throw new AddressRefused(refusals.FirstOrDefault() ?? $"{host} has no address.");
    }

    static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, bool allowPrivate, CancellationToken cancel)
    {
        var addresses = await ResolveAsync(to.Host, allowPrivate, cancel);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], to.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static string? Describe(HttpResponseMessage answer) => answer.IsSuccessStatusCode ? null
        : (int)answer.StatusCode is >= 300 and < 400
            ? $"The receiver answered {(int)answer.StatusCode}; redirects are not followed, register the address it points to."
            : $"The receiver answered {(int)answer.StatusCode}.";

    TimeSpan? RetryAfter(RetryConditionHeaderValue? asked) => asked?.Delta ?? asked?.Date - clock.GetUtcNow();

    public void Dispose() => http.Dispose();
}

/// <summary>An address that a webhook may not call.</summary>
public sealed class AddressRefused(string message) : Exception(message);
