using Grace.Engine.Access;
using Grace.Engine.Artifacts;
using Grace.Engine.Feed;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>Artifacts of all pipelines: found, read with their history, reviewed, compared.</summary>
static class ArtifactEndpoints
{
    const int LongestComment = 4000;
    static readonly string[] Verdicts = [.. Enum.GetValues<Verdict>().Select(v => v.ToString().ToLowerInvariant())];
    static readonly string[] ReviewFilters = [.. Verdicts, "none"];

    public static void MapArtifacts(this RouteGroupBuilder api)
    {
        api.MapGet("/artifacts", List).Needs(Right.Read).WithSummary("Artifacts of all pipelines: of a search the best first, with an excerpt, otherwise the newest").ProducesProblem(422);
        api.MapGet("/artifacts/compare", Compare).Needs(Right.Read).WithSummary("What differs between two artifacts").ProducesProblem(404).ProducesProblem(422);
        api.MapGet("/artifacts/{id}", Get).Needs(Right.Read).WithSummary("One artifact with its history").ProducesProblem(404);
        api.MapPost("/artifacts/{id}/review", Review).Needs(Right.Review).WithSummary("Accept an artifact, or question it with a comment").ProducesProblem(400).ProducesProblem(404).ProducesProblem(422);
    }

    static async Task<IResult> List(
        ArtifactQueries queries, string? search, string? type, string? phase, string? review, string? pipeline_id, string? after, string? limit, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        Query.Phase(phase, errors);
        if (review is not null && !ReviewFilters.Contains(review))
            errors.Add(new("review", $"'{review}' is no review; allowed are {string.Join(", ", ReviewFilters)}."));
        var filter = new ArtifactFilter(
            search, type, phase, review, pipeline_id, Query.Number(after, "after", 0, string.IsNullOrWhiteSpace(search) ? long.MaxValue : ArtifactQueries.MostFound, errors) ?? 0,
            (int)(Query.Number(limit, "limit", 1, 50, errors) ?? 20));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        return Results.Json(await queries.ListAsync(filter, cancel), Wire.Json);
    }

    static async Task<IResult> Get(string id, ArtifactReviews artifacts, CancellationToken cancel)
    {
        var (state, history) = await Find(artifacts, id, cancel);
        return Results.Json(Detail(state, history), Wire.Json);
    }

    static async Task<IResult> Review(string id, HttpContext http, ArtifactReviews artifacts, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(http.Request, cancel);
        var (verdict, comment) = (body.Text("verdict")?.Trim(), body.Text("comment")?.Trim() is { Length: > 0 } said ? said : null);
        if (!Verdicts.Contains(verdict) && !body.IsWrong("verdict"))
            body.Refuse("verdict", verdict is null ? "verdict is missing; it is accepted or questioned." : $"'{verdict}' is no verdict; it is accepted or questioned.");
        if (verdict == "questioned" && comment is null && !body.IsWrong("comment"))
            body.Refuse("comment", "comment is missing; say what is questioned.");
        if (comment?.Length > LongestComment)
            body.Refuse("comment", $"comment has more than {LongestComment} characters.");
        body.End();
        try
        {
            var state = await artifacts.ReviewAsync(id, verdict == "accepted" ? Verdict.Accepted : Verdict.Questioned, comment, http.User.Identity!.Name!, cancel);
            return Results.Json(Detail(state, null), Wire.Json);
        }
        catch (UnknownArtifact unknown)
        {
            throw new NotThere(unknown.Message);
        }
    }

    static async Task<IResult> Compare(string? left, string? right, ArtifactReviews artifacts, ArtifactComparison comparison, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        foreach (var (name, value) in new[] { ("left", left), ("right", right) })
            if (string.IsNullOrWhiteSpace(value))
                errors.Add(new(name, $"{name} is missing; give the id of an artifact."));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        var (one, other) = ((await Find(artifacts, left!, cancel)).State, (await Find(artifacts, right!, cancel)).State);
        try
        {
            var found = await comparison.CompareAsync(one, other, cancel);
            return Results.Json(new { Left = Summary(one), Right = Summary(other), found.Kind, found.Identical, found.Parts, found.TotalParts, found.Cut }, Wire.Json);
        }
        catch (GitFailedException unreadable)
        {
            throw new SubmissionRefused([new("right", $"The two cannot be compared: {unreadable.Message}")]);
        }
    }

    static async Task<(Artifact State, IReadOnlyList<Recorded> History)> Find(ArtifactReviews artifacts, string id, CancellationToken cancel)
    {
        try
        {
            return await artifacts.ReadAsync(id, cancel);
        }
        catch (UnknownArtifact unknown)
        {
            throw new NotThere(unknown.Message);
        }
    }

    static object Summary(Artifact a) => new { ArtifactId = a.Id, a.PipelineId, a.ArtifactType, Phase = a.Phase.Name(), a.Attempt, a.ContentHash };

    static object Detail(Artifact a, IReadOnlyList<Recorded>? history) => new
    {
        ArtifactId = a.Id,
        a.PipelineId,
        a.ArtifactType,
        Phase = a.Phase.Name(),
        a.Attempt,
        a.ContentHash,
        a.Size,
        a.MediaType,
        a.CreatedAt,
        a.Metadata,
        a.Provenance,
        a.SupersededBy,
        Review = a.Review?.Verdict,
        ReviewComment = a.Review?.Comment,
        ReviewedBy = a.Review?.By,
        ReviewedAt = a.Review?.At,
        a.Version,
        History = history?.Select(FeedEvent.Of),
    };
}
