using System.Text.Json.Nodes;
using Grace.Engine.Design;
using Grace.Engine.Tools;
using Grace.Engine.Workspaces;
using Grace.Tests.Support;

namespace Grace.Tests.Design;

/// <summary>A framework is used where it is installed; where it is not, the work is done without it, and says so everywhere.</summary>
public sealed class ServiceChooserTests : IDisposable
{
    readonly TestFolder folder = new();
    readonly List<string> said = [];
    readonly Later clock = new();

    [Fact]
    public async Task A_framework_that_is_not_installed_gives_way_to_the_plain_templates_and_that_is_said()
    {
        var chooser = Chooser(ServiceTemplates.Shipped, Pythons.Bare(folder.Path));
        var context = new JsonObject { ["language"] = "python", ["framework"] = "FastAPI", ["database"] = "postgresql" };
        var tools = new ToolContext("pipeline_1", "implement", 1, Path.Combine(folder.Path, "work"), said.Add);
        var design = (await new DesignServiceTool(chooser).RunAsync(new JsonObject { ["task"] = "Note(text: text)", ["context"] = context.DeepClone() }, tools, default)).Output!;
        var assumptions = design["assumptions"]!.AsArray().Select(a => a!.ToString()).ToList();
        assumptions.ShouldContain(a => a.StartsWith("FastAPI is asked for; it is not installed where this runs (python3 -c 'import fastapi, uvicorn, httpx, pytest': ")
            && a.Contains("No module named 'fastapi'") && a.Contains(", so the service is written on the standard library.") && a.Contains("python3-fastapi"));
        assumptions.ShouldContain("postgresql is asked for; services in python store in SQLite, in their folder of data, so this one does too.");
        design["markdown"]!.ToString().ShouldContain("postgresql is asked for");

        var written = await new WriteServiceTool(ServiceTemplates.Shipped, chooser).RunAsync(
            new JsonObject { ["design"] = design.DeepClone(), ["language"] = "python", ["framework"] = "FastAPI" }, tools, default);

        written.Error.ShouldBeNull();
        said.ShouldContain("→ Framework: standard library (FastAPI is not installed)");
        written.Output!["framework"]!.ToString().ShouldBe("standard library");
        written.Output["assumptions"]!.AsArray().Count.ShouldBe(1);
        var readme = File.ReadAllText(Path.Combine(tools.Workspace, "README.md"));
        readme.Split("is asked for").Length.ShouldBe(3);
        readme.ShouldContain("A Python service on the standard library, over SQLite.");
    }

    [Fact]
    public async Task What_a_design_says_about_a_framework_is_what_holds_when_the_code_is_written()
    {
        var design = ServiceDesigner.Derive("Note(text: text)");
        var stale = new ServiceChoice("standard library", "fastapi is not installed", ["fastapi is asked for; it was not there."]).Settle(design, "fastapi");
        stale.Assumptions.Count.ShouldBe(design.Assumptions.Count + 1);
        var now = await Chooser(ServiceTemplates.Shipped, Pythons.WithFastApi(folder.Path)).ChooseAsync("python", "fastapi", "sqlite", default);
        now.ShouldSatisfyAllConditions(c => c.Framework.ShouldBe("fastapi"), c => c.Instead.ShouldBeNull(), c => c.Assumptions.ShouldBeEmpty());
        now.Settle(stale, "fastapi").Assumptions.ShouldBe(design.Assumptions);
    }

    [Theory]
    [InlineData("python", null, "SQLite", 0)]
    [InlineData("csharp", null, "sqlite", 0)]
    [InlineData("javascript", null, "sqlite", 1)]
    [InlineData("javascript", "node", null, 0)]
    public async Task Without_needs_only_the_database_can_differ(string language, string? framework, string? database, int assumptions) =>
        (await Chooser(ServiceTemplates.Shipped).ChooseAsync(language, framework, database, default)).Assumptions.Count.ShouldBe(assumptions);

    [Fact]
    public async Task A_team_adds_a_framework_with_a_folder_that_shares_shipped_files()
    {
        var own = Own("python-waitress-service", """
            language: python
            frameworks: [waitress]
            needs: [{ command: [sh, -c, "echo asked >> $PIP_CACHE_DIR/asked; exit 3"], remedy: install it }]
            words: { on: waitress }
            types: { string: {}, text: {}, integer: {}, long: {}, number: {}, boolean: {}, date: {}, datetime: {}, uri: {}, email: {}, uuid: {}, choice: {} }
            files:
              - { template: store.hbs, path: service/store.py, from: python-service }
              - { template: app.hbs, path: service/app.py }
            """);
        File.WriteAllText(Path.Combine(own, "app.hbs"), "on {{words.on}}: {{name}}");
        var templates = new ServiceTemplates(Path.GetDirectoryName(own));
        templates.Languages["python"].ShouldBe(["standard library", "http.server", "unittest", "fastapi", "pytest", "waitress"]);
        var files = templates.Render(ServiceDesigner.Derive("Note(text: text)"), "Python", "Waitress");
        files.Select(f => f.Path).ShouldBe(["service/store.py", "service/app.py"]);
        files[0].Content.ShouldContain("class Store");
        files[1].Content.ShouldBe("on waitress: note-service");

        var chooser = Chooser(templates);
        await chooser.ChooseAsync("python", "waitress", null, default);
        var choice = await chooser.ChooseAsync("python", "waitress", null, default);

        var asked = Path.Combine(folder.Path, "data/cache/pip/asked");
        File.ReadAllLines(asked).Length.ShouldBe(1);
        clock.Passed += TimeSpan.FromMinutes(2);
        await chooser.ChooseAsync("python", "waitress", null, default);
        File.ReadAllLines(asked).Length.ShouldBe(2);
        choice.Framework.ShouldBe("standard library");
        choice.Assumptions.ShouldHaveSingleItem().ShouldEndWith("so the service is written on the standard library. To have it: install it.");
    }

    [Fact]
    public async Task A_language_without_plain_templates_is_refused_where_its_needs_are_not_met()
    {
        var own = Own("plain-odd-service", """
            language: plain
            frameworks: [odd]
            needs: [{ command: [no-such-program], remedy: install no-such-program }]
            types: { string: {}, text: {}, integer: {}, long: {}, number: {}, boolean: {}, date: {}, datetime: {}, uri: {}, email: {}, uuid: {}, choice: {} }
            files: [{ template: a.hbs, path: a.txt }]
            """);
        File.WriteAllText(Path.Combine(own, "a.hbs"), "a");
        var refused = await Should.ThrowAsync<TaskRefusedException>(() => Chooser(new ServiceTemplates(Path.GetDirectoryName(own))).ChooseAsync("plain", null, null, default));
        refused.Message.ShouldBe("framework: 'odd' is not installed where this runs (no-such-program: no-such-program: not found on this machine.). Allowed: install no-such-program.");
    }

    [Theory]
    [InlineData("language: python\n", "python-x-service", "manifest.yaml")]
    [InlineData("language: pascal\ntypes: TYPES\nfiles: []\n", "python-x-service", "it is named python-x-service")]
    [InlineData("language: python\ntypes: TYPES\nneeds: [{ command: [] }]\nfiles: []\n", "python-x-service", "command 1 under needs is empty")]
    [InlineData("language: python\ntypes: TYPES\nfiles: [{ template: a.hbs, path: a, from: cobol-service }]\n", "python-x-service", "a.hbs is to come from cobol-service")]
    [InlineData("language: python\ntypes: TYPES\nfiles: [{ template: a.hbs, path: a, from: python-service }]\n", "python-x-service", "there is no a.hbs")]
    public void Templates_that_cannot_be_used_stop_the_start_and_say_why(string manifest, string name, string says)
    {
        var own = Own(name, manifest.Replace("TYPES", "{ string: {}, text: {}, integer: {}, long: {}, number: {}, boolean: {}, date: {}, datetime: {}, uri: {}, email: {}, uuid: {}, choice: {} }"));
        Should.Throw<BrokenTemplates>(() => new ServiceTemplates(Path.GetDirectoryName(own))).Message.ShouldContain(says);
    }

    public void Dispose() => folder.Dispose();

    string Own(string name, string manifest)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder.Path, "templates", name)).FullName;
        File.WriteAllText(Path.Combine(own, "manifest.yaml"), manifest);
        return own;
    }

    ServiceChooser Chooser(ServiceTemplates templates, params string[] tools) =>
        new(templates, new Sandbox(Path.Combine(folder.Path, "data"), TimeProvider.System, tools: tools), clock);

    sealed class Later : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
