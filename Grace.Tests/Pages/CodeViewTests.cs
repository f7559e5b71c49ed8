using System.Text.Json.Nodes;
using Bunit;
using Grace.Engine.Artifacts;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;
using Grace.Tests.Support;
using Grace.Web.Components.Parts;
using Grace.Web.Components.Parts.Artifacts;

namespace Grace.Tests.Pages;

public class CodeViewTests
{
    [Fact]
    public async Task Code_is_a_tree_of_files_and_what_differs_from_the_attempt_before()
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        var run = await told.TellAsync();
        var (first, second) = (run.Artifacts.First(a => a.ArtifactType == "code"), run.Artifacts.Last(a => a.ArtifactType == "code"));
        var view = test.Show<ArtifactView>(p => p.Add(v => v.Artifact, second).Add(v => v.PipelineId, run.Id).Add(v => v.Previous, first));
        await view.Find("details").TriggerEventAsync("ontoggle", EventArgs.Empty);
        PageTest.Until(view, () => view.FindAll(".tree button").Select(b => b.GetAttribute("title")!.Split(',')[0]).ShouldBe(["README.md", "src/Program.cs", "src/logo.png"]));
        PageTest.Until(view, () => view.Find(".code-pane pre").TextContent.ShouldContain("Keeps bookmarks."));
        view.Find(".tree li .tag").TextContent.ShouldBe("M");

        await view.Find("button[title^='src/Program.cs']").ClickAsync(new());
        PageTest.Until(view, () => view.Find(".code-pane pre").TextContent.ShouldContain("AddTags"));
        PageTest.Until(view, () => test.Script.Invocations["graceEditors.showCode"].Select(i => i.Arguments[1]).ShouldBe(["markdown", "csharp"]));
        await view.Find("button[title^='src/logo.png']").ClickAsync(new());
        PageTest.Until(view, () => view.Markup.ShouldContain("is no text"));

        view.Markup.ShouldContain("What differs from the attempt before (1)");
        await view.FindAll("details.part")[0].TriggerEventAsync("ontoggle", EventArgs.Empty);
        PageTest.Until(view, () => view.Find(".diff .added").TextContent.ShouldContain("+builder.Services.AddTags();"));
    }

    [Fact]
    public async Task Code_whose_commits_are_gone_says_so_and_shows_its_difference()
    {
        await using var test = await PageTest.StartAsync();
        var content = new JsonObject { ["commit"] = new string('a', 40), ["tree"] = "t", ["diff"] = "+one line" };
        var artifact = new ArtifactRef("a", "code", Phase.Implement, 1, "sha256:00", 10, "application/json", [], [], Given.Noon);
        var view = test.Show<CodeView>(p => p.Add(v => v.Content, content).Add(v => v.Artifact, artifact).Add(v => v.PipelineId, "pipeline_gone"));
        PageTest.Until(view, () => view.Find("[role=alert]").TextContent.ShouldContain("is not on this node"));
        view.Find(".diff").TextContent.ShouldContain("+one line");
    }

    [Fact]
    public async Task Two_commits_of_the_same_files_differ_in_nothing()
    {
        await using var test = await PageTest.StartAsync();
        List<ArtifactRef> made = [];
        foreach (var message in new[] { "one", "other" })
        {
            using var folder = new TestFolder();
            var repository = await GitWorkspace.CreateEmptyAsync(folder.Path, default);
            await File.WriteAllTextAsync(Path.Combine(folder.Path, "a.txt"), "the same");
            var commit = await repository.CommitAsync(message, default);
            var (bundle, content) = (Content.Of((await WorkspaceBundle.MakeAsync(folder.Path, default))!), Content.Of(System.Text.Encoding.UTF8.GetBytes($"{{\"commit\":\"{commit.Commit}\"}}")));
            await using var batch = test.Grace.Get<Npgsql.NpgsqlDataSource>().CreateBatch();
            batch.BatchCommands.Add(ContentShelf.Put(bundle));
            batch.BatchCommands.Add(ContentShelf.Put(content));
            await batch.ExecuteNonQueryAsync();
            made.Add(new(message, "code", Phase.Implement, 1, content.Hash, 10, "application/json", new() { ["bundle"] = bundle.Hash }, [], Given.Noon));
        }
        var diff = test.Show<ArtifactDiff>(p => p.Add(d => d.Left, made[0]).Add(d => d.Right, made[1]));
        PageTest.Until(diff, () => diff.Find("p").TextContent.ShouldBe("Nothing differs."));
    }

    [Fact]
    public async Task A_commit_that_is_none_never_reaches_git()
    {
        await using var test = await PageTest.StartAsync();
        await Should.ThrowAsync<GitFailedException>(() => test.Grace.Get<CodeFiles>().ListAsync("pipeline_x", [], "--upload-pack=x"));
    }

    [Fact]
    public async Task An_unknown_type_falls_back_to_JSON()
    {
        await using var test = await PageTest.StartAsync();
        using var told = new ToldRun(test.Grace);
        var run = await told.TellAsync();
        var view = test.Show<ArtifactView>(p => p.Add(v => v.Artifact, run.Artifacts[0] with { ArtifactType = "poem" }).Add(v => v.PipelineId, run.Id));
        await view.Find("details").TriggerEventAsync("ontoggle", EventArgs.Empty);
        PageTest.Until(view, () => view.Find("pre[aria-label=Content]").TextContent.ShouldContain("problem+json"));
        view.Markup.ShouldContain("no picture of a poem");
    }

    [Fact]
    public async Task What_is_too_large_is_linked_and_not_read()
    {
        await using var test = await PageTest.StartAsync();
        var artifact = new ArtifactRef("a1", "code", Phase.Implement, 1, "sha256:" + new string('0', 64), ArtifactView.Largest + 1, "application/json", [], [], Given.Noon);
        var view = test.Show<ArtifactView>(p => p.Add(v => v.Artifact, artifact).Add(v => v.PipelineId, "pipeline_1"));
        await view.Find("details").TriggerEventAsync("ontoggle", EventArgs.Empty);
        view.Find("a").GetAttribute("href").ShouldBe("/api/agent-pipeline/pipelines/pipeline_1/artifacts/a1/content");
    }
}
