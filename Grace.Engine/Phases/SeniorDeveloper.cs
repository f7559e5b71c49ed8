using System.Text.Json.Nodes;
using Grace.Engine.Deployments;
using Grace.Engine.Hosting;
using Grace.Engine.Knowledge;
using Grace.Engine.Orchestration;
using Grace.Engine.Pipelines;
using Grace.Engine.Text;
using Grace.Engine.Tools;
using Grace.Engine.Workspaces;

namespace Grace.Engine.Phases;

/// <summary>
/// The Senior Developer Agent ("Senior Dev Agent → Creates plan" in the specification): looks at the request, the
/// configuration, this machine and the repository, and proposes a plan for a person to edit. Nothing is recorded and no
/// command of the repository is run.
/// </summary>
public sealed class SeniorDeveloper(SearchOptions search, DeployOptions deploy, KnowledgeOptions knowledge, SubmissionChecks checks, Vocabulary known, Sandbox sandbox, DataFolder data)
{
    /// <summary>What build and tests of a language need; a language of a team's own templates is not looked up.</summary>
    static readonly Dictionary<string, string[]> Programs = new() { ["csharp"] = ["dotnet"], ["python"] = ["python3"], ["javascript"] = ["node"] };

    /// <exception cref="SubmissionRefused">No plan would make it work; says why, by field.</exception>
    public async Task<Plan> PlanAsync(PlanRequest asked, CancellationToken cancel = default)
    {
        var repository = asked.Repository is { } given && GitSource.Refusal(given) is null ? await LookIntoAsync(given) : null;
        var facts = PlanFacts.None with { Repository = repository };
        var draft = Planner.Draft(asked, facts, known);
        var (phases, errors) = SubmissionRules.Check(new(asked.Task, draft.Context, asked.Phases ?? [.. draft.Phases.Select(p => p.Name())], asked.Repository), known);
        if (errors.Count == 0)
            errors = await checks.CheckAsync(new(asked.Task, draft.Context, null, asked.Repository), phases, cancel);
        if (errors.Count > 0)
            throw new SubmissionRefused(errors);
        draft = Planner.WithDesign(draft);
        return Planner.Write(draft, Look(draft, facts), known);
    }

    PlanFacts Look(PlanDraft draft, PlanFacts facts) => facts with
    {
        WebSearch = search.Provider == "searxng",
        MissingPrograms = draft.Has(Phase.Implement) ? [.. Programs.GetValueOrDefault(draft.Language, []).Where(p => !sandbox.Has(p))] : [],
        NeedsApproval = deploy.NeedsApproval(draft.Environment),
        RequesterMayApprove = deploy.RequesterMayApprove(draft.Environment),
        DocumentGaps = [.. Documents(draft)],
    };

    IEnumerable<Gap> Documents(PlanDraft draft)
    {
        string[] folders = [.. Directory.Exists(draft.Asked.Repository) ? new[] { draft.Asked.Repository } : [], data.Knowledge, .. knowledge.Folders];
        return JsonText.List(draft.Context["documents"]).Take(10).Select(name => NamedDocument.Find(name, folders).Gap).OfType<Gap>();
    }

    async Task<RepositoryFacts> LookIntoAsync(string repository)
    {
        if (!Directory.Exists(repository) || (GitSource.IsRepository(repository) && !Path.Exists(Path.Combine(repository, ".git"))))
            return new(false, [], false);
        try
        {
            var root = Path.GetFullPath(repository);
            // Whether a test runner is there is asked of this machine and not of the repository: nothing of it runs for a plan.
            var plan = await TestDiscovery.FindAsync(new(root, root, Path.GetTempPath(), sandbox, new(), argv => Task.FromResult(sandbox.Has(argv[0]) ? "" : null)));
            string[] found = [.. plan.Commands.Where(c => c.Name == "test").Select(c => c.Ecosystem).Distinct()];
            return new(true, found, File.Exists(Path.Combine(root, ServiceFile.Name)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(false, [], false);
        }
    }
}
