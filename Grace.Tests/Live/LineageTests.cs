using System.Text.Json.Nodes;
using Bunit;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Components.Parts;
using Grace.Web.Live;

namespace Grace.Tests.Live;

public class LineageTests
{
    [Fact]
    public async Task A_run_is_drawn_from_its_research_to_its_release()
    {
        await using var grace = await ToldRun.StartAsync();
        using var told = new ToldRun(grace);
        var run = await told.TellAsync();
        var lineage = Lineage.Of(run);
        lineage.Nodes.Select(n => (n.Artifact.ArtifactType, n.Column, n.Row, n.Counts)).ShouldBe(
        [
            ("research_doc", 0, 0, true), ("design_spec", 1, 0, true), ("code", 2, 0, true), ("code", 2, 1, false),
            ("test_results", 3, 0, true), ("test_results", 3, 1, false), ("deployment_manifest", 4, 0, true),
        ]);
        var tests = lineage.Nodes.Single(n => n is { Column: 3, Row: 0 });
        tests.Inputs.Select(i => (i.Type, i.Matches, i.From?.Row)).ShouldBe([("research_doc", true, 0), ("design_spec", true, 0), ("code", true, 0)]);
        tests.Told.ShouldContain("By test_playbook v2.");
        tests.Told.ShouldContain("1 override in force.");

        using var page = new BunitContext();
        var picture = page.Render<LineagePicture>(p => p.Add(l => l.State, run).Add(l => l.PipelineId, run.Id));
        picture.FindAll("a.node").Count.ShouldBe(7);
        picture.Find("a.node").GetAttribute("href").ShouldBe($"/pipelines/{run.Id}?artifact={run.Artifacts[0].ArtifactId}");
        picture.FindAll("path.next").Count.ShouldBe(6);
        picture.FindAll("path.broken").ShouldBeEmpty();
    }

    [Fact]
    public void An_input_with_another_hash_than_the_artifact_has_is_told()
    {
        var run = Given.APipeline().UpTo(Phase.Design).State;
        var research = run.Artifacts[0];
        run = run with { Artifacts = run.Artifacts.Add(Design("d1", research.ArtifactId, "sha256:else")) };
        var node = Lineage.Of(run).Nodes[1];
        node.Inputs.Single().Matches.ShouldBeFalse();
        node.Told.ShouldContain("(another content than it has)");
        using var page = new BunitContext();
        page.Render<LineagePicture>(p => p.Add(l => l.State, run)).FindAll("path.broken").Count.ShouldBe(1);
    }

    [Fact]
    public void Of_many_attempts_the_newest_are_drawn()
    {
        var run = Given.APipeline().UpTo(Phase.Design).State;
        run = run with { Artifacts = [.. run.Artifacts, .. Enumerable.Range(1, 40).Select(n => Design($"d{n}", "elsewhere", "sha256:1"))] };
        var lineage = Lineage.Of(run);
        lineage.Nodes.Where(n => n.Column == 1).Select(n => n.Artifact.ArtifactId).ShouldBe(["d40", "d39", "d38"]);
        lineage.Left.ShouldBe(37);
    }

    [Fact]
    public void Without_artifacts_nothing_is_drawn()
    {
        using var page = new BunitContext();
        page.Render<LineagePicture>(p => p.Add(l => l.State, Given.APipeline().State)).Markup.ShouldBeEmpty();
    }

    static ArtifactRef Design(string id, string from, string hash) => new(
        id, "design_spec", Phase.Design, 1, "sha256:22", 10, "application/json", [],
        new() { ["inputs"] = new JsonArray(new JsonObject { ["artifact_id"] = from, ["content_hash"] = hash }) }, Given.Noon);
}
