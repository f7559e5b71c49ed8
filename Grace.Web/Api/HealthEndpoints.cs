using Grace.Engine.Log;
using Npgsql;

namespace Grace.Web.Api;

/// <summary>/health/live: the process answers. /health/ready: the database does too, and the log is followed.</summary>
static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Json(new { Status = "live" }, Wire.Json)).AllowAnonymous().WithSummary("The process answers");
        app.MapGet("/health/ready", Ready).AllowAnonymous().WithSummary("The process can do its work");
    }

    static async Task<IResult> Ready(NpgsqlDataSource database, LogTail tail, HttpContext http, CancellationToken cancel)
    {
        try
        {
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            bounded.CancelAfter(TimeSpan.FromSeconds(3));
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(bounded.Token);
            await tail.Ready.WaitAsync(bounded.Token);
            return Results.Json(new { Status = "ready" }, Wire.Json);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            http.Response.Headers.RetryAfter = "2";
            return Results.Problem(statusCode: 503, title: "Not ready", detail: "The database does not answer.");
        }
    }
}
