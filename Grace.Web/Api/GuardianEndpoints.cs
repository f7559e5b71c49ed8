using System.Text.Json.Nodes;
using Grace.Engine.Access;
using Grace.Engine.Guardian;
using Grace.Engine.Log;
using Grace.Web.Access;

namespace Grace.Web.Api;

static class GuardianEndpoints
{
    public static void MapGuardian(this RouteGroupBuilder api)
    {
        api.MapGet("/guardian/inbox", Waiting).Needs(Right.Read).WithSummary("What waits for a decision, oldest first");
        // Each action needs its own right, which is demanded on the Guardian's one path, so that the refusal can name it.
        api.MapPost("/guardian/control", Control).Needs(Right.Read).WithSummary("Pause, resume, override, approve, reject, retry, cancel")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
    }

    static async Task<IResult> Waiting(Inbox inbox, CancellationToken cancel)
    {
        var waiting = await inbox.ReadAsync(cancel);
        var items = waiting.Select(w => new JsonObject
        {
            ["pipeline_id"] = w.PipelineId, ["task"] = w.Task, ["requested_by"] = w.RequestedBy, ["version"] = w.Version, ["since"] = w.Since.UtcDateTime.ToString("O"),
        }.Concat(w.Item.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToDictionary());
        return Results.Json(new { items, total = waiting.Count }, Wire.Json);
    }

    static async Task<IResult> Control(HttpContext http, GuardianControl guardian, AccessCheck access, CancellationToken cancel)
    {
        var request = MessageBus.ReadRequest(await JsonBody.ReadAsync(http.Request, cancel), null);
        return Results.Json(await guardian.ExecuteAsync(request, access.IssuerOf(http.User), cancel), Wire.Json);
    }
}
