using System.Text.Json;
using Grace.Engine.Access;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine;
using Grace.Web.Live;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>
/// The live feed as Server-Sent Events: replay from a position (default: the beginning), then live. What pipelines do, and
/// what is decided about playbooks and missions; an artifact's own stream by artifact_id, anything by its type.
/// </summary>
static class EventEndpoints
{
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapEvents(this RouteGroupBuilder api) =>
        api.MapGet("/events", Stream).Needs(Right.Read).WithSummary("The live event feed (text/event-stream)").ProducesProblem(422);

    static async Task Stream(HttpContext http, Feed feed, AccessWatch access, IHostApplicationLifetime host, string? after, string? pipeline_id, string? artifact_id, string? type)
    {
        List<FieldError> errors = [];
        var last = http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id] ? id : after;
        var position = Query.Number(last, "after", 0, long.MaxValue, errors) ?? 0;
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        // An open feed must not hold up an orderly stop; the client comes back with its Last-Event-ID.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping);
        var cancel = either.Token;
        _ = access.EndWithAccessAsync(http.User, cancel, either.Cancel);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await http.Response.WriteAsync(": grace\n\n", cancel);
        await http.Response.Body.FlushAsync(cancel);

        await using var events = feed.FromPositionAsync(position, artifact_id ?? pipeline_id, type is not null, cancel).GetAsyncEnumerator(cancel);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (await Task.WhenAny(next, Task.Delay(Heartbeat, cancel)) != next)
                {
                    await http.Response.WriteAsync(": still here\n\n", cancel);
                }
                else
                {
                    if (!await next)
                        return;
                    if (type is null || events.Current.Type == type)
                        await http.Response.WriteAsync($"id: {events.Current.Position}\ndata: {JsonSerializer.Serialize(PipelineJson.Event(events.Current), Wire.Json)}\n\n", cancel);
                    next = events.MoveNextAsync().AsTask();
                    if (next.IsCompleted)
                        continue;
                }
                await http.Response.Body.FlushAsync(cancel);
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
}
