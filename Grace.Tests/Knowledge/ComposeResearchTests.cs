using System.Text.Json.Nodes;
using Grace.Engine.Tools;

namespace Grace.Tests.Knowledge;

public sealed class ComposeResearchTests
{
    private const string Found = """
        { "findings": [
          { "quote": "Name resources with nouns.\n# not a heading of the document", "kind": "handbook", "title": "HTTP [API]", "heading": "Names", "uri": "handbook/http-api-design.md", "rank": 0.5, "content_hash": "abc" },
          { "quote": "Send an ETag.", "kind": "handbook", "title": "HTTP [API]", "heading": "Conditions", "uri": "handbook/http-api-design.md", "rank": 0.25, "content_hash": "abc" },
          { "quote": "Send an ETag.", "kind": "artifact", "title": "Copy", "uri": "/api/x", "rank": 0.2, "content_hash": "def" },
          { "quote": "A rumour without a source." } ] }
        """;

    [Fact]
    public async Task Every_finding_is_a_quote_with_its_source_and_copies_are_dropped()
    {
        var document = await ComposeAsync($$"""{ "task": "Build an API", "knowledge": {{Found}} }""");

        var findings = document["findings"]!.AsArray();
        findings.Select(f => f!["quote"]!.GetValue<string>()).ShouldBe(["Name resources with nouns.\n# not a heading of the document", "Send an ETag."]);
        findings[1]!["source"]!.ToJsonString().ShouldBe(
            """{"kind":"handbook","title":"HTTP [API]","uri":"handbook/http-api-design.md","heading":"Conditions","content_hash":"abc"}""");
        document["sources"]!.AsArray().Count.ShouldBe(1);
        document["summary"]!.GetValue<string>().ShouldBe("2 findings from 1 source on \"Build an API\".");
        document["gaps"]!.AsArray().ShouldBeEmpty();
        document["markdown"]!.GetValue<string>().ShouldContain("> Name resources with nouns.\n> # not a heading of the document\n\n— HTTP \\[API\\] › Names [1]");
    }

    [Theory]
    [InlineData("""{ "sources": "web,github,rag" }""")]
    [InlineData("""{ "sources": ["web", "github", "rag"] }""")]
    [InlineData("""{ "sources": "[\"web\", \"github\", \"rag\"]" }""")]
    public async Task Every_source_that_was_asked_for_and_is_not_there_is_a_gap(string context)
    {
        var document = await ComposeAsync($$"""
            { "task": "Build an API", "context": {{context}}, "knowledge": {{Found}}, "web": { "success": false, "error": "Web search is not configured: set Grace:Search:Provider." } }
            """);

        var gaps = document["gaps"]!.AsArray();
        gaps.Select(gap => gap!["source"]!.GetValue<string>()).ShouldBe(["web", "github"]);
        gaps[0]!["reason"]!.GetValue<string>().ShouldContain("Search:Provider");
        gaps[1]!["how_to_close"]!.GetValue<string>().ShouldContain("repository");
        document["markdown"]!.GetValue<string>().ShouldContain("## Gaps\n\n- **web**:");
    }

    [Fact]
    public async Task Research_without_findings_says_so()
    {
        var document = await ComposeAsync("""
            { "task": "Summon a unicorn", "sources_requested": "rag, tarot", "knowledge": { "findings": [] } }
            """);

        document["findings"]!.AsArray().ShouldBeEmpty();
        document["summary"]!.GetValue<string>().ShouldBe(
            "Nothing was found on \"Summon a unicorn\" in the sources that could be consulted. 2 gaps: rag, tarot.");
        document["markdown"]!.GetValue<string>().ShouldContain("## Findings\n\nNone.");
    }

    [Fact]
    public async Task The_repository_gives_claims_with_the_file_that_states_them()
    {
        const string repository = """
            { "success": true, "output": { "name": "example/app", "github": "example/app", "remote": "https://github.com/example/app", "commit": "c0ffee", "files": 3,
              "languages": [ { "language": "C#", "share": 0.915 } ],
              "commands": [ { "purpose": "test", "command": "dotnet test App.sln", "evidence": "App.sln" } ],
              "licenses": [ { "path": "LICENSE", "spdx": "MIT" } ], "left_out": [] } }
            """;
        var document = await ComposeAsync($$"""{ "task": "Change the app", "sources_requested": ["github"], "repository": {{repository}} }""");

        document["findings"]!.AsArray().Select(f => f!["claim"]!.GetValue<string>())
            .ShouldBe(["Written in C# 91.5 % (by size).", "Tested with `dotnet test App.sln`."]);
        document["findings"]![1]!["source"]!["uri"]!.GetValue<string>().ShouldBe("App.sln");
        document["gaps"]!.AsArray().ShouldBeEmpty();
        document["repository"]!["commit"]!.GetValue<string>().ShouldBe("c0ffee");
        document["markdown"]!.GetValue<string>().ShouldContain("- License: MIT");
    }

    [Fact]
    public async Task A_repository_elsewhere_is_used_and_GitHub_remains_a_gap()
    {
        var document = await ComposeAsync("""
            { "task": "Change it", "sources_requested": ["github", "repository"], "repository": { "name": "app", "files": 1, "languages": [ { "language": "Go", "share": 1 } ] } }
            """);

        document["findings"]!.AsArray().Count.ShouldBe(1);
        document["gaps"]!.AsArray().Single()!["source"]!.GetValue<string>().ShouldBe("github");
    }

    [Fact]
    public async Task Gaps_of_named_documents_and_of_failed_calls_are_kept()
    {
        var document = await ComposeAsync("""
            { "task": "T", "documents": { "documents": [ { "title": "Spec", "uri": "spec.md", "content_hash": "h", "passages": [ { "quote": "Must be fast.", "heading": "", "rank": 0 } ] } ],
                "gaps": [ { "source": "https://example.org", "reason": "Fetching is not configured.", "how_to_close": "Save it." } ] },
              "web": { "success": false, "error": "no" }, "repository": null, "knowledge": "" }
            """);

        document["findings"]!.AsArray().Single()!["quote"]!.GetValue<string>().ShouldBe("Must be fast.");
        document["gaps"]!.AsArray().Select(gap => gap!["source"]!.GetValue<string>()).ShouldBe(["web", "https://example.org"]);
    }

    [Fact]
    public async Task The_same_material_gives_the_same_document()
    {
        var input = $$"""{ "task": "Build an API", "knowledge": {{Found}}, "sources_requested": "web" }""";

        (await ComposeAsync(input)).ToJsonString().ShouldBe((await ComposeAsync(input)).ToJsonString());
    }

    private static async Task<JsonNode> ComposeAsync(string input)
    {
        var result = await new ComposeResearchTool().RunAsync(
            JsonNode.Parse(input)!.AsObject(), new ToolContext("p", "research", 1, "/nowhere", _ => { }), CancellationToken.None);
        result.Success.ShouldBeTrue(result.Error);
        return result.Output!;
    }
}
