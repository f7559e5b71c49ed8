using Grace.Engine.Access;
using Grace.Engine.Log;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>Integrity of the log, and a pipeline's proof to keep elsewhere.</summary>
static class LogEndpoints
{
    public static void MapLog(this RouteGroupBuilder api)
    {
        api.MapGet("/log/verify", async (LogVerifier verifier, string? pipeline_id, CancellationToken cancel) =>
        {
            var report = await verifier.VerifyAsync(pipeline_id, cancel);
            // Nothing was checked, and whole is what that must not be called.
            return pipeline_id is not null && report.Events == 0 && report.Whole ? throw new NotThere($"There is no pipeline '{pipeline_id}'.") : Results.Json(report, Wire.Json);
        }).Needs(Right.Read).WithSummary("Prove the log whole, or name what is broken: ?pipeline_id").ProducesProblem(404);
        api.MapGet("/log/export/{id}", async (ProofExport export, string id, CancellationToken cancel) =>
        {
            try
            {
                return Results.Json(await export.ExportAsync(id, cancel), Wire.Json);
            }
            catch (KeyNotFoundException unknown)
            {
                throw new NotThere(unknown.Message);
            }
        }).Needs(Right.Read).WithSummary("A pipeline's proof bundle").ProducesProblem(404);
    }
}
