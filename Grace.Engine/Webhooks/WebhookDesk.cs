using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Feed;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Npgsql;

namespace Grace.Engine.Webhooks;

/// <summary>What people do with webhooks. Each change goes into the log with who made it, in the transaction that makes it.</summary>
public sealed class WebhookDesk(
    EventLog log, LogTail tail, LogWriter writer, WebhookBook book, WebhookCall call, WebhookBell bell, WebhookOptions options, TimeProvider clock)
{
    public const int Most = 100;
    const int MostConflicts = 5;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The secret is here and nowhere else.</summary>
    /// <exception cref="SubmissionRefused">Something is wrong with the wish; nothing was registered.</exception>
    public async Task<(Webhook Hook, WebhookSecret Secret)> RegisterAsync(WebhookWish wish, string by, CancellationToken cancel)
    {
        List<FieldError> errors = [.. WebhookRules.Check(wish, options.AllowPrivate == true)];
        if (errors.Count == 0 && await UnreachableAsync(new Uri(wish.Url!), cancel) is { } reason)
            errors.Add(new("url", reason));
        if (wish.PipelineId is { } pipeline && await log.VersionAsync(pipeline, cancel) is null)
            errors.Add(new("pipeline_id", $"There is no pipeline '{pipeline}'."));
        if (wish.After is { } after && (after < 0 || after > await log.NewestPositionAsync(cancel)))
            errors.Add(new("after", $"after is {after}; allowed is 0 (all there is) to the log's newest position, {await log.NewestPositionAsync(cancel)}."));
        if ((await book.AllAsync(cancel)).Count >= Most)
            errors.Add(new("url", $"There are {Most} webhooks already; delete one that is not needed."));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        await tail.Ready.WaitAsync(cancel);
        // What is committed here but hidden by an older, open transaction comes after the head, and is told.
        var cursor = wish.After ?? tail.Head.Position;
        var secret = WebhookSecret.New();
        var now = clock.GetUtcNow();
        var hook = new Webhook($"webhook_{Guid.CreateVersion7(now):N}", 1, wish.Url!, new([.. wish.Types.Distinct()], wish.PipelineId), wish.Description?.Trim() ?? "", null, by, now, cursor, 0, null, 0, 0);
        await WriteAsync(
            hook, 0, new WebhookEvent.Registered(hook.Id, hook.Origin, hook.Filter.Types, hook.Filter.PipelineId), by, cancel,
            WebhookBook.Statement("insert", hook.Id, hook.Url, hook.Filter.Types.ToArray(), WebhookBook.Text(hook.Filter.PipelineId), hook.Description, by, now.ToUniversalTime(), cursor),
            WebhookBook.Statement("insert_secret", hook.Id, secret.Key));
        return (hook, secret);
    }

    /// <summary>Null: there is none. A paused one stays as it is.</summary>
    public Task<Webhook?> PauseAsync(string id, string reason, string by, CancellationToken cancel) => ChangeAsync(id, by, cancel, hook => hook.PausedBecause is not null ? null
        : (new WebhookEvent.Paused(hook.Id, hook.Origin, reason), [WebhookBook.Statement("pause", hook.Id, WebhookBook.Text(reason))]));

    /// <summary>Goes on where it stopped: nothing is left out.</summary>
    public Task<Webhook?> ResumeAsync(string id, string by, CancellationToken cancel) => ChangeAsync(id, by, cancel, hook => hook.PausedBecause is null ? null
        : (new WebhookEvent.Resumed(hook.Id, hook.Origin), [WebhookBook.Statement("pause", hook.Id, WebhookBook.Text(null))]));

    /// <summary>With its secret and its deliveries.</summary>
    /// <returns>False: there was none.</returns>
    public async Task<bool> DeleteAsync(string id, string by, CancellationToken cancel) =>
        await book.FindAsync(id, cancel) is not null
        && await ChangeAsync(id, by, cancel, hook => (new WebhookEvent.Deleted(hook.Id, hook.Origin, hook.Delivered, hook.Dead), [WebhookBook.Statement("delete", hook.Id)])) is null;

    /// <summary>Has a delivery tried once more, from its first attempt; null: there is none.</summary>
    /// <exception cref="WebhookRejected">It is to be tried again anyway.</exception>
    public async Task<Delivery?> SendAgainAsync(long id, string by, CancellationToken cancel)
    {
        if (await book.DeliveryAsync(id, cancel) is not { } delivery)
            return null;
        if (delivery.Status == Delivery.Waiting)
            throw new WebhookRejected($"Delivery {id} is waiting already; its next try is at {delivery.NextAt:O}.");
        await ChangeAsync(delivery.WebhookId, by, cancel, hook => (
            new WebhookEvent.SentAgain(hook.Id, hook.Origin, id, delivery.Position),
            [WebhookBook.Statement("again", id, clock.GetUtcNow()), WebhookBook.Statement("version_up", hook.Id)]));
        return await book.DeliveryAsync(id, cancel);
    }

    /// <summary>Sends a webhook.test now, from here, and says what came of it; null: there is none.</summary>
    public async Task<CallOutcome?> TestAsync(string id, string by, CancellationToken cancel)
    {
        if (await book.FindAsync(id, cancel) is not { } hook)
            return null;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new FeedEvent(0, null, id, null, 0, "webhook.test", "low", clock.GetUtcNow(), by, JsonSerializer.SerializeToElement(new { webhook_id = id }, Wire.Json), ""), Wire.Json);
        return await call.PostAsync(hook.Url, await book.SecretAsync(id, cancel), $"test_{Guid.CreateVersion7(clock.GetUtcNow()):N}", body, cancel);
    }

    async Task<string?> UnreachableAsync(Uri url, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await WebhookCall.ResolveAsync(url.IdnHost, options.AllowPrivate == true, either.Token);
            return null;
        }
        catch (AddressRefused refused)
        {
            return refused.Message;
        }
        catch (Exception e) when (e is SocketException || limit.IsCancellationRequested)
        {
            return $"The host '{url.Host}' cannot be found.";
        }
    }

    /// <summary>What it is afterwards; null: there is none, any more or at all.</summary>
    async Task<Webhook?> ChangeAsync(string id, string by, CancellationToken cancel, Func<Webhook, (WebhookEvent Told, NpgsqlBatchCommand[] Done)?> change)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            if (await book.FindAsync(id, cancel) is not { } hook || change(hook) is not { } what)
                return await book.FindAsync(id, cancel);
            try
            {
                await WriteAsync(hook, hook.Version, what.Told, by, cancel, what.Done);
                return await book.FindAsync(id, cancel);
            }
            catch (StreamMoved) when (conflicts < MostConflicts)
            {
            }
        }
    }

    async Task WriteAsync(Webhook hook, long version, WebhookEvent told, string by, CancellationToken cancel, params NpgsqlBatchCommand[] done)
    {
        await using var write = writer.Begin(new(by), clock.GetUtcNow());
        foreach (var command in done)
            write.Add(command);
        write.Append(hook.Id, version, [told]);
        await write.CommitAsync(cancel);
        bell.Ring();
    }
}
