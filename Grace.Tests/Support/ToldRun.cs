using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Design;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;
using Npgsql;

namespace Grace.Tests.Support;

/// <summary>
/// Runs through the real engine with content as the shipped agents make it, told here instead of worked, so that they take
/// no time: the first code fails a test, a person sends it back, the second passes and is deployed.
/// </summary>
sealed class ToldRun(TestGrace grace) : IDisposable
{
    public const string Task = "Build a bookmark service: Bookmark(title: string, url: uri, tags: string[])";
    readonly TestFolder workspace = new();
    int made;

    public static Task<TestGrace> StartAsync(string? database = null) =>
        TestGrace.StartAsync(database, worker: false);

    /// <param name="context">Stands in the code as well, so that the code of another context differs.</param>
    public async Task<Pipeline> TellAsync(JsonObject? context = null)
    {
        var id = $"pipeline_{Guid.NewGuid():N}";
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Submit(Task, context ?? [], PhaseOrder.All, null, "ada"), new("ada"));
        var run = await TakeAsync();
        run = await Finish(run, Research());
        run = await Finish(run, Design());
        var (first, firstTree, bundle) = await CommitAsync("var builder = WebApplication.CreateBuilder(args);\nbuilder.Build().Run();\n", "Implement");
        run = await Finish(run, first, new(firstTree), bundle: bundle);
        run = await Finish(run, Tests(firstTree, failed: 1), new(firstTree, "dotnet test", 1, 22, 21, 1, 0), "1 of 22 tests failed.");
        await grace.Orchestrator.StepAsync(run, new PipelineCommand.FinishRecovery(Phase.Test, 1, new(null, "No fix is known.", [])), Given.Worker, [], default);
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Override(new() { ["note"] = "mind the tags" }, "the tags were lost"), new("grace"));
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Retry(Phase.Implement, "again with tags"), new("grace"));
        run = await TakeAsync();
        var (second, tree, newBundle) = await CommitAsync("var builder = WebApplication.CreateBuilder(args);\nbuilder.Services.AddTags();\nbuilder.Build().Run();\n" + (context is null ? "" : $"// {context.ToJsonString()}\n"), "Implement again");
        run = await Finish(run, second, new(tree), bundle: newBundle);
        run = await Finish(run, Tests(tree, failed: 0), new(tree, "dotnet test", 0, 22, 22, 0, 0));
        return await Finish(run, Deployed(tree), new(tree));
    }

    /// <summary>A paused pipeline with so many events, appended as the log appends.</summary>
    public static async Task<string> LongAsync(TestGrace grace, int events)
    {
        var id = await grace.SubmitAsync();
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Pause("it has said enough"), new("ada"));
        var log = grace.Get<LogWriter>();
        for (long version = (await grace.Orchestrator.LoadAsync(id)).Version; version < events;)
        {
            var count = (int)Math.Min(1000, events - version);
            await using var write = log.Begin(new("system"), Given.Noon);
            write.Append(id, version, Enumerable.Range(0, count).Select(n => new PipelineEvent.PlaybookExecuted($"step_{version + n + 1}", 1, "research_agent", Phase.Research, true, 0, [])));
            await write.CommitAsync(default);
            version += count;
        }
        await TestPostgres.TamperAsync(grace.ConnectionString, $"update grace.pipelines set version = {events} where id = '{id}'");
        return id;
    }

    async Task<Pipeline> TakeAsync() => (await grace.TakeAsync(1, Given.Worker))!;

    async Task<Pipeline> Finish(Pipeline run, JsonObject content, PhaseProof? proof = null, string? error = null, byte[]? bundle = null)
    {
        var current = run.Current!;
        var bytes = Content.Of(Encoding.UTF8.GetBytes(content.ToJsonString(Wire.Json)));
        var commits = bundle is null ? null : Content.Of(bundle);
        var agent = $"{current.Phase.Name()}_agent";
        var artifact = new ProducedArtifact(
            $"{agent}_{run.Id[^6..]}{++made}", current.Phase.Produces(), bytes.Hash, bytes.Bytes.LongLength, "application/json", commits is null ? [] : new() { ["bundle"] = commits.Hash },
            new()
            {
                ["phase"] = current.Phase.Name(),
                ["attempt"] = current.Attempt,
                ["playbooks"] = new JsonArray(new JsonObject { ["id"] = $"{current.Phase.Name()}_playbook", ["version"] = 2 }),
                ["tools"] = new JsonArray("write_service", "commit_workspace"),
                ["overrides"] = new JsonArray([.. run.Overrides.Select(o => o.Override.DeepClone())]),
                ["inputs"] = new JsonArray([.. run.CurrentArtifacts.Select(a => (JsonNode)new JsonObject { ["artifact_id"] = a.ArtifactId, ["content_hash"] = a.ContentHash })]),
            });
        var report = new PhaseReport(error, [artifact], [new PlaybookOutcome($"{current.Phase.Name()}_playbook", 2, agent, error, 1, [])], proof);
        return (await grace.Orchestrator.StepAsync(
            run, new PipelineCommand.Finish(current.Phase, current.Attempt, report), Given.Worker, commits is null ? [bytes] : [bytes, commits], default)).State;
    }

    async Task<(JsonObject Content, string Tree, byte[] Bundle)> CommitAsync(string program, string message)
    {
        var repository = await GitWorkspace.CreateEmptyAsync(workspace.Path, default);
        Directory.CreateDirectory(Path.Combine(workspace.Path, "src"));
        await File.WriteAllTextAsync(Path.Combine(workspace.Path, "README.md"), "# bookmark-service\n\nKeeps bookmarks.\n");
        await File.WriteAllTextAsync(Path.Combine(workspace.Path, "src", "Program.cs"), program);
        await File.WriteAllBytesAsync(Path.Combine(workspace.Path, "src", "logo.png"), [1, 0, 2]);
        var commit = await repository.CommitAsync(message, default);
        var content = new JsonObject
        {
            ["commit"] = commit.Commit, ["tree"] = commit.Tree, ["changed"] = commit.Changed, ["diff"] = "+ all of it",
            ["files"] = new JsonArray([.. commit.Files.Select(f => (JsonNode)new JsonObject { ["change"] = f.Change, ["path"] = f.Path })]),
        };
        return (content, commit.Tree, (await WorkspaceBundle.MakeAsync(workspace.Path, default))!);
    }

    static JsonObject Research() => new()
    {
        ["summary"] = "1 finding from 1 source.", ["findings"] = new JsonArray(new JsonObject { ["claim"] = "Errors are problem+json." }),
        ["sources"] = new JsonArray(new JsonObject { ["kind"] = "handbook", ["title"] = "Errors", ["uri"] = "https://example.org/errors", ["content_hash"] = "sha256:12" }),
        ["gaps"] = new JsonArray(new JsonObject { ["source"] = "web", ["reason"] = "Nothing was asked of it." }),
        ["markdown"] = "# Research\n\nErrors are `problem+json` [1].",
    };

    public static JsonObject Design()
    {
        var design = ServiceDesigner.Derive(Task, [], []);
        var content = design.ToJson();
        content["markdown"] = DesignMarkdown.Render(design);
        return content;
    }

    public static JsonObject Tests(string tree, int failed) => new()
    {
        ["success"] = failed == 0, ["reason"] = failed == 0 ? null : $"{failed} of 22 tests failed (`dotnet test`).", ["tree"] = tree, ["confinement"] = "bubblewrap",
        ["counts"] = new JsonObject { ["total"] = 22, ["passed"] = 22 - failed, ["failed"] = failed, ["skipped"] = 0 },
        ["suites"] = new JsonArray(new JsonObject { ["kind"] = "unit", ["total"] = 22, ["passed"] = 22 - failed, ["failed"] = failed, ["skipped"] = 0 }),
        ["failures"] = failed == 0 ? new JsonArray() : new JsonArray(new JsonObject { ["id"] = "Tags.Are_kept", ["suite"] = "Tags", ["kind"] = "unit", ["message"] = "Expected 2 tags, found 0." }),
        ["tests"] = new JsonArray([.. Enumerable.Range(0, 22).Select(n => (JsonNode)new JsonObject
        {
            ["id"] = n == 0 ? "Tags.Are_kept" : n < 4 ? $"Tags.Keep_{n}_of_them" : n < 12 ? $"Health.Answers_in_time({n})" : $"Bookmarks.Are_listed({n})",
            ["suite"] = n < 4 ? "Tags" : n < 12 ? "Health" : "Bookmarks", ["outcome"] = n == 0 && failed > 0 ? "failed" : "passed", ["seconds"] = .012 * (n + 1),
        })]),
        ["coverage"] = new JsonObject { ["line_percent"] = 97.5 }, ["flaky"] = new JsonArray("Health.Answers_in_time"), ["notes"] = new JsonArray("`dotnet format` found something."),
        ["commands"] = new JsonArray(new JsonObject { ["name"] = "test", ["command"] = "dotnet test", ["exit_code"] = failed == 0 ? 0 : 1, ["duration_seconds"] = 3.2, ["timed_out"] = false, ["output_tail"] = "Tests done." }),
    };

    public static JsonObject Deployed(string tree) => new()
    {
        ["status"] = "running", ["environment"] = "local", ["service"] = "bookmark-service", ["release"] = 2, ["previous_release"] = 1, ["tree"] = tree,
        ["address"] = "http://127.0.0.1:40127", ["health_path"] = "/health", ["health"] = "passed", ["started_at"] = Given.Noon.ToString("O"),
    };

    public void Dispose() => workspace.Dispose();
}
