using Grace.Engine.Guardian;
using Grace.Engine.Log;

namespace Grace.Web.Api;

static class GuardianEndpoints
{
    public static void MapGuardian(this RouteGroupBuilder api) =>
        api.MapPost("/guardian/control", Control).WithSummary("Pause, resume, override, approve, reject, retry, cancel")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);

    static async Task<IResult> Control(HttpContext http, GuardianControl guardian, CancellationToken cancel)
    {
        var request = MessageBus.ReadRequest(await JsonBody.ReadAsync(http.Request, cancel), null);
        return Results.Json(await guardian.ExecuteAsync(request, http.User.Identity!.Name!, cancel), Wire.Json);
    }
}
