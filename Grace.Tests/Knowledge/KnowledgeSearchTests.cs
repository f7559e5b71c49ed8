using System.Text;
using Grace.Engine.Hosting;
using Grace.Engine.Knowledge;
using Grace.Engine.Text;
using Npgsql;

namespace Grace.Tests.Knowledge;

/// <summary>Searches over the shipped handbook: what a task sentence finds on a fresh installation.</summary>
public sealed class KnowledgeSearchTests(KnowledgeDatabase database) : IClassFixture<KnowledgeDatabase>
{
    [Theory]
    [InlineData("Research Kubernetes autoscaling best practices", "kubernetes-autoscaling.md")]
    [InlineData("Build user authentication system", "security-and-authentication.md")]
    [InlineData("Build a REST API for bookmarks with paging of long lists", "paging.md")]
    [InlineData("Reject invalid input with a useful error response", "validation-and-problem-json.md")]
    [InlineData("Store orders in SQLite and survive a restart", "persistence.md")]
    [InlineData("Deploy with a canary and roll back when the error rate rises", "health-deployment-rollback.md")]
    [InlineData("Make the payment command safe to retry with an Idempotency-Key", "concurrency-and-idempotency.md")]
    [InlineData("Emit structured logs and OpenTelemetry traces", "logging-and-telemetry.md")]
    [InlineData("What should a reviewer look for in a pull request review?", "code-review.md")]
    [InlineData("The tests are flaky, find out why the test data collide", "testing-a-service.md")]
    public async Task A_task_in_a_sentence_finds_its_chapter_among_the_first_two(string task, string chapter)
    {
        await database.Knowledge.IndexHandbookAsync();

        var found = await database.Knowledge.SearchAsync(task, 5, [KnowledgeKind.Handbook]);

        found.Select(finding => finding.Uri).Distinct().Take(2).ShouldContain($"handbook/{chapter}");
        found[0].ContentHash.ShouldStartWith("sha256:");
    }

    [Fact]
    public async Task Every_quote_is_verbatim_and_bounded()
    {
        await database.Knowledge.IndexHandbookAsync();
        var chapters = Handbook.Chapters().ToDictionary(chapter => $"handbook/{chapter.Name}", chapter => CleanText.Of(chapter.Text));

        var found = await database.Knowledge.SearchAsync("how does a service with a database handle errors, retries and limits", 20);

        found.Count.ShouldBeGreaterThan(5);
        foreach (var finding in found)
        {
            finding.Quote.Length.ShouldBeLessThan(1000);
            foreach (var part in finding.Quote.Split(" … ")) chapters[finding.Uri].ShouldContain(part);
            foreach (var word in finding.Words) finding.Quote.ShouldContain(word);
        }
        found.GroupBy(finding => finding.Uri).ShouldAllBe(chapter => chapter.Count() <= 3);
    }

    [Theory]
    [InlineData("zorblax frobnication of quuxes")]
    [InlineData("Compute the ephemeris of Jupiter's moons in a spreadsheet")]
    public async Task A_question_about_something_unknown_finds_nothing(string question)
    {
        await database.Knowledge.IndexHandbookAsync();

        (await database.Knowledge.SearchAsync(question, kinds: [KnowledgeKind.Handbook])).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("'; drop table grace.knowledge_documents; --")]
    [InlineData("a & | ! ( ) :* <-> \\ ' \" ''")]
    [InlineData("-paging")]
    [InlineData("the of and")]
    [InlineData("C:\\temp\\x http://a.b/c?d='e' o'clock user@example.org 1e309 \ud800")]
    public async Task Any_text_is_a_valid_question(string question)
    {
        await database.Knowledge.IndexHandbookAsync();

        await Should.NotThrowAsync(() => database.Knowledge.SearchAsync(question));
    }

    [Fact]
    public async Task A_huge_question_is_answered_in_bounded_time()
    {
        await database.Knowledge.IndexHandbookAsync();
        var question = new StringBuilder("autoscaling pods ").Append(new string('y', 100_000));
        for (var i = 0; i < 200_000; i++) question.Append(" word").Append(i);

        var search = database.Knowledge.SearchAsync(question.ToString());

        (await search.WaitAsync(TimeSpan.FromSeconds(10))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Passages_with_all_the_words_come_before_those_with_some()
    {
        await database.Knowledge.IndexArtifactAsync("s1", "p", "design_spec", "First", "The gannet and the puffin share a cliff.");
        await database.Knowledge.IndexArtifactAsync("s2", "p", "design_spec", "Second", "Gannet, gannet, gannet and gannet again.");

        var found = await database.Knowledge.SearchAsync("puffin gannet");

        found.Select(finding => finding.Title).ShouldBe(["First", "Second"]);
        found[0].Coverage.ShouldBe(1);
        found[1].Coverage.ShouldBeLessThan(1);
    }

    [Fact]
    public async Task A_large_index_is_searched_through_its_gin_index()
    {
        await database.RunAsync("""
            with d as (
              insert into grace.knowledge_documents
                (source_key, kind, collection, title, uri, content_hash, cut_version, passage_count, indexed_at)
              values ('bulk', 'folder', 'bulk', 'Bulk', 'bulk', '', 1, 20000, now()) returning document_id)
            insert into grace.knowledge_passages (document_id, ordinal, title, heading, body)
            select document_id, n, 'Bulk', '', 'common filler text number' || n || case when n = 777 then ' turnstone' else '' end
            from d, generate_series(1, 20000) n;
            analyze grace.knowledge_passages;
            """);

        (await ExplainAsync("search_all", ("text", "turnstone"))).ShouldContain("knowledge_passages_words");
        (await ExplainAsync("search_any", ("any", "'turnston'"), ("words", new[] { "'turnston'" }), ("weights", new[] { 1.0 }), ("floor", 0.1)))
            .ShouldContain("knowledge_passages_words");
        (await database.Knowledge.SearchAsync("common filler turnstone")).First().Quote.ShouldContain("turnstone");
        await database.RunAsync("delete from grace.knowledge_documents where source_key = 'bulk'");
    }

    private async Task<string> ExplainAsync(string statement, params (string Name, object Value)[] arguments)
    {
        await using var command = database.Owner.CreateCommand("explain " + Resources.Read($"Knowledge/Sql/{statement}.sql"));
        command.Parameters.Add(new NpgsqlParameter<string[]?>("kinds", null));
        command.Parameters.Add(new NpgsqlParameter<string?>("notPipeline", null));
        command.Parameters.AddWithValue("perDocument", 3);
        command.Parameters.AddWithValue("limit", 8);
        command.Parameters.AddWithValue("marks", "MaxWords=20");
        command.Parameters.AddWithValue("fragments", "");
        command.Parameters.AddWithValue("whole", 400);
        foreach (var (name, value) in arguments) command.Parameters.AddWithValue(name, value);
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new StringBuilder();
        while (await reader.ReadAsync()) plan.AppendLine(reader.GetString(0));
        return plan.ToString();
    }
}
