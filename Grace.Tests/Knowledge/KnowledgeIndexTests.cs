using Grace.Engine.Knowledge;

namespace Grace.Tests.Knowledge;

public sealed class KnowledgeIndexTests(KnowledgeDatabase database) : IClassFixture<KnowledgeDatabase>
{
    private readonly KnowledgeBase knowledge = database.Knowledge;

    [Fact]
    public async Task A_folder_is_indexed_by_change_and_forgets_what_is_gone()
    {
        using var folder = new ScratchFolder();
        folder.Write("one.md", "# One\n\nThe heron stands in the reeds.");
        var second = folder.Write("deep/two.md", "# Two\n\nThe kingfisher dives.");
        folder.Write("three.txt", "The osprey is not Markdown.");
        (await knowledge.IndexFolderAsync(folder.Root)).ShouldSatisfyAllConditions(
            report => report.Added.ShouldBe(2), report => report.Skipped.ShouldBeEmpty());

        (await knowledge.IndexFolderAsync(folder.Root)).Unchanged.ShouldBe(2);

        folder.Write("one.md", "# One\n\nThe bittern booms in the reeds.");
        File.Delete(second);
        var third = await knowledge.IndexFolderAsync(folder.Root);
        (third.Added, third.Changed, third.Unchanged, third.Removed).ShouldBe((0, 1, 0, 1));
        (await knowledge.SearchAsync("heron")).ShouldBeEmpty();
        (await knowledge.SearchAsync("kingfisher")).ShouldBeEmpty();
        (await knowledge.SearchAsync("osprey")).ShouldBeEmpty();
        (await knowledge.SearchAsync("bittern")).Single().Uri.ShouldEndWith("/one.md");
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_named_and_nothing_is_forgotten()
    {
        var folder = new ScratchFolder();
        folder.Write("one.md", "The lapwing calls.");
        await knowledge.IndexFolderAsync(folder.Root);
        folder.Dispose();

        var report = await knowledge.IndexFolderAsync(folder.Root);

        report.Skipped.Single().Path.ShouldBe(folder.Root);
        (await knowledge.SearchAsync("lapwing")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Links_binaries_and_oversized_files_are_not_indexed()
    {
        using var outside = new ScratchFolder();
        var secret = outside.Write("secret.md", "The cormorant is secret.");
        using var folder = new ScratchFolder();
        File.CreateSymbolicLink(Path.Combine(folder.Root, "link.md"), secret);
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "linked"), outside.Root);
        folder.Write("binary.md", "cormorant\0\u0001");
        folder.Write("huge.md", new string('x', 1_100_000));

        var report = await knowledge.IndexFolderAsync(folder.Root);

        report.Added.ShouldBe(0);
        report.Skipped.Select(skipped => skipped.Path).ShouldBe(["binary.md", "huge.md"]);
        (await knowledge.SearchAsync("cormorant")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_nodes_that_index_at_once_leave_each_passage_once()
    {
        using var folder = new ScratchFolder();
        for (var i = 0; i < 20; i++) folder.Write($"{i}.md", $"# Document {i}\n\nThe dunlin number {i}.");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => knowledge.IndexFolderAsync(folder.Root)));

        (await database.CountAsync("select count(*) from grace.knowledge_passages where body like 'The dunlin%'")).ShouldBe(20);
    }

    [Fact]
    public async Task An_artifact_is_replaced_under_its_identity_and_cited_by_its_address()
    {
        await knowledge.IndexArtifactAsync("a1", "pipeline_x", "design_spec", "Design of the wigeon", "# Other title\n\nThe wigeon whistles.");
        await knowledge.IndexArtifactAsync("a1", "pipeline_x", "design_spec", "Design of the wigeon", "The wigeon sleeps.");

        var found = (await knowledge.SearchAsync("wigeon sleeps")).ShouldHaveSingleItem();
        found.ShouldSatisfyAllConditions(
            f => f.Kind.ShouldBe(KnowledgeKind.Artifact),
            f => f.Title.ShouldBe("Design of the wigeon"),
            f => f.Quote.ShouldBe("The wigeon sleeps."),
            f => f.Uri.ShouldBe("/api/agent-pipeline/pipelines/pipeline_x/artifacts/a1"));
        (await knowledge.SearchAsync("wigeon", notPipeline: "pipeline_x")).ShouldBeEmpty();
        (await knowledge.SearchAsync("wigeon", kinds: [KnowledgeKind.Handbook])).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_artifact_quotes_is_not_cited_from_the_copy()
    {
        await knowledge.IndexArtifactAsync("a3", "pipeline_z", "research_doc", "Research", "The smew dives.\n\n> The eider floats.\n");

        (await knowledge.SearchAsync("smew")).Count.ShouldBe(1);
        (await knowledge.SearchAsync("eider")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Text_with_null_bytes_half_characters_and_endless_words_is_indexed()
    {
        var text = "The avocet\0 wades \ud800 here. " + new string('w', 5000) + " \u0002marked\u0003 " + string.Join(' ', Enumerable.Range(0, 20_000));
        await knowledge.IndexArtifactAsync("a2\0", "pipeline_y", "code", "Odd\0", text);

        (await knowledge.SearchAsync("avocet wades")).Single().Quote.ShouldContain("The avocet wades \uFFFD here.");
    }
}
