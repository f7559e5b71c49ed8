using Grace.Engine.Access;
using Grace.Engine.Feed;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Web.Access;
using Grace.Web.Live;

namespace Grace.Web.Api;

/// <summary>
/// The live feed as Server-Sent Events: replay from a position (default: the beginning), then live. What pipelines do, and
/// what is decided about playbooks and missions; an artifact's own stream by artifact_id, anything by its type.
/// </summary>
static class EventEndpoints
{
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    static readonly byte[] Hello = ": grace\n\n"u8.ToArray();
    static readonly byte[] StillHere = ": still here\n\n"u8.ToArray();

    public static void MapEvents(this RouteGroupBuilder api) =>
        api.MapGet("/events", Stream).Needs(Right.Read)
            .WithSummary("The live event feed (text/event-stream): ?after or Last-Event-ID, ?pipeline_id, ?type (agent.phase.completed or agent.phase.*; more than one by repetition or commas)")
            .ProducesProblem(404).ProducesProblem(422);

    static async Task Stream(
        HttpContext http, Feed feed, Frames frames, EventLog log, AccessWatch access, TimeProvider clock, IHostApplicationLifetime host,
        string? after, string? pipeline_id, string? artifact_id, string[]? type)
    {
        // An open feed must not hold up an orderly stop; the client comes back with its Last-Event-ID.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping);
        var cancel = either.Token;
        List<string> types = [.. (type ?? []).SelectMany(t => t.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        string?[] seen = [.. http.Request.Headers["Last-Event-ID"].Where(id => id is { Length: > 0 })];
        if (seen.Length > 1)
            throw new SubmissionRefused([new("Last-Event-ID", "The header is there more than once; give the last position that you saw.")]);
        if (pipeline_id is not null && artifact_id is not null)
            throw new SubmissionRefused([new("artifact_id", "Give pipeline_id or artifact_id: a feed follows one stream, or all.")]);
        var position = await CheckAsync(seen is [{ } last] ? ("Last-Event-ID", last) : ("after", after), pipeline_id, types, log, cancel);
        _ = access.EndWithAccessAsync(http.User, cancel, either.Cancel);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var body = http.Response.Body;
        await body.WriteAsync(Hello, cancel);

        var stream = artifact_id ?? pipeline_id;
        // Whoever names a stream and no types wants all of it.
        await using var events = feed.FromPositionAsync(position, stream, stream is not null && types.Count == 0 ? null : new(types), cancel).GetAsyncEnumerator(cancel);
        var next = events.MoveNextAsync().AsTask();
        var beat = Task.Delay(Heartbeat, clock, cancel);
        try
        {
            while (true)
            {
                if (!next.IsCompleted)
                {
                    // Written but not read by the client: this waits for it, and for it alone.
                    await body.FlushAsync(cancel);
                    await Task.WhenAny(next, beat);
                }
                if (beat.IsCompleted)
                {
                    await body.WriteAsync(StillHere, cancel);
                    beat = Task.Delay(Heartbeat, clock, cancel);
                }
                if (!next.IsCompleted)
                    continue;
                if (!await next)
                    return;
                await body.WriteAsync(frames.Sse(events.Current), cancel);
                next = events.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
        finally
        {
            await either.CancelAsync();
        }
    }

    static async Task<long> CheckAsync((string Name, string? Text) last, string? pipelineId, List<string> types, EventLog log, CancellationToken cancel)
    {
        List<FieldError> errors = [.. EventFilter.Check("type", types)];
        var position = Query.Number(last.Text, last.Name, 0, long.MaxValue, errors) ?? 0;
        if (position > 0 && await log.NewestPositionAsync(cancel) is var newest && position > newest)
            errors.Add(new(last.Name, $"{last.Name} is {position}, but the log's newest position is {newest}; pass the last position you saw, or leave it out for all."));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        if (pipelineId is not null && await log.VersionAsync(pipelineId, cancel) is null)
            throw new NotThere($"There is no pipeline '{pipelineId}'.");
        return position;
    }
}
