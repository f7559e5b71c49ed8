using Grace.Engine.Access;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Webhooks;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>
/// Webhooks: events as signed HTTP calls to whoever registered. A receiver checks webhook-signature with the secret, which is
/// told once, and drops what it had already by webhook-id.
/// </summary>
static class WebhookEndpoints
{
    const int Most = 500;

    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        api.MapGet("/webhooks", All).Needs(Right.ManageWebhooks).WithSummary("All webhooks, in the order of their registration");
        api.MapPost("/webhooks", Register).Needs(Right.ManageWebhooks).WithSummary("A new webhook: {url, types?, pipeline_id?, description?, after?}; the answer holds its secret, once").ProducesProblem(400).ProducesProblem(422);
        api.MapGet("/webhooks/{id}", One).Needs(Right.ManageWebhooks).WithSummary("One webhook").ProducesProblem(404);
        api.MapDelete("/webhooks/{id}", Delete).Needs(Right.ManageWebhooks).WithSummary("Takes it away, with its secret and its deliveries").ProducesProblem(404);
        api.MapPost("/webhooks/{id}/pause", Pause).Needs(Right.ManageWebhooks).WithSummary("Sends nothing until it is resumed: {reason?}").ProducesProblem(404);
        api.MapPost("/webhooks/{id}/resume", Resume).Needs(Right.ManageWebhooks).WithSummary("Goes on where it stopped").ProducesProblem(404);
        api.MapPost("/webhooks/{id}/test", Test).Needs(Right.ManageWebhooks).WithSummary("Sends a webhook.test now and says what came of it").ProducesProblem(404);
        api.MapGet("/webhooks/{id}/deliveries", Deliveries).Needs(Right.ManageWebhooks).WithSummary("Deliveries, newest first: ?status=waiting|delivered|dead&after&limit").ProducesProblem(404).ProducesProblem(422);
        api.MapPost("/webhooks/deliveries/{id:long}/retry", Retry).Needs(Right.ManageWebhooks).WithSummary("Sends a delivery again, dead or delivered").ProducesProblem(404).ProducesProblem(409);
    }

    static async Task<IResult> All(WebhookBook book, CancellationToken cancel)
    {
        var hooks = await book.AllAsync(cancel);
        return Results.Json(new { webhooks = hooks.Select(h => Describe(h)), total = hooks.Count }, Wire.Json);
    }

    static async Task<IResult> Register(HttpContext http, WebhookDesk desk, CancellationToken cancel)
    {
        var (hook, secret) = await desk.RegisterAsync(Read(await JsonBody.ReadAsync(http.Request, cancel)), By(http), cancel);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(Describe(hook, secret.Reveal()), Wire.Json, statusCode: 201);
    }

    static async Task<IResult> One(string id, WebhookBook book, CancellationToken cancel) => Results.Json(Describe(await Known(id, book, cancel)), Wire.Json);

    static async Task<IResult> Delete(string id, HttpContext http, WebhookDesk desk, CancellationToken cancel) =>
        await desk.DeleteAsync(id, By(http), cancel) ? Results.NoContent() : throw Missing(id);

    static async Task<IResult> Pause(string id, HttpContext http, WebhookDesk desk, CancellationToken cancel)
    {
        var reason = await JsonBody.ReasonAsync(http.Request, cancel) ?? $"{By(http)} paused it.";
        return Results.Json(Describe(await desk.PauseAsync(id, reason, By(http), cancel) ?? throw Missing(id)), Wire.Json);
    }

    static async Task<IResult> Resume(string id, HttpContext http, WebhookDesk desk, CancellationToken cancel) =>
        Results.Json(Describe(await desk.ResumeAsync(id, By(http), cancel) ?? throw Missing(id)), Wire.Json);

    static async Task<IResult> Test(string id, HttpContext http, WebhookDesk desk, CancellationToken cancel)
    {
        var came = await desk.TestAsync(id, By(http), cancel) ?? throw Missing(id);
        return Results.Json(new { delivered = came.Error is null, http_status = came.Status, came.Error, duration_ms = (int)came.Took.TotalMilliseconds }, Wire.Json);
    }

    static async Task<IResult> Deliveries(string id, WebhookBook book, string? status, string? after, string? limit, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        if (status is not null && !Delivery.Statuses.Contains(status))
            errors.Add(new("status", $"status is '{status}'; allowed are {string.Join(", ", Delivery.Statuses)}."));
        var before = Query.Number(after, "after", 1, long.MaxValue, errors) ?? long.MaxValue;
        var count = (int)(Query.Number(limit, "limit", 1, Most, errors) ?? 100);
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        await Known(id, book, cancel);
        var found = await book.DeliveriesAsync(id, status, before, count, cancel);
        return Results.Json(new { deliveries = found.Select(Describe), next = PipelineJson.OrNull(found.Count == count ? found[^1].Id : null) }, Wire.Json);
    }

    static async Task<IResult> Retry(long id, HttpContext http, WebhookDesk desk, CancellationToken cancel) =>
        Results.Json(Describe(await desk.SendAgainAsync(id, By(http), cancel) ?? throw new NotThere($"There is no delivery {id}.")), Wire.Json, statusCode: 202);

    internal static WebhookWish Read(Fields body)
    {
        var wish = new WebhookWish(body.Text("url"), body.Texts("types", """["agent.pipeline.*"]""") ?? [], body.Text("pipeline_id"), body.Text("description"), body.Whole("after"));
        body.End();
        return wish;
    }

    static object Describe(Webhook h) => Describe(h, null);

    static object Describe(Webhook h, string? secret) => new
    {
        h.Id, h.Url, h.Filter.Types, h.Filter.PipelineId, h.Description, Status = h.PausedBecause is null ? "active" : "paused", h.PausedBecause, h.CreatedBy, h.CreatedAt,
        h.Cursor, h.Delivered, h.DeliveredAt, h.Waiting, h.Dead, secret,
    };

    static object Describe(Delivery d) => new
    {
        d.Id, d.WebhookId, d.Position, d.EventType, d.Status, d.Again, d.Attempts, d.NextAt, HttpStatus = d.LastStatus, Error = d.LastError, DurationMs = d.LastMs, d.FirstAt, d.LastAt,
    };

    static async Task<Webhook> Known(string id, WebhookBook book, CancellationToken cancel) => await book.FindAsync(id, cancel) ?? throw Missing(id);

    static NotThere Missing(string id) => new($"There is no webhook '{id}'.");

    static string By(HttpContext http) => http.User.Identity!.Name!;
}
