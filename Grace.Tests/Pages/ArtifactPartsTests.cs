using System.Text.Json.Nodes;
using Bunit;
using Grace.Tests.Support;
using Grace.Web.Components.Parts.Artifacts;

namespace Grace.Tests.Pages;

/// <summary>Each type of artifact as what it is, in each of its states.</summary>
public sealed class ArtifactPartsTests : BunitContext
{
    public ArtifactPartsTests() => Services.Add(new(typeof(TimeProvider), TimeProvider.System));

    [Fact]
    public void Test_results_show_failures_first_and_open_on_their_message()
    {
        var view = Render<TestResultsView>(p => p.Add(v => v.Content, ToldRun.Tests("abc", failed: 1)));
        view.Find(".verdict .status.failed").TextContent.ShouldBe("Failed");
        view.FindAll("h3").Select(h => h.TextContent).ShouldBe(["Tests", "Kinds", "Commands"]);
        view.FindAll("tr.suite button").Select(b => $"{b.TextContent} {b.GetAttribute("aria-expanded")}").ShouldBe(["▾ Tags true", "▸ Bookmarks false", "▸ Health false"]);
        view.Find("tr.test").TextContent.ShouldBe("Are_keptfailed12 ms");
        view.Find("tr.test-said").TextContent.ShouldBe("Expected 2 tags, found 0.");
        view.FindAll("dd").Select(d => d.TextContent.Trim()).ShouldBe(["22", "21", "1", "0", "97.5 %"]);
        view.Markup.ShouldContain("Health.Answers_in_time");
        view.Markup.ShouldContain("abc");
        view.FindAll("table").Last().TextContent.ShouldContain("dotnet test");
    }

    [Fact]
    public void Passed_tests_have_no_failures_to_show()
    {
        var view = Render<TestResultsView>(p => p.Add(v => v.Content, ToldRun.Tests("abc", failed: 0)));
        view.Find(".verdict .status.completed").TextContent.ShouldBe("Passed");
        view.FindAll("h3").Select(h => h.TextContent).ShouldBe(["Tests", "Kinds", "Commands"]);
        view.FindAll("tr.suite button").ShouldAllBe(b => b.GetAttribute("aria-expanded") == "false");
    }

    [Fact]
    public void A_failed_test_that_is_known_to_be_flaky_is_marked()
    {
        var content = ToldRun.Tests("abc", failed: 1);
        content["flaky"] = new JsonArray("Tags.Are_kept");
        Render<TestResultsView>(p => p.Add(v => v.Content, content)).Find("table .tag").TextContent.ShouldBe("flaky");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"success": "yes", "counts": [1], "failures": {"id": 1}, "commands": [1, {"name": {}}], "coverage": 3, "notes": "x"}""")]
    public void Test_results_of_another_form_claim_nothing(string json)
    {
        var view = Render<TestResultsView>(p => p.Add(v => v.Content, JsonNode.Parse(json)));
        view.Find(".verdict .status").TextContent.ShouldBe("Failed");
        view.FindAll("dd").Select(d => d.TextContent.Trim()).ShouldBe(["–", "–", "–", "–", "not measured"]);
    }

    [Fact]
    public void A_deployment_links_to_its_address_and_says_how_it_stands()
    {
        var view = Render<DeploymentView>(p => p.Add(v => v.Content, ToldRun.Deployed("abc")));
        view.FindAll("a").Select(a => a.GetAttribute("href")).ShouldBe(["http://127.0.0.1:40127/", "http://127.0.0.1:40127/health"]);
        view.Find(".status.completed").TextContent.ShouldBe("running");
        view.FindAll("dd").Select(d => d.TextContent.Trim()).Take(3).ShouldBe(["passed", "2", "1"]);
    }

    [Fact]
    public void An_address_that_is_none_is_no_link()
    {
        var view = Render<DeploymentView>(p => p.Add(v => v.Content, new JsonObject { ["address"] = "javascript:alert(1)", ["status"] = "down" }));
        view.FindAll("a").ShouldBeEmpty();
        view.Find(".status.failed").TextContent.ShouldBe("down");
    }

    [Fact]
    public void A_design_shows_its_parts_its_data_and_its_operations_and_the_document_without_the_diagrams_source()
    {
        var view = Render<DesignView>(p => p.Add(v => v.Content, ToldRun.Design()));
        view.Find(".components [role=img]").GetAttribute("aria-label")!.ShouldContain("/bookmarks checks 3 fields");
        view.FindAll(".entity tbody tr").Select(r => r.FirstElementChild!.TextContent).ShouldBe(["id", "title*", "url*", "tags*"]);
        view.FindAll("table.operations tbody tr").Select(r => $"{r.Children[0].TextContent} {r.Children[1].TextContent}")
            .ShouldBe(["GET /health", "GET /bookmarks", "POST /bookmarks", "GET /bookmarks/{id}", "PUT /bookmarks/{id}", "DELETE /bookmarks/{id}"]);
        view.Find(".markdown").TextContent.ShouldContain("Acceptance criteria");
        view.Find(".markdown").TextContent.ShouldNotContain("flowchart");
        view.FindAll(".markdown h4").ShouldNotContain(h => h.TextContent == "Components");
    }

    [Fact]
    public void A_design_of_another_playbook_shows_its_document_and_no_made_up_picture()
    {
        var view = Render<DesignView>(p => p.Add(v => v.Content, new JsonObject { ["markdown"] = "# Ours\n\n```mermaid\nflowchart LR\n```" }));
        view.FindAll(".picture, .operations").ShouldBeEmpty();
        view.Find(".markdown").TextContent.ShouldContain("flowchart");
    }

    [Fact]
    public void Research_names_its_sources_and_its_gaps()
    {
        var content = JsonNode.Parse("""
            {"markdown": "# Found", "findings": [{}], "sources": [{"title": "A", "uri": "https://a.example/", "kind": "web"}, {"title": "B", "uri": "file:///etc/passwd", "kind": "folder"}],
             "gaps": [{"source": "github", "reason": "Not reachable."}]}
            """);
        var view = Render<ResearchView>(p => p.Add(v => v.Content, content));
        view.FindAll("td a").Select(a => a.GetAttribute("href")).ShouldBe(["https://a.example/"]);
        view.Markup.ShouldContain("Not reachable.");
        view.Find(".markdown h3").TextContent.ShouldBe("Found");
    }

    [Fact]
    public void Json_is_bounded_and_says_where_the_whole_is()
    {
        var view = Render<JsonView>(p => p.Add(v => v.Content, JsonValue.Create(new string('x', 50_000))).Add(v => v.Whole, "/whole"));
        view.Find("pre").TextContent.Length.ShouldBeLessThan(31_000);
        view.Find("a").GetAttribute("href").ShouldBe("/whole");
        Render<JsonView>(p => p.Add(v => v.Content, new JsonObject())).FindAll("p").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](/pipelines/other)")]
    [InlineData("[x][y]\n\n[y]: vbscript:x")]
    [InlineData("![x](https://tracker.example/pixel.png)")]
    [InlineData("![x](data:image/svg+xml,1)")]
    public void Nothing_in_Markdown_becomes_script_a_foreign_request_or_an_action_of_ours(string text)
    {
        var html = Render<MarkdownText>(p => p.Add(m => m.Text, text));
        html.FindAll("script, img, iframe").ShouldBeEmpty();
        html.FindAll("a").Select(a => a.GetAttribute("href")!).ShouldAllBe(href => href == "#" || href == "https://tracker.example/pixel.png");
    }

    [Fact]
    public void A_safe_link_stays_and_tells_the_other_side_nothing()
    {
        var link = Render<MarkdownText>(p => p.Add(m => m.Text, "[x](https://a.example/) and <mailto:ada@example.org>")).FindAll("a");
        link.Select(a => a.GetAttribute("href")).ShouldBe(["https://a.example/", "mailto:ada@example.org"]);
        link.ShouldAllBe(a => a.GetAttribute("rel") == "noreferrer noopener");
    }

    [Theory]
    [InlineData("src/Program.cs", "csharp")]
    [InlineData("App.slnx", "xml")]
    [InlineData("Dockerfile", "dockerfile")]
    [InlineData("LICENSE", "plaintext")]
    public void A_file_is_highlighted_by_its_name(string path, string language) => CodeLanguage.Of(path).ShouldBe(language);
}
