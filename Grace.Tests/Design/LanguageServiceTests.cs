using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Deployments;
using Grace.Engine.Design;
using Grace.Engine.Tools;
using Grace.Tests.Support;
using System.Text.Json;

namespace Grace.Tests.Design;

/// <summary>Services in the languages beside C#: written, tested by their own tests with the real tools, and deployed.</summary>
public class LanguageServiceTests
{
    const string All = "Build a shop: Product(name: string(80), about: text?, stock: int, sold: long, price: number, listed: bool, since: date?, changed: datetime, page: uri, contact: email?, code: uuid, state: open|done, tags: string[], sizes: int[]?) and OrderLine(product: uuid, amount: int)";

    [Theory]
    [InlineData("python", null, "Build a bookmark service: Bookmark(title: string, url: uri, tags: string[])")]
    [InlineData("python", null, All)]
    [InlineData("python", "fastapi", "Build a bookmark service: Bookmark(title: string, url: uri, tags: string[])")]
    [InlineData("python", "fastapi", All)]
    [InlineData("javascript", null, "Build a bookmark service: Bookmark(title: string, url: uri, tags: string[])")]
    [InlineData("javascript", null, All)]
    public async Task Its_own_tests_pass_one_for_each_criterion(string language, string? framework, string task)
    {
        await using var grace = await StartAsync(framework);
        var design = ServiceDesigner.Derive(task);
        var tools = new ToolContext("pipeline_1", "test", 1, grace.Data.Workspace("pipeline_1"), _ => { });
        await Write(grace, tools, design, language, framework);
        var report = await grace.Get<ToolBox>().Find("run_tests")!.RunAsync(new JsonObject { ["lint"] = "required" }, tools, default);
        report.Error.ShouldBeNull(report.Output?["commands"]?.ToJsonString());
        report.Output!["counts"]!["passed"]!.GetValue<int>().ShouldBe(design.AcceptanceCriteria.Count);
    }

    [Theory]
    [InlineData("python", null)]
    [InlineData("python", "fastapi")]
    [InlineData("javascript", null)]
    public async Task It_is_deployed_and_answers_as_its_design_says(string language, string? framework)
    {
        await using var grace = await StartAsync(framework);
        var design = ServiceDesigner.Derive("Build a price list: Price(name: string, amount: number, sold: long)");
        var tools = new ToolContext("pipeline_1", "deploy", 1, grace.Data.Workspace("pipeline_1"), _ => { });
        var commit = await Write(grace, tools, design, language, framework);
        var box = grace.Get<ToolBox>();
        var published = await box.Find("publish_release")!.RunAsync(new JsonObject { ["tree"] = commit["tree"]!.DeepClone(), ["environment"] = "local" }, tools, default);
        published.Error.ShouldBeNull();
        var started = await box.Find("start_release")!.RunAsync(new JsonObject { ["release"] = published.Output!.DeepClone(), ["design"] = design.ToJson() }, tools, default);
        started.Error.ShouldBeNull();
        try
        {
            using var http = new HttpClient { BaseAddress = new(started.Output!["address"]!.ToString()) };
            (await http.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
            // Digits that a double would lose.
            var created = await http.PostAsync("/prices", new StringContent("""{"name":"Tea ☕","amount":12345678901234567.123456789,"sold":9007199254740993}""", Encoding.UTF8, "application/json"));
            var text = await created.Content.ReadAsStringAsync();
            created.StatusCode.ShouldBe(HttpStatusCode.Created, text);
            text.Replace(" ", "").ShouldContain("\"amount\":12345678901234567.123456789");
            text.Replace(" ", "").ShouldContain("\"sold\":9007199254740993");
            var read = await http.GetAsync(created.Headers.Location);
            (await read.Content.ReadAsStringAsync()).ShouldBe(text);
            var wrong = await http.PostAsJsonAsync("/prices", new { name = "", sold = 1.5 });
            wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            JsonNode.Parse(await wrong.Content.ReadAsStringAsync())!["errors"]!.AsObject().Select(e => e.Key).ShouldBe(["name", "amount", "sold"], ignoreOrder: true);
            foreach (var (method, path, status) in new[] { ("POST", created.Headers.Location!.ToString(), 405), ("GET", "/prices/no-id", 404), ("GET", "/no/such", 404), ("PUT", "/prices", 405), ("PATCH", "/prices", 405) })
                await IsProblem(await http.SendAsync(new(new(method), path)), status);
            // In pieces and without a length, larger than is taken.
            await IsProblem(await http.SendAsync(new(HttpMethod.Post, "/prices") { Content = JsonContent.Create(new string('x', 2_000_000)), Headers = { TransferEncodingChunked = true } }), 413);
            (await http.DeleteAsync(created.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            (await http.GetAsync(created.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        finally
        {
            await grace.Get<LocalEnvironment>().StopAsync("local", started.Output!["service"]!.ToString());
        }
    }

    [Fact]
    public async Task A_framework_that_has_no_templates_is_refused_with_those_that_have() =>
        await Task.Run(() => Should.Throw<TaskRefusedException>(() => ServiceTemplates.Shipped.Render(ServiceDesigner.Derive("Note(text: text)"), "python", "django"))
            .Message.ShouldBe("framework: 'django' has no templates for python. Allowed: standard library, http.server, unittest, fastapi, pytest."));

    [Fact]
    public void A_team_adds_a_language_with_a_folder()
    {
        using var folder = new TestFolder();
        var own = Path.Combine(folder.Path, "plain-service");
        Directory.CreateDirectory(own);
        File.WriteAllText(Path.Combine(own, "manifest.yaml"), "language: plain\ntypes: { string: {}, text: {}, integer: {}, long: {}, number: {}, boolean: {}, date: {}, datetime: {}, uri: {}, email: {}, uuid: {}, choice: {} }\nfiles: [{ template: a.hbs, path: \"{{name}}.txt\" }]\n");
        File.WriteAllText(Path.Combine(own, "a.hbs"), "{{#each resources}}{{name}}{{/each}}");
        new ServiceTemplates(folder.Path).Render(ServiceDesigner.Derive("Note(text: text)"), "plain").Single().Content.ShouldBe("Note");
        File.WriteAllText(Path.Combine(own, "a.hbs"), "{{#each resources}}");
        Should.Throw<BrokenTemplates>(() => new ServiceTemplates(folder.Path)).Message.ShouldContain("a.hbs");
    }

    static Task<TestGrace> StartAsync(string? framework) => TestGrace.StartAsync(worker: false, shippedAgents: true,
        prepare: (options, data) => options.Tools.Path = framework is null ? [] : [Pythons.WithFastApi(data.Root)]);

    static async Task IsProblem(HttpResponseMessage answer, int status)
    {
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!.GetValue<int>().ShouldBe(status);
    }

    static async Task<JsonNode> Write(TestGrace grace, ToolContext tools, ServiceDesign design, string language, string? framework)
    {
        var box = grace.Get<ToolBox>();
        await box.Find("open_repository")!.RunAsync([], tools, default);
        var written = await box.Find("write_service")!.RunAsync(new JsonObject { ["design"] = design.ToJson(), ["language"] = language, ["framework"] = framework }, tools, default);
        written.Error.ShouldBeNull();
        if (framework is not null)
            written.Output!["framework"]!.ToString().ShouldBe(framework);
        var committed = await box.Find("commit_workspace")!.RunAsync(new JsonObject { ["message"] = "Write it" }, tools, default);
        committed.Error.ShouldBeNull();
        return committed.Output!;
    }
}
