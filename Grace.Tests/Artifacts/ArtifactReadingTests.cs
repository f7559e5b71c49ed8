using System.Text.Json.Nodes;
using Grace.Engine.Artifacts;
using Grace.Engine.Text;

namespace Grace.Tests.Artifacts;

/// <summary>What a search looks at, what it quotes, and how two texts differ: pure.</summary>
public class ArtifactReadingTests
{
    [Fact]
    public void Codes_names_are_found_by_the_words_they_are_made_of()
    {
        var text = ArtifactText.Of("code", JsonNode.Parse("""{"files": [{"path": "src/BookmarkStore.cs"}], "diff": "+var openIndex = app.MapGet(1);"}"""), null);
        text.NameWords.Split((char[]?)null).ShouldBeSubsetOf(["code", "src", "BookmarkStore", "Bookmark", "Store", "cs", ""]);
        text.NameWords.ShouldContain("Store");
        text.CodeWords.ShouldContain("open Index");
        text.CodeWords.ShouldContain("MapGet");
        text.Prose.ShouldBeEmpty();
        ArtifactText.Of("code", JsonNode.Parse("""{"files": [], "diff": "cut"}"""), "the whole file").Code.ShouldBe("the whole file");
    }

    [Fact]
    public void Of_a_document_its_markdown_is_read_and_of_other_json_every_text()
    {
        ArtifactText.Of("research_doc", JsonNode.Parse("""{"markdown": "# Herons", "noise": "x"}"""), null).Prose.ShouldBe("# Herons");
        ArtifactText.Of("test_results", JsonNode.Parse("""{"counts": {"total": 3}, "failures": [{"id": "A.B"}], "none": null}"""), null).Prose.ShouldBe("3\nA.B\n");
        ArtifactText.Of("research_doc", JsonNode.Parse(new JsonObject { ["markdown"] = new string('x', 500_000) + "\0" }.ToJsonString()), null).Prose.Length.ShouldBe(ArtifactText.Limit);
    }

    [Fact]
    public void An_excerpt_says_where_in_it_the_words_stand()
    {
        var marked = Excerpt.Marked($"the {Excerpt.Open}heron{Excerpt.Close} stands");
        marked.Text.ShouldBe("the heron stands");
        marked.Highlights.ShouldBe([new(4, 5)]);
        var around = Excerpt.Around(new string('-', 500) + "BookmarkStore" + new string('-', 500), ["store"]);
        var span = around.Highlights.ShouldHaveSingleItem();
        around.Text.Substring(span.Start, span.Length).ShouldBe("Store");
        around.Text.Length.ShouldBeLessThan(400);
        Excerpt.Around("cs " + new string('-', 500) + " BookmarkStore.cs", ["cs", "BookmarkStore"]).Text.ShouldContain("BookmarkStore");
        Excerpt.Around("nothing of it", ["store"]).Highlights.ShouldBeEmpty();
    }

    [Fact]
    public void A_unified_diff_shows_what_changed_with_three_lines_around()
    {
        var lines = Enumerable.Range(1, 30).Select(i => $"line {i}").ToList();
        var left = string.Join('\n', lines);
        lines[9] = "line ten";
        lines.Insert(20, "more");
        lines.RemoveAt(29);
        var diff = UnifiedDiff.Of(left, string.Join('\n', lines));
        (diff.Added, diff.Removed).ShouldBe((2, 2));
        diff.Text.ShouldBe("""
            @@ -7,7 +7,7 @@
             line 7
             line 8
             line 9
            -line 10
            +line ten
             line 11
             line 12
             line 13
            @@ -18,6 +18,7 @@
             line 18
             line 19
             line 20
            +more
             line 21
             line 22
             line 23
            @@ -26,5 +27,4 @@
             line 26
             line 27
             line 28
            -line 29
             line 30

            """, customMessage: diff.Text);
        UnifiedDiff.Of(left, left).Text.ShouldBeEmpty();
        UnifiedDiff.Of("", "a").Text.ShouldContain("+a");
    }
}
