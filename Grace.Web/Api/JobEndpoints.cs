using Grace.Engine.Access;
using Grace.Engine.Jobs;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>Jobs, their history, and the nodes that run them: seen, run, retried, deleted, paused.</summary>
static class JobEndpoints
{
    const int Most = 200;

    public static void MapJobs(this RouteGroupBuilder api)
    {
        api.MapGet("/jobs", List).Needs(Right.Read).WithSummary("Hangfire's jobs, newest first, with how many are in which state: ?state&search&after&limit").ProducesProblem(422);
        api.MapGet("/jobs/history", History).Needs(Right.Read).WithSummary("Runs that ended and what people did, newest first: ?outcome&job&search&before&limit").ProducesProblem(422);
        api.MapGet("/jobs/nodes", Nodes).Needs(Right.Read).WithSummary("Nodes with their heartbeats, and slots with what runs in them");
        Act(api, "/jobs/{key}/run", "Runs a job that waits for its time now: {reason?}", (admin, key, by, reason, cancel) => admin.RunAsync(key, by, reason, cancel));
        Act(api, "/jobs/{key}/retry", "Tries what failed again, a pipeline as the Guardian retries it: {reason?}", (admin, key, by, reason, cancel) => admin.RetryAsync(key, by, reason, cancel));
        Act(api, "/jobs/{key}/delete", "Deletes a job; a pipeline in a slot gets another: {reason?}", (admin, key, by, reason, cancel) => admin.DeleteAsync(key, by, reason, cancel));
        Act(api, "/jobs/nodes/{key}/pause", "Has a node take no slots; a running phase completes: {reason?}", (admin, id, by, reason, cancel) => admin.PauseNodeAsync(id, by, reason, cancel));
        Act(api, "/jobs/nodes/{key}/resume", "Has a node take slots again: {reason?}", (admin, id, by, reason, cancel) => admin.ResumeNodeAsync(id, by, reason, cancel));
    }

    static async Task<IResult> List(JobQueries queries, string? state, string? search, string? after, string? limit, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        OneOf(state, "state", JobFilter.States, errors);
        NoNul(errors, ("search", search), ("after", after));
        var filter = new JobFilter(state, search, after, (int)(Query.Number(limit, "limit", 1, Most, errors) ?? 50));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        var page = await queries.ListAsync(filter, cancel);
        var overview = await queries.OverviewAsync(cancel);
        return Results.Json(new { page.Jobs, page.Next, overview.Counts, Total = overview.Counts.Values.Sum() }, Wire.Json);
    }

    static async Task<IResult> History(
        JobHistory history, string? outcome, string? job, string? search, string? before, string? limit, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        OneOf(outcome, "outcome", HistoryFilter.Outcomes, errors);
        NoNul(errors, ("search", search), ("job", job), ("before", before));
        if (before is not null && HistoryFilter.Place(before) is null)
            errors.Add(new("before", $"before is '{before}'; give the next of a page before, or leave it out."));
        var filter = new HistoryFilter(outcome, job, search, before, (int)(Query.Number(limit, "limit", 1, Most, errors) ?? 50));
        return errors.Count > 0 ? throw new SubmissionRefused(errors) : Results.Json(await history.ReadAsync(filter, cancel), Wire.Json);
    }

    static async Task<IResult> Nodes(JobQueries queries, CancellationToken cancel)
    {
        var overview = await queries.OverviewAsync(cancel);
        return Results.Json(new { overview.Nodes, overview.Slots }, Wire.Json);
    }

    static void Act(RouteGroupBuilder api, string path, string summary, Func<JobAdmin, string, string, string?, CancellationToken, Task<string>> act) =>
        api.MapPost(path, async (string key, HttpContext http, JobAdmin admin, CancellationToken cancel) =>
        {
            var reason = await JsonBody.ReasonAsync(http.Request, cancel);
            List<FieldError> errors = [];
            NoNul(errors, ("key", key), ("reason", reason));
            if (reason?.Length > 2000)
                errors.Add(new("reason", "The reason has more than 2000 characters."));
            if (errors.Count > 0)
                throw new SubmissionRefused(errors);
            return Results.Json(new { Target = key, Message = await act(admin, key, http.User.Identity!.Name!, reason, cancel) }, Wire.Json);
        }).Needs(Right.ManageJobs).WithSummary(summary).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);

    static void OneOf(string? value, string name, string[] allowed, List<FieldError> errors)
    {
        if (value is not null && !allowed.Contains(value))
            errors.Add(new(name, $"{name} is '{value}'; allowed are {string.Join(", ", allowed)}."));
    }

    static void NoNul(List<FieldError> errors, params (string Name, string? Value)[] fields)
    {
        foreach (var (name, value) in fields)
            if (value?.Contains('\0') == true)
                errors.Add(new(name, $"{name} holds a character that is none (NUL)."));
    }
}
