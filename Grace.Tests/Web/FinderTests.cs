using Grace.Engine.Artifacts;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Tests.Support;
using Grace.Web.Live;

namespace Grace.Tests.Web;

public class FinderTests
{
    [Fact]
    public async Task It_finds_pages_pipelines_and_artifacts_by_words_and_ids_and_offers_a_new_pipeline()
    {
        await using var grace = await TestGrace.StartAsync();
        var finder = new Finder(grace.Get<PipelineQueries>(), grace.Get<ArtifactQueries>(), grace.Get<PlaybookRegistry>());
        (await finder.FindAsync("  ", default)).ShouldBe(Finder.Pages);
        var id = await grace.SubmitAsync(Phase.Research);
        await grace.UntilAsync(id, PipelineStatus.Completed);
        (await finder.FindAsync("build", default)).ShouldContain(hit => hit.Kind == "pipeline" && hit.Href == $"/pipelines/{id}" && hit.Text == "Build it");
        (await finder.FindAsync(id, default)).ShouldContain(hit => hit.Kind == "pipeline" && hit.Href == $"/pipelines/{id}");
        (await finder.FindAsync("quick", default)).ShouldContain(new Hit("playbook", "quick", "Ends at once.", "/playbooks/quick"));
        (await finder.FindAsync("history", default))[0].ShouldBe(new("page", "History of jobs", null, "/jobs/history"));
        (await finder.FindAsync("a & b/ä", default))[^1].Href.ShouldBe("/new?task=a%20%26%20b%2F%C3%A4");
    }

    [Theory]
    [InlineData("%")]
    [InlineData("'\"\\:*!&|()<->")]
    [InlineData("_")]
    public async Task Signs_of_a_query_language_are_text(string text)
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var finder = new Finder(grace.Get<PipelineQueries>(), grace.Get<ArtifactQueries>(), grace.Get<PlaybookRegistry>());
        (await finder.FindAsync(text, default))[^1].Kind.ShouldBe("new");
    }
}
