using Grace.Engine.Access;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Tools;
using Grace.Web.Access;

namespace Grace.Web.Api;

/// <summary>The playbooks: registry, versions, success, what to do with a version.</summary>
static class PlaybookEndpoints
{
    public static void MapPlaybooks(this RouteGroupBuilder api)
    {
        api.MapGet("/playbooks", List).Needs(Right.Read).WithSummary("All playbooks with their version in force and its success");
        api.MapPost("/playbooks", Publish).Needs(Right.DraftPlaybooks).WithSummary("A new playbook or version: {yaml, mode: publish|candidate, reason?, share?, dry_run?}").ProducesProblem(409).ProducesProblem(422);
        api.MapPost("/playbooks/validate", Validate).Needs(Right.Read).WithSummary("What is wrong with a text: {yaml}");
        api.MapGet("/playbooks/{id}", One).Needs(Right.Read).WithSummary("One playbook: its text in force, versions, trial").ProducesProblem(404);
        api.MapGet("/playbooks/{id}/versions", Versions).Needs(Right.Read).WithSummary("Every version with its success").ProducesProblem(404);
        api.MapGet("/playbooks/{id}/versions/{number:int}", Version).Needs(Right.Read).WithSummary("One version with its text").ProducesProblem(404);
        api.MapGet("/playbooks/{id}/diff", Diff).Needs(Right.Read).WithSummary("A unified diff of two versions: ?from=1&to=2").ProducesProblem(404);
        api.MapPost("/playbooks/{id}/dry-run", DryRun).Needs(Right.Read).WithSummary("What its steps would call with these inputs: {inputs, version?}").ProducesProblem(404);
        api.MapPost("/playbooks/{id}/versions/{number:int}/promote", Promote).Needs(Right.PromotePlaybooks).WithSummary("Puts a version in force: {reason?}").ProducesProblem(404).ProducesProblem(409);
        api.MapPost("/playbooks/{id}/versions/{number:int}/rollback", RollBack).Needs(Right.PromotePlaybooks).WithSummary("Takes a candidate out, or the version in force back: {reason?}").ProducesProblem(404).ProducesProblem(409);
        api.MapGet("/tools", Tools).Needs(Right.Read).WithSummary("What a step can call: name, description, schema, time limit");
    }

    static async Task<IResult> List(PlaybookRegistry registry, PlaybookRates rates, CancellationToken cancel)
    {
        var known = (await rates.AllAsync(cancel)).ToDictionary(r => (r.PlaybookId, r.Version));
        var (histories, library, _) = registry.Now;
        var playbooks = histories.Values.OrderBy(h => h.Id, StringComparer.Ordinal).Select(h => PlaybookJson.Summary(h, library.Find(h.Id), known)).ToList();
        return Results.Json(new { playbooks, problems = registry.Problems, total = playbooks.Count }, Wire.Json);
    }

    static async Task<IResult> One(string id, PlaybookRegistry registry, PlaybookRates rates, CancellationToken cancel)
    {
        var history = Known(registry, id);
        var known = (await rates.OfAsync(id, cancel)).ToDictionary(r => (r.PlaybookId, r.Version));
        var answer = PlaybookJson.Summary(history, registry.Now.InForce.Find(id), known);
        answer["yaml"] = registry.Now.InForce.Find(id)?.Text;
        answer["versions"] = PlaybookJson.Versions(history, known);
        return Results.Json(answer, Wire.Json);
    }

    static async Task<IResult> Versions(string id, PlaybookRegistry registry, PlaybookRates rates, CancellationToken cancel)
    {
        var history = Known(registry, id);
        var known = (await rates.OfAsync(id, cancel)).ToDictionary(r => (r.PlaybookId, r.Version));
        return Results.Json(new { playbook_id = id, versions = PlaybookJson.Versions(history, known), total = history.Versions.Count }, Wire.Json);
    }

    static async Task<IResult> Version(string id, int number, PlaybookRegistry registry, PlaybookRates rates, CancellationToken cancel)
    {
        var playbook = await Text(registry, id, number, cancel);
        var known = (await rates.OfAsync(id, cancel)).ToDictionary(r => (r.PlaybookId, r.Version));
        var answer = PlaybookJson.Version(Known(registry, id).Find(number)!, known.GetValueOrDefault((id, number)));
        answer["yaml"] = playbook.Text;
        return Results.Json(answer, Wire.Json);
    }

    static async Task<IResult> Diff(string id, PlaybookRegistry registry, string? from, string? to, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        var (first, second) = ((int?)Query.Number(from, "from", 1, int.MaxValue, errors), (int?)Query.Number(to, "to", 1, int.MaxValue, errors));
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        var history = Known(registry, id);
        var (before, after) = (first ?? history.Candidate?.BaseVersion ?? history.Versions[Math.Max(0, history.Versions.Count - 2)].Number, second ?? history.Versions[^1].Number);
        var (one, other) = (await Text(registry, id, before, cancel), await Text(registry, id, after, cancel));
        return Results.Json(new { playbook_id = id, from = before, to = after, diff = PlaybookEdit.Difference(one, other).Named($"{id} version {before}", $"{id} version {after}") }, Wire.Json);
    }

    static async Task<IResult> Validate(HttpContext http, PlaybookRegistry registry, PlaybookSources sources, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(http.Request, cancel);
        var yaml = Yaml(body);
        body.End();
        var (playbook, problems) = Check(yaml, registry, sources);
        return Results.Json(new { valid = problems.Count == 0, id = playbook?.Id, problems }, Wire.Json);
    }

    static async Task<IResult> Publish(
        HttpContext http, PlaybookRegistry registry, PlaybookSources sources, LearningOptions learning, PlaybookRates rates, AccessCheck access, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(http.Request, cancel);
        var yaml = Yaml(body);
        var (mode, reason, share, dry) = (body.Text("mode") ?? "publish", body.Text("reason"), body.Number("share") ?? learning.TrialShare, body.Flag("dry_run") ?? false);
        if (mode is not ("publish" or "candidate"))
            body.Refuse("mode", $"mode is '{mode}'; allowed are publish, candidate.");
        if (share is < 0 or > 1)
            body.Refuse("share", $"share is {share}; allowed is 0 (proposed only) to 1.");
        if (mode == "candidate" && string.IsNullOrWhiteSpace(reason) && !body.IsWrong("reason"))
            body.Refuse("reason", "A candidate needs a reason: say what it is to do better.");
        Playbook? playbook = null;
        if (yaml.Length > 0)
        {
            (playbook, var problems) = Check(yaml, registry, sources);
            foreach (var problem in problems)
                body.Refuse("yaml", $"{playbook?.Id ?? "playbook"}.yaml:{problem.Line}: {problem.Message}");
        }
        body.End();
        if (dry)
            return Results.Json(new { playbook_id = playbook!.Id, valid = true, recorded = false }, Wire.Json);
        if (mode == "publish" || share > 0)
            // A draft changes no pipeline; what runs use from now on does.
            await access.IssuerOf(http.User).DemandAsync(Right.PromotePlaybooks, cancel);
        var state = await registry.ExecuteAsync(
            playbook!.Id, s => mode == "publish" ? PlaybookDecisions.Publish(s, playbook, reason) : PlaybookDecisions.Propose(s, playbook, share, reason!, null),
            playbook, new(http.User.Identity!.Name!), cancel);
        var version = state.Versions.First(v => v.ContentHash == playbook.Hash);
        var known = (await rates.OfAsync(state.Id, cancel)).ToDictionary(r => (r.PlaybookId, r.Version));
        return Results.Json(PlaybookJson.Version(version, known.GetValueOrDefault((state.Id, version.Number))).With("playbook_id", state.Id), Wire.Json, statusCode: 201);
    }

    static async Task<IResult> DryRun(string id, HttpContext http, PlaybookRegistry registry, ToolBox tools, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(http.Request, cancel);
        var (version, inputs) = (body.Whole("version"), body.Object("inputs"));
        if (version is < 1 or > int.MaxValue)
            body.Refuse("version", $"version is {version}; it must be the number of a version.");
        body.End();
        var playbook = await Text(registry, id, (int?)version ?? Known(registry, id).InForce?.Number ?? 0, cancel);
        return Results.Json(PlaybookRehearsal.Of(playbook, inputs ?? [], tools), Wire.Json);
    }

    static Task<IResult> Promote(string id, int number, HttpContext http, PlaybookRegistry registry, CancellationToken cancel) =>
        Decide(id, http, registry, (state, reason) => PlaybookDecisions.Promote(state, number, reason), number, cancel);

    static Task<IResult> RollBack(string id, int number, HttpContext http, PlaybookRegistry registry, CancellationToken cancel) =>
        Decide(id, http, registry, (state, reason) => PlaybookDecisions.RollBack(state, number, reason), number, cancel);

    static async Task<IResult> Decide(
        string id, HttpContext http, PlaybookRegistry registry, Func<PlaybookHistory, string, IReadOnlyList<PlaybookEvent>> decide, int number, CancellationToken cancel)
    {
        var reason = await JsonBody.ReasonAsync(http.Request, cancel) ?? $"{http.User.Identity!.Name} decided it without a reason.";
        if (Known(registry, id).Find(number) is null)
            throw new NotThere($"There is no version {number} of the playbook '{id}'.");
        var state = await registry.ExecuteAsync(id, s => decide(s, reason), null, new(http.User.Identity!.Name!), cancel);
        return Results.Json(PlaybookJson.Version(state.Find(number)!, null).With("playbook_id", id).With("version_in_force", state.InForce?.Number), Wire.Json);
    }

    static IResult Tools(ToolBox tools) => Results.Json(new
    {
        tools = tools.Names.Select(name => tools.Find(name)!).Select(t => new { t.Name, t.Description, t.InputSchema, time_limit_seconds = t.TimeLimit.TotalSeconds }),
    }, Wire.Json);

    /// <summary>The playbook's text; empty, and said so, where there is none.</summary>
    static string Yaml(Fields body)
    {
        var yaml = body.Text("yaml");
        if (string.IsNullOrEmpty(yaml) && !body.IsWrong("yaml"))
            body.Refuse("yaml", "yaml is missing; it is the playbook as text.");
        return yaml ?? "";
    }

    static (Playbook? Playbook, IReadOnlyList<PlaybookProblem> Problems) Check(string yaml, PlaybookRegistry registry, PlaybookSources sources) =>
        sources.Check(yaml, "playbook.yaml", PlaybookSource.Api, registry.Now.InForce.All.Select(p => p.Id));

    static PlaybookHistory Known(PlaybookRegistry registry, string id) =>
        registry.Now.Histories.GetValueOrDefault(id) ?? throw new NotThere($"There is no playbook '{id}'.");

    static async Task<Playbook> Text(PlaybookRegistry registry, string id, int number, CancellationToken cancel)
    {
        Known(registry, id);
        return await registry.ReadAsync(id, number, cancel) ?? throw new NotThere($"There is no version {number} of the playbook '{id}'.");
    }
}
