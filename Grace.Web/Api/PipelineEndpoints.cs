using Grace.Engine.Access;
using Grace.Engine.Feed;
using Grace.Engine.Log;
using Grace.Engine.Orchestration;
using Grace.Engine.Phases;
using Grace.Engine.Pipelines;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>Submitting pipelines and reading them.</summary>
static class PipelineEndpoints
{
    const int LongestKey = 200;
    static readonly string[] Statuses = [.. Enum.GetValues<PipelineStatus>().Select(s => s.Name())];

    public static void MapPipelines(this RouteGroupBuilder api)
    {
        api.MapPost("/execute", Execute).Needs(Right.Submit).WithSummary("Submit a pipeline").Produces(202).ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(422);
        api.MapPost("/plan", Plan).Needs(Right.Submit).WithSummary("The Senior Developer Agent's plan, for execute to take as plan").Produces(200).ProducesProblem(400).ProducesProblem(422);
        api.MapGet("/pipelines", List).Needs(Right.Read).WithSummary("Pipelines, newest first").ProducesProblem(422);
        api.MapGet("/pipelines/{id}", Get).Needs(Right.Read).WithSummary("One pipeline, now or at a version").ProducesProblem(404);
        api.MapGet("/pipelines/{id}/artifacts", Artifacts).Needs(Right.Read).WithSummary("A pipeline's artifacts").ProducesProblem(404);
        api.MapGet("/pipelines/{id}/artifacts/{artifactId}", Artifact).Needs(Right.Read).WithSummary("One artifact").ProducesProblem(404);
        api.MapGet("/pipelines/{id}/artifacts/{artifactId}/content", Content).Needs(Right.Read).WithSummary("An artifact's bytes").ProducesProblem(404);
        api.MapGet("/pipelines/{id}/events", Events).Needs(Right.Read).WithSummary("A pipeline's stream").ProducesProblem(404);
    }

    static async Task<IResult> Execute(HttpContext http, Submissions submissions, CancellationToken cancel)
    {
        var given = SubmissionBody.Read(await JsonBody.ReadAsync(http.Request, cancel), planned: true);
        var key = http.Request.Headers["Idempotency-Key"].ToArray() switch
        {
            [] => null,
            // A client may write a header that is there twice as one with a comma.
            [{ Length: > 0 and <= LongestKey } only] when !only.Contains(',', StringComparison.Ordinal) => only,
            [{ Length: > LongestKey }] => throw new SubmissionRefused([new("Idempotency-Key", $"The key has more than {LongestKey} characters.")]),
            [null or ""] => throw new SubmissionRefused([new("Idempotency-Key", "The key is empty; leave the header out, or give a key of your own for each request.")]),
            _ => throw new SubmissionRefused([new("Idempotency-Key", "The header is there more than once, or holds a comma; give one key.")]),
        };
        var state = await submissions.SubmitAsync(given, http.User.Identity!.Name!, key, cancel);
        return Results.Json(
            new { PipelineId = state.Id, Status = await submissions.HasFreeSlotFor(state.Id, cancel) ? "started" : "queued", state.Task, state.Question },
            Wire.Json, statusCode: StatusCodes.Status202Accepted);
    }

    static async Task<IResult> Plan(HttpContext http, SeniorDeveloper senior, CancellationToken cancel)
    {
        var given = SubmissionBody.Read(await JsonBody.ReadAsync(http.Request, cancel), planned: false);
        return Results.Json(await senior.PlanAsync(new(given.Task, given.Context, given.Phases, given.Repository), cancel), Wire.Json);
    }

    static async Task<IResult> List(
        PipelineQueries queries, string? status, string? phase, string? search, string? from, string? to, string? after, string? limit,
        CancellationToken cancel)
    {
        List<FieldError> errors = [];
        if (status is not null && !Statuses.Contains(status))
            errors.Add(new("status", $"'{status}' is no status; allowed are {string.Join(", ", Statuses)}."));
        Query.Phase(phase, errors);
        var filter = new PipelineFilter(
            status, phase, search, Query.Time(from, "from", errors), Query.Time(to, "to", errors), Query.Number(after, "after", 0, long.MaxValue, errors),
            (int)(Query.Number(limit, "limit", 1, 200, errors) ?? 50));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        return Results.Json(await queries.ListAsync(filter, cancel), Wire.Json);
    }

    static async Task<IResult> Get(string id, string? at_version, Orchestrator orchestrator, TimeProvider clock, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        var version = Query.Number(at_version, "at_version", 1, long.MaxValue, errors);
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        return Results.Json(PipelineJson.Detail(await Find(orchestrator, id, version, cancel), clock.GetUtcNow()), Wire.Json);
    }

    static async Task<IResult> Artifacts(
        string id, string? phase, string? type, Orchestrator orchestrator, ContentShelf shelf, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        Query.Phase(phase, errors);
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        var pipeline = await Find(orchestrator, id, null, cancel);
        ArtifactRef[] found = [.. pipeline.Artifacts.Where(a => (phase is null || a.Phase.Name() == phase) && (type is null || a.ArtifactType == type))];
        var bytes = await shelf.ReadManyAsync([.. found.Select(a => a.ContentHash).Distinct()], cancel);
        return Results.Json(
            new { PipelineId = id, Artifacts = found.Select(a => PipelineJson.Artifact(a, bytes[a.ContentHash])), Total = found.Length }, Wire.Json);
    }

    static async Task<IResult> Artifact(string id, string artifactId, Orchestrator orchestrator, ContentShelf shelf, CancellationToken cancel)
    {
        var artifact = await FindArtifact(orchestrator, id, artifactId, cancel);
        return Results.Json(PipelineJson.Artifact(artifact, await shelf.ReadAsync(artifact.ContentHash, cancel)), Wire.Json);
    }

    static async Task<IResult> Content(string id, string artifactId, Orchestrator orchestrator, ContentShelf shelf, CancellationToken cancel)
    {
        var artifact = await FindArtifact(orchestrator, id, artifactId, cancel);
        return Results.Bytes(await shelf.ReadAsync(artifact.ContentHash, cancel), artifact.MediaType);
    }

    static async Task<IResult> Events(string id, string? after, EventLog log, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        var version = Query.Number(after, "after", 0, long.MaxValue, errors) ?? 0;
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        var events = await log.ReadStreamAsync(id, version, 1000, cancel);
        if (!PipelineEvents.IsStream(version == 0 ? events : await log.ReadStreamAsync(id, 0, 1, cancel)))
            throw new NotThere($"There is no pipeline '{id}'.");
        return Results.Json(
            new { PipelineId = id, Events = events.Select(FeedEvent.Of), Next = PipelineJson.OrNull(events.Count == 1000 ? events[^1].Version : null) }, Wire.Json);
    }

    static async Task<Pipeline> Find(Orchestrator orchestrator, string id, long? version, CancellationToken cancel)
    {
        var pipeline = await orchestrator.LoadAsync(id, version ?? 0, cancel);
        return pipeline.Exists ? pipeline : throw new NotThere($"There is no pipeline '{id}'.");
    }

    static async Task<ArtifactRef> FindArtifact(Orchestrator orchestrator, string id, string artifactId, CancellationToken cancel) =>
        (await Find(orchestrator, id, null, cancel)).Artifacts.FirstOrDefault(a => a.ArtifactId == artifactId)
        ?? throw new NotThere($"Pipeline '{id}' has no artifact '{artifactId}'.");
}
