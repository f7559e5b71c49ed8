using System.Text.Json.Nodes;
using Grace.Engine.Artifacts;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Workspaces;
using Grace.Tests.Support;
using Marten.Events.Daemon.Coordination;
using Npgsql;

namespace Grace.Tests.Artifacts;

/// <summary>The read side, reviews and comparisons, on a real database with real commits.</summary>
public class ArtifactSearchTests
{
    /// <summary>Design writes of herons, implement writes code in a real workspace, the second attempt of each differently.</summary>
    static Task<TestGrace> StartAsync() => TestGrace.StartAsync(gate: async work =>
    {
        var (phase, attempt) = (work.Pipeline.Current!.Phase, work.Pipeline.Current.Attempt);
        if (phase == Phase.Design)
            work.AddArtifact("notes", new JsonObject { ["markdown"] = $"# Wading\n\nHerons are building nests.\n\nAttempt {attempt} of {work.Pipeline.Id}." });
        if (phase == Phase.Implement)
        {
            Directory.CreateDirectory(work.Workspace);
            await File.WriteAllTextAsync(Path.Combine(work.Workspace, "BookmarkStore.cs"), $"class BookmarkStore\n{{\n    int Attempt = {attempt};\n}}\n");
            var commit = await (await GitWorkspace.CreateEmptyAsync(work.Workspace, default)).CommitAsync($"Attempt {attempt}", default);
            work.AddArtifact("source", new JsonObject
            {
                ["commit"] = commit.Commit, ["tree"] = commit.Tree, ["diff"] = "cut", ["diff_cut"] = true,
                ["files"] = new JsonArray([.. commit.Files.Select(f => (JsonNode)new JsonObject { ["path"] = f.Path, ["change"] = f.Change })]),
            }, bundle: await WorkspaceBundle.MakeAsync(work.Workspace, default));
        }
        if (phase == Phase.Test && attempt == 1)
            throw new InvalidOperationException("It broke.");
    });

    static async Task<Pipeline> TwiceAsync(TestGrace grace)
    {
        var id = await grace.SubmitAsync(Phase.Design, Phase.Implement, Phase.Test);
        await grace.UntilAsync(id, PipelineStatus.WaitingForGuardian);
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Retry(Phase.Design, "again"), new("ada"));
        var done = await grace.UntilAsync(id, PipelineStatus.Completed);
        await IndexedAsync(grace);
        return done;
    }

    [Fact]
    public async Task Artifacts_are_found_by_their_text_and_by_codes_words_with_what_matched()
    {
        await using var grace = await StartAsync();
        var done = await TwiceAsync(grace);
        var queries = grace.Get<ArtifactQueries>();

        var notes = (await queries.ListAsync(new("nest build"))).Artifacts;
        notes.Select(a => (a.ArtifactType, a.Attempt)).ShouldBe([("notes", 2), ("notes", 1)]);
        var excerpt = notes[0].Excerpt!;
        excerpt.Highlights.Select(h => excerpt.Text.Substring(h.Start, h.Length)).ShouldBe(["building", "nests"]);
        (notes[0].PlaybookId, notes[1].SupersededBy).ShouldBe((null, notes[0].ArtifactId));

        foreach (var words in new[] { "bookmark store", "BookmarkStore.cs", "book" })
            (await queries.ListAsync(new(words, Type: "source"))).Artifacts.Select(a => a.Attempt).ShouldBe([1, 2], ignoreOrder: true, customMessage: words);
        (await queries.ListAsync(new("store"))).Artifacts[0].Excerpt!.Text.ShouldContain("BookmarkStore");
        (await queries.ListAsync(new("nests -herons"))).Artifacts.ShouldBeEmpty();
        foreach (var nothing in new[] { "kingfisher", "-", "!!!", "'", "\"", "a & | b:*", new string('x', 3000) })
            (await queries.ListAsync(new(nothing))).Artifacts.Where(a => a.ArtifactType == "notes" && nothing == "kingfisher").ShouldBeEmpty();
        (await queries.ListAsync(new(Pipeline: done.Id))).Artifacts.Select(a => a.ArtifactId).ShouldBe(done.Artifacts.Select(a => a.ArtifactId).Reverse());
    }

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap_searched_or_not()
    {
        await using var grace = await StartAsync();
        await TwiceAsync(grace);
        var queries = grace.Get<ArtifactQueries>();
        foreach (var filter in new ArtifactFilter[] { new(), new("attempt") })
        {
            var all = (await queries.ListAsync(filter)).Artifacts.Select(a => a.ArtifactId).ToList();
            all.Count.ShouldBeGreaterThan(2);
            List<string> paged = [];
            long? after = 0;
            while (after is { } from)
            {
                var page = await queries.ListAsync(filter with { After = from, Limit = 1 });
                paged.AddRange(page.Artifacts.Select(a => a.ArtifactId));
                after = page.Next;
            }
            paged.ShouldBe(all);
        }
    }

    [Fact]
    public async Task A_review_is_recorded_once_and_shows_in_list_and_history()
    {
        await using var grace = await StartAsync();
        var done = await TwiceAsync(grace);
        var id = done.Artifacts[0].ArtifactId;
        var reviews = grace.Get<ArtifactReviews>();
        await reviews.ReviewAsync(id, Verdict.Questioned, "Which herons?", "ada");
        await reviews.ReviewAsync(id, Verdict.Questioned, "Which herons?", "ada");
        await reviews.ReviewAsync(done.Artifacts[1].ArtifactId, Verdict.Accepted, null, "bob");
        var (state, history) = await reviews.ReadAsync(id);
        history.Select(e => (e.Type, e.By)).ShouldBe([("artifact.created", "system"), ("artifact.superseded", "system"), ("artifact.reviewed", "ada")]);
        (state.Review!.Verdict, state.Review.Comment, state.Review.By).ShouldBe((Verdict.Questioned, "Which herons?", "ada"));
        await IndexedAsync(grace);
        var questioned = (await grace.Get<ArtifactQueries>().ListAsync(new(Review: "questioned"))).Artifacts.ShouldHaveSingleItem();
        (questioned.ArtifactId, questioned.ReviewComment, questioned.ReviewedBy, questioned.ReviewedAt).ShouldBe((id, "Which herons?", "ada", state.Review.At.UtcDateTime));
        await Should.ThrowAsync<UnknownArtifact>(() => reviews.ReviewAsync("artifact_none", Verdict.Accepted, null, "ada"));
        await Should.ThrowAsync<UnknownArtifact>(() => reviews.ReviewAsync(done.Id, Verdict.Accepted, null, "ada"));
        (await grace.Get<LogVerifier>().VerifyAsync()).Whole.ShouldBeTrue();
    }

    [Fact]
    public async Task The_read_side_is_rebuilt_from_the_log()
    {
        await using var grace = await StartAsync();
        var done = await TwiceAsync(grace);
        await grace.Get<ArtifactReviews>().ReviewAsync(done.Artifacts[0].ArtifactId, Verdict.Questioned, "Why?", "ada");
        await IndexedAsync(grace);
        var before = (await grace.Get<ArtifactQueries>().ListAsync(new(Limit: 50))).Artifacts;
        await RebuildAsync(grace);
        (await grace.Get<ArtifactQueries>().ListAsync(new(Limit: 50))).Artifacts.ShouldBe(before);
        (await grace.Get<ArtifactQueries>().ListAsync(new("herons"))).Artifacts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_artifacts_are_compared_code_by_file_and_documents_by_line()
    {
        await using var grace = await StartAsync();
        var done = await TwiceAsync(grace);
        async Task<Artifact> Of(string type, int attempt) =>
            (await grace.Get<ArtifactReviews>().ReadAsync(done.Artifacts.Single(a => a.ArtifactType == type && a.Attempt == attempt).ArtifactId)).State;
        var comparison = grace.Get<ArtifactComparison>();

        var code = await comparison.CompareAsync(await Of("source", 1), await Of("source", 2));
        var file = code.Parts.ShouldHaveSingleItem();
        (code.Kind, file.Name, file.Change, file.Added, file.Removed, code.Cut).ShouldBe(("code", "BookmarkStore.cs", "modified", 1, 1, false));
        file.Diff.ShouldContain("-    int Attempt = 1;\n+    int Attempt = 2;");

        var notes = await comparison.CompareAsync(await Of("notes", 1), await Of("notes", 2));
        notes.Kind.ShouldBe("markdown");
        notes.Parts.ShouldHaveSingleItem().Diff.ShouldContain($"-Attempt 1 of {done.Id}.\n+Attempt 2 of {done.Id}.");
        (await comparison.CompareAsync(await Of("notes", 2), await Of("notes", 2))).Identical.ShouldBeTrue();
        (await comparison.CompareAsync(await Of("notes", 2), await Of("source", 2))).Kind.ShouldBe("json");
    }

    /// <summary>The read side emptied, and filled again from the log.</summary>
    static async Task RebuildAsync(TestGrace grace)
    {
        await IndexedAsync(grace);
        await grace.Get<IProjectionCoordinator>().PauseAsync();
        await TestPostgres.TamperAsync(grace.ConnectionString, "truncate grace.artifacts; delete from grace.mt_event_progression where name = 'artifacts:All'");
        (await grace.Get<ArtifactQueries>().ListAsync(new())).Artifacts.ShouldBeEmpty();
        await grace.Get<IProjectionCoordinator>().ResumeAsync();
        await IndexedAsync(grace);
    }

    /// <summary>Until the read side has followed the log to its end.</summary>
    static async Task IndexedAsync(TestGrace grace) => await grace.FollowedAsync(ArtifactUpkeep.Name, (await grace.NewestAsync()).Position);
}
