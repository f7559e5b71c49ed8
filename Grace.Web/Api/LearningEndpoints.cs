using System.Text.Json.Nodes;
using Grace.Engine.Access;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>The learning loop: clusters of failures, missions, and a person's word on them.</summary>
static class LearningEndpoints
{
    const int Most = 500;

    public static void MapLearning(this RouteGroupBuilder api)
    {
        api.MapGet("/learning/clusters", Clusters).Needs(Right.Read).WithSummary("Failures that are the same, with how often and where; newest first: ?limit");
        api.MapGet("/learning/missions", All).Needs(Right.Read).WithSummary("Learning missions, newest first: ?limit");
        api.MapGet("/learning/missions/{id}", One).Needs(Right.Read).WithSummary("One mission").ProducesProblem(404);
        api.MapPost("/learning/missions/{id}/approve", Approve).Needs(Right.ApproveLearning).WithSummary("Has the proposal tried, or a known issue applied: {reason?}").ProducesProblem(404).ProducesProblem(409);
        api.MapPost("/learning/missions/{id}/reject", Reject).Needs(Right.ApproveLearning).WithSummary("Ends the mission and takes its candidate back: {reason?}").ProducesProblem(404).ProducesProblem(409);
    }

    static async Task<IResult> Clusters(LearningQueries learning, string? limit, CancellationToken cancel)
    {
        var rows = await learning.ClustersAsync(Limit(limit), cancel);
        return Results.Json(new { clusters = rows.Select(Cluster), total = await learning.ClusterCountAsync(cancel) }, Wire.Json);
    }

    static JsonObject Cluster(ClusterRow row)
    {
        JsonNode? Part(string name) => row.Body[name]?.DeepClone();
        return new()
        {
            ["id"] = row.Id, ["title"] = row.Title, ["count"] = row.Count, ["pipelines"] = row.Pipelines, ["first_at"] = row.FirstAt.UtcDateTime.ToString("O"),
            ["last_at"] = row.LastAt.UtcDateTime.ToString("O"), ["kinds"] = Part("kinds"), ["phases"] = Part("phases"), ["playbooks"] = Part("playbooks"), ["tools"] = Part("tools"),
            ["sample"] = Part("sample"), ["recent"] = new JsonArray([.. (row.Body["recent"] as JsonArray ?? []).Take(10).Select(r => r!.DeepClone())]),
        };
    }

    static async Task<IResult> All(LearningQueries learning, Missions missions, LearningBook book, string? limit, CancellationToken cancel)
    {
        List<JsonObject> found = [];
        foreach (var id in await learning.MissionsAsync(Limit(limit), cancel))
            found.Add(await Describe(await missions.LoadAsync(id, cancel), book, cancel));
        return Results.Json(new { missions = found, total = found.Count }, Wire.Json);
    }

    static async Task<IResult> One(string id, Missions missions, LearningBook book, CancellationToken cancel) =>
        Results.Json(await Describe(await Known(id, missions, cancel), book, cancel), Wire.Json);

    static async Task<IResult> Approve(string id, HttpContext http, Missions missions, LearningBook book, CancellationToken cancel)
    {
        var reason = await JsonBody.ReasonAsync(http.Request, cancel);
        await Known(id, missions, cancel);
        return Results.Json(await Describe(await missions.ExecuteAsync(id, m => m.Approve(reason), http.User.Identity!.Name!, cancel), book, cancel), Wire.Json);
    }

    static async Task<IResult> Reject(string id, HttpContext http, Missions missions, LearningBook book, CancellationToken cancel)
    {
        var reason = await JsonBody.ReasonAsync(http.Request, cancel) ?? $"{http.User.Identity!.Name} rejected it without a reason.";
        await Known(id, missions, cancel);
        return Results.Json(await Describe(await missions.ExecuteAsync(id, m => m.Reject(reason), http.User.Identity!.Name!, cancel), book, cancel), Wire.Json);
    }

    static async Task<Mission> Known(string id, Missions missions, CancellationToken cancel) =>
        await missions.LoadAsync(id, cancel) is { Task: not null } mission ? mission : throw new NotThere($"There is no mission '{id}'.");

    internal static async Task<JsonObject> Describe(Mission m, LearningBook book, CancellationToken cancel)
    {
        var task = m.Task!;
        var trial = m is { Status: MissionStatus.OnTrial, Proposal.PlaybookId: { } playbook } ? await book.RunningTrialAsync(playbook, cancel) : null;
        return new()
        {
            ["id"] = m.Id, ["status"] = Mission.Words(m.Status), ["version"] = m.Version, ["cluster_id"] = task.ClusterId, ["title"] = task.Title, ["recurrence"] = m.Recurrence,
            ["phase"] = task.Phase, ["playbook_id"] = task.PlaybookId, ["playbook_version"] = task.PlaybookVersion, ["sample"] = task.Sample,
            ["pipelines"] = new JsonArray([.. task.Pipelines.Select(p => (JsonNode)p)]),
            ["findings"] = new JsonArray([.. m.Findings.Select(f => f.DeepClone())]), ["gaps"] = new JsonArray([.. m.Gaps.Select(g => (JsonNode)g)]),
            ["proposal"] = m.Proposal is { } p ? new JsonObject
            {
                ["kind"] = p.Kind, ["lesson"] = p.Lesson, ["reasons"] = new JsonArray([.. p.Reasons.Select(r => (JsonNode)r)]), ["playbook_id"] = p.PlaybookId, ["candidate_version"] = p.PlaybookVersion,
                ["fix"] = p.Fix, ["context"] = p.Context?.DeepClone(),
            } : null,
            ["approved_by"] = m.ApprovedBy,
            ["trial"] = trial is { } t ? new JsonObject { ["looks"] = t.Looks, ["candidate"] = TrialRule.Describe(t.Candidate), ["control"] = TrialRule.Describe(t.Control) } : null,
            ["outcome"] = m.Conclusion?.Outcome, ["reason"] = m.Conclusion?.Reason, ["evidence"] = m.Conclusion?.Evidence?.DeepClone(),
            ["launched_at"] = m.LaunchedAt.UtcDateTime.ToString("O"), ["concluded_at"] = m.ConcludedAt?.UtcDateTime.ToString("O"),
        };
    }

    static int Limit(string? text)
    {
        List<FieldError> errors = [];
        var limit = Query.Number(text, "limit", 1, Most, errors) ?? 100;
        return errors.Count == 0 ? (int)limit : throw new SubmissionRefused(errors);
    }
}
