using System.Text.Json.Nodes;
using Grace.Engine.Knowledge;
using Grace.Engine.Log;
using Grace.Engine.Playbooks;
using Grace.Engine.Tools;
using Npgsql;

namespace Grace.Engine.Learning;

/// <summary>Gathers what is known about a mission's failure: earlier pipelines, the knowledge base, what people wrote down, and the web where a search is configured.</summary>
public sealed class MissionResearch(NpgsqlDataSource database, EventLog log, KnowledgeBase knowledge, PlaybookRegistry registry, ToolBox tools)
{
    const int MostPipelines = 20;
    const int MostQuoted = 5;

    /// <summary>The findings for the log, and the same as something to propose from.</summary>
    public async Task<(IReadOnlyList<JsonObject> Findings, IReadOnlyList<string> Gaps, MissionMaterial Material)> GatherAsync(MissionEvent.Launched task, CancellationToken cancel)
    {
        List<JsonObject> findings = [];
        List<string> gaps = [];
        var past = await PastAsync(task.Pipelines, cancel);
        findings.AddRange(past.Take(10).Select(p => Finding(p.Fix is null ? "override" : "recovery", p.PipelineId, p.Says)));
        var (remedies, problems) = await RemediesAsync(cancel);
        gaps.AddRange(problems);
        findings.AddRange(remedies.Where(r => task.Sample.Contains(r.Failure, StringComparison.OrdinalIgnoreCase)).Select(r => Finding("remedy", r.Source, $"{r.Change.InWords()}. {r.Because}".Trim())));
        foreach (var found in await knowledge.SearchAsync(task.Title, MostQuoted, null, null, cancel))
            findings.Add(Finding(found.Kind, found.Uri, found.Quote));
        await LookUpAsync(task, findings, gaps, cancel);
        gaps.Add("model: none is configured (Grace:Models:Provider), so nothing is proposed that was not written down or seen before");
        var playbook = task.PlaybookId is { } id ? registry.Now.InForce.Find(id) : null;
        return (findings, gaps, new(task.Sample, playbook, await FailingStepAsync(task, cancel), remedies, past));
    }

    /// <summary>What the web says is quoted for whoever decides, and never followed.</summary>
    async Task LookUpAsync(MissionEvent.Launched task, List<JsonObject> findings, List<string> gaps, CancellationToken cancel)
    {
        try
        {
            var context = new ToolContext(task.MissionId, "learning", 1, Path.GetTempPath(), _ => { });
            var found = await tools.Find("web_search")!.RunAsync(new JsonObject { ["query"] = task.Title, ["limit"] = MostQuoted }, context, cancel);
            if (found.Error is { } error)
                gaps.Add($"web: {error}");
            else
                findings.AddRange(found.Output!["findings"]!.AsArray().Select(f => Finding("web", f!["uri"]!.ToString(), f["quote"]!.ToString())));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            gaps.Add("web: the search provider did not answer in time");
        }
    }

    async Task<List<PastRemedy>> PastAsync(IReadOnlyList<string> pipelines, CancellationToken cancel)
    {
        List<PastRemedy> past = [];
        foreach (var id in pipelines.Take(MostPipelines))
            past.AddRange(PastRemedies.In(id, await log.ReadStreamAsync(id, cancel: cancel)));
        return past;
    }

    /// <summary>Only what people of the installation wrote counts: what a pipeline made, or a repository brings, is quoted and not followed.</summary>
    async Task<(List<Remedy> Remedies, List<string> Problems)> RemediesAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""
            select d.uri, p.body from grace.knowledge_passages p join grace.knowledge_documents d on d.document_id = p.document_id
            where p.body like '%```remedy%' and d.kind in ('handbook', 'folder') order by d.uri, p.ordinal
            """);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<Remedy> remedies = [];
        List<string> problems = [];
        while (await reader.ReadAsync(cancel))
        {
            var (found, wrong) = Remedy.In(reader.GetString(1), reader.GetString(0));
            remedies.AddRange(found);
            problems.AddRange(wrong);
        }
        return (remedies, problems);
    }

    /// <summary>The step at which the playbook failed last in one of the mission's pipelines.</summary>
    async Task<string?> FailingStepAsync(MissionEvent.Launched task, CancellationToken cancel)
    {
        foreach (var id in task.Pipelines.Take(MostPipelines))
            foreach (var e in (await log.ReadStreamAsync(id, cancel: cancel)).Where(e => e.Type == "playbook.failed").Reverse())
                if (JsonNode.Parse(e.Data) is { } data && data["playbook_id"]?.ToString() == task.PlaybookId && data["metadata"]?["failed_step"]?["id"]?.ToString() is { } step)
                    return step;
        return null;
    }

    static JsonObject Finding(string kind, string source, string says) => new() { ["kind"] = kind, ["source"] = source, ["says"] = says.Length <= 1000 ? says : says[..1000] };
}
