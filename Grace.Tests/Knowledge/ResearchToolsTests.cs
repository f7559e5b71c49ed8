using System.Net;
using System.Text.Json.Nodes;
using Grace.Engine.Tools;

namespace Grace.Tests.Knowledge;

public sealed class ResearchToolsTests(KnowledgeDatabase database) : IClassFixture<KnowledgeDatabase>, IDisposable
{
    private readonly ScratchFolder workspace = new();
    private readonly List<string> lines = [];

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task Knowledge_search_says_what_it_asks_and_answers_with_quotes_and_sources()
    {
        await database.Knowledge.IndexHandbookAsync();

        var result = await RunAsync(new KnowledgeSearchTool(database.Knowledge), """{ "query": "autoscaling best practices", "limit": "2" }""");

        result.Success.ShouldBeTrue(result.Error);
        lines.ShouldBe(["→ RAG: \"autoscaling best practices\""]);
        var found = result.Output!["findings"]!.AsArray();
        found.Count.ShouldBeInRange(1, 2);
        found[0]!["uri"]!.GetValue<string>().ShouldBe("handbook/kubernetes-autoscaling.md");
        found[0]!["content_hash"]!.GetValue<string>().ShouldStartWith("sha256:");
        result.Touched.ShouldContain("handbook/kubernetes-autoscaling.md");
    }

    [Theory]
    [InlineData("{}", "query")]
    [InlineData("""{ "query": "x", "kinds": ["gossip"] }""", "gossip")]
    public async Task Knowledge_search_names_what_is_wrong_with_its_input(string input, string named) =>
        (await RunAsync(new KnowledgeSearchTool(database.Knowledge), input)).Error!.ShouldContain(named);

    [Fact]
    public async Task The_repository_is_called_GitHub_only_when_it_is_there()
    {
        workspace.Write("a.py", "x\n");
        workspace.Commit("First");
        var local = await RunAsync(new AnalyseRepositoryTool(), "{}");
        workspace.Git("remote", "add", "origin", "https://github.com/kubernetes/autoscaler");
        var cloned = await RunAsync(new AnalyseRepositoryTool(), "{}");

        lines.ShouldBe([$"→ Repository: {Path.GetFileName(workspace.Root)}", "→ GitHub: kubernetes/autoscaler repo"]);
        local.Output!["github"].ShouldBeNull();
        cloned.Output!["github"]!.GetValue<string>().ShouldBe("kubernetes/autoscaler");
    }

    [Theory]
    [InlineData("../..")]
    [InlineData("/etc")]
    [InlineData("nowhere")]
    public async Task A_repository_outside_the_workspace_is_not_analysed(string path)
    {
        var result = await RunAsync(new AnalyseRepositoryTool(), new JsonObject { ["path"] = path }.ToJsonString());

        result.Success.ShouldBeFalse();
        result.Error!.ShouldContain(path);
    }

    [Fact]
    public async Task Documents_are_quoted_where_they_speak_to_the_task_and_the_rest_are_gaps()
    {
        using var knowledge = new ScratchFolder();
        knowledge.Write("team.md", "# Team rules\n\nWe write links in lower case.");
        workspace.Write("docs/design.md", "# Design\n\nWeather is fine.\n\n## Storage\n\nA short link is stored once.");
        File.CreateSymbolicLink(Path.Combine(workspace.Root, "passwd.md"), "/etc/passwd");
        var input = new JsonObject
        {
            ["task"] = "Build a link shortener",
            ["documents"] = "docs/design.md, team.md",
            ["context"] = new JsonObject { ["documents"] = new JsonArray("handbook/paging.md", "https://example.org/spec", "../../etc/passwd", "/etc/passwd", "passwd.md", "none.md") },
        };

        var result = await RunAsync(new ReadDocumentsTool([knowledge.Root]), input.ToJsonString());

        result.Success.ShouldBeTrue();
        var documents = result.Output!["documents"]!.AsArray();
        documents.Select(d => d!["uri"]!.GetValue<string>()).ShouldBe(["docs/design.md", "team.md", "handbook/paging.md"]);
        documents[0]!["passages"]![0]!["quote"]!.GetValue<string>().ShouldBe("A short link is stored once.");
        var gaps = result.Output["gaps"]!.AsArray();
        gaps.Select(gap => gap!["source"]!.GetValue<string>())
            .ShouldBe(["https://example.org/spec", "../../etc/passwd", "/etc/passwd", "passwd.md", "none.md"]);
        gaps.ShouldAllBe(gap => gap!["reason"]!.GetValue<string>().Length > 0 && gap["how_to_close"]!.GetValue<string>().Length > 0);
        result.Output.ToJsonString().ShouldNotContain("root:");
    }

    [Theory]
    [InlineData(null, null, "Search:Provider")]
    [InlineData("none", null, "Search:Provider")]
    [InlineData("altavista", null, "altavista")]
    [InlineData("searxng", null, "Search:Endpoint")]
    [InlineData("searxng", "file:///etc/passwd", "Search:Endpoint")]
    public async Task Web_search_without_a_provider_fails_and_names_what_to_configure(string? provider, string? endpoint, string named)
    {
        using var http = new HttpClient();
        var options = new SearchOptions(provider, endpoint is null ? null : new Uri(endpoint));

        var result = await RunAsync(new WebSearchTool(options, http), """{ "query": "autoscaling" }""");

        result.Success.ShouldBeFalse();
        result.Error!.ShouldContain(named);
        lines.ShouldBe(["→ Web: \"autoscaling\" (not configured)"]);
    }

    [Theory]
    [InlineData("""{ "results": [ { "title": "T", "url": "https://a.example/x", "content": "Scale on load." }, { "url": "javascript:1", "content": "no" } ] }""", 1)]
    [InlineData("""{ "results": [] }""", 0)]
    [InlineData("<html>", -1)]
    [InlineData("""{ "results": 3 }""", -1)]
    public async Task Web_search_takes_what_the_provider_answers_and_no_more(string answer, int findings)
    {
        await using var provider = new LocalAnswer(answer);
        using var http = new HttpClient();

        var result = await RunAsync(new WebSearchTool(new SearchOptions("searxng", provider.Address), http), """{ "query": "scale & load" }""");

        provider.Asked.ShouldBe("/search?format=json&q=scale%20%26%20load");
        lines.ShouldBe(["→ Web: \"scale & load\""]);
        result.Success.ShouldBe(findings >= 0, result.Error);
        if (findings >= 0) result.Output!["findings"]!.AsArray().Count.ShouldBe(findings);
    }

    private Task<ToolResult> RunAsync(ITool tool, string input) => tool.RunAsync(
        JsonNode.Parse(input)!.AsObject(), new ToolContext("pipeline_t", "research", 1, workspace.Root, lines.Add), CancellationToken.None);

    /// <summary>A server that gives one answer to everything.</summary>
    private sealed class LocalAnswer : IAsyncDisposable
    {
        private readonly HttpListener listener = new();
        private readonly Task serving;

        public LocalAnswer(string answer)
        {
            var port = FreePort();
            Address = new Uri($"http://127.0.0.1:{port}/");
            listener.Prefixes.Add(Address.AbsoluteUri);
            listener.Start();
            serving = ServeAsync(answer);
        }

        public Uri Address { get; }

        public string? Asked { get; private set; }

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await serving;
        }

        private async Task ServeAsync(string answer)
        {
            try
            {
                while (true)
                {
                    var call = await listener.GetContextAsync();
                    Asked = call.Request.RawUrl;
                    await call.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer));
                    call.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Stopped.
            }
        }

        private static int FreePort()
        {
            using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            socket.Start();
            return ((IPEndPoint)socket.LocalEndpoint).Port;
        }
    }
}
