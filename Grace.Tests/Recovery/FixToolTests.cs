using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Grace.Engine.Tools;
using Grace.Engine.Workspaces;
using Grace.Tests.Workspaces;

namespace Grace.Tests.Recovery;

/// <summary>The fixes' tools on real repositories with real tools.</summary>
public sealed class FixToolTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly Sandbox sandbox;
    readonly ToolContext context;

    public FixToolTests()
    {
        sandbox = new Sandbox(folder.Folder("data"), TimeProvider.System);
        context = new ToolContext("p", "test", 1, Path.Combine(folder.Path, "repo"), _ => { });
    }

    async Task<ToolResult> Tests(JsonObject? input = null)
    {
        await new CommitWorkspaceTool().RunAsync(new() { ["message"] = "Begin" }, context, default);
        return await new RunTestsTool(new RepositoryTests(sandbox)).RunAsync(input ?? [], context, default);
    }

    Task<ToolResult> Rerun(ToolResult tests) =>
        new RerunTestsTool(new RepositoryMends(sandbox)).RunAsync(new() { ["report"] = tests.Output!.DeepClone() }, context, default);

    /// <summary>Fails the first time and leaves a mark where git does not look.</summary>
    const string NodeTests = """
        const test = require("node:test"), assert = require("node:assert"), fs = require("node:fs");
        test("adds", () => assert.strictEqual(1 + 1, 2));
        test("comes up in time", () => {
          const late = !fs.existsSync("node_modules/mark");
          fs.mkdirSync("node_modules", { recursive: true });
          fs.writeFileSync("node_modules/mark", "");
          assert.ok(!late);
        });
        """;

    [Fact]
    public async Task A_test_of_node_that_passes_when_it_runs_again_alone_is_flaky()
    {
        folder.Write("repo/package.json", """{ "scripts": { "test": "node --test" } }""");
        folder.Write("repo/all.test.js", NodeTests);
        var rerun = await Rerun(await Tests());
        rerun.Error.ShouldBeNull();
        rerun.Output!["reruns"]!.ToJsonString().ShouldBe("""[{"test":"comes up in time","runs":1,"passed":1}]""");
    }

    [Fact]
    public async Task A_test_of_python_that_fails_every_time_is_not_flaky()
    {
        folder.Write("repo/test_sums.py", """
            import unittest, os
            class Sums(unittest.TestCase):
                def test_wrong(self): self.assertEqual(1 + 1, 3)
                def test_late(self):
                    late = not os.path.exists("__pycache__/mark")
                    os.makedirs("__pycache__", exist_ok=True)
                    open("__pycache__/mark", "w").close()
                    self.assertFalse(late)
            """);
        var rerun = await Rerun(await Tests());
        rerun.Error.ShouldStartWith("1 of 2 failed tests fail every time when they run alone (test_sums.Sums.test_wrong)");
        rerun.Output!["flaky"]!.ToJsonString().ShouldBe("""["test_sums.Sums.test_late"]""");
    }

    [Fact]
    public async Task The_fixer_of_a_repositorys_own_lint_script_mends_its_style()
    {
        folder.Write("repo/package.json", """{ "scripts": { "test": "node --test", "lint": "! grep -q ' $' a.js", "lint:fix": "sed -i 's/ *$//' a.js" } }""");
        folder.Write("repo/a.js", "exports.a = 1;  \n");
        folder.Write("repo/a.test.js", """require("node:test")("a", () => require("node:assert").ok(require("./a.js").a));""");
        (await Tests(new() { ["lint"] = "required" })).Error.ShouldStartWith("The lint check failed");
        (await new MendStyleTool(new RepositoryMends(sandbox)).RunAsync([], context, default)).Error.ShouldBeNull();
        (await Tests(new() { ["lint"] = "required" })).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_lint_command_without_a_fixer_is_left_to_a_person()
    {
        folder.Write("repo/package.json", """{ "scripts": { "test": "node --test", "lint": "false" } }""");
        await Tests();
        (await new MendStyleTool(new RepositoryMends(sandbox)).RunAsync([], context, default)).Error.ShouldBe("None of the repository's lint commands has an automatic fixer.");
    }

    [Fact]
    public async Task A_package_that_another_manifest_names_is_fetched_for_the_tests_alone()
    {
        folder.Write("repo/package.json", """{ "scripts": { "test": "node --test" } }""");
        folder.Write("repo/tools/package.json", """{ "devDependencies": { "left-pad": "^1.3.0" } }""");
        folder.Write("repo/a.test.js", """const pad = require("left-pad"); require("node:test")("pads", () => require("node:assert").strictEqual(pad("a", 2), " a"));""");
        (await Tests()).Success.ShouldBeFalse();
        var found = await Fetch("npm", "left-pad");
        found.Error.ShouldBeNull();
        (await Tests(new() { ["packages"] = found.Output!["packages"]!.DeepClone() })).Error.ShouldBeNull();
        File.ReadAllText(Path.Combine(folder.Path, "repo/package.json")).ShouldNotContain("left-pad");
    }

    [Theory]
    [InlineData("npm", "--registry=http://evil", "'--registry=http://evil' is no name of a package.")]
    [InlineData("npm", "left-pad", "Nothing is fetched: no manifest or lock file of the repository names 'left-pad'")]
    [InlineData("npm", "eslint", "Nothing is fetched: no manifest or lock file of the repository names 'eslint'")]
    [InlineData("pip", "requests", "Nothing is fetched: no manifest or lock file of the repository names 'requests'")]
    [InlineData("pip", "acme_billing_core", "Nothing is fetched: 'acme_billing_core' lies in the repository itself (services/acme_billing_core/__init__.py)")]
    [InlineData("pip", "helpers", "Nothing is fetched: 'helpers' lies in the repository itself (lib/helpers.py)")]
    [InlineData("npm", "there-is-no-such-package-4711", "npm has no there-is-no-such-package-4711 to give")]
    [InlineData("pip", "there_is.no-such_package_4711", "pip has no there_is.no-such_package_4711 to give")]
    public async Task A_name_in_a_message_is_nothing_to_trust(string ecosystem, string name, string why)
    {
        folder.Write("repo/package.json", """{ "scripts": { "test": "node --test", "lint": "eslint ." }, "description": "uses left-pad", "dependencies": { "there-is-no-such-package-4711": "1" } }""");
        folder.Write("repo/requirements-dev.txt", "requests-mock==1\nThere-Is-No_Such.Package-4711\n");
        folder.Write("repo/services/acme_billing_core/__init__.py", "");
        folder.Write("repo/lib/helpers.py", "");
        await new CommitWorkspaceTool().RunAsync(new() { ["message"] = "Begin" }, context, default);
        (await Fetch(ecosystem, name)).Error.ShouldStartWith(why);
    }

    Task<ToolResult> Fetch(string ecosystem, string name) => new InstallPackagesTool(sandbox).RunAsync(new() { [ecosystem] = new JsonArray(name) }, context, default);

    [Fact]
    public async Task A_port_is_waited_for_until_it_is_free()
    {
        var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var waiting = new AwaitPortTool(TimeProvider.System).RunAsync(new() { ["ports"] = new JsonArray($"{port}") }, context, default);
        waiting.IsCompleted.ShouldBeFalse();
        taken.Stop();
        (await waiting).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Time_is_doubled_up_to_an_hour()
    {
        async Task<ToolResult> Extend(double now) => await new ExtendTimeTool().RunAsync(new() { ["time_limit_seconds"] = now }, context, default);
        (await Extend(600)).Output!["time_limit_seconds"]!.GetValue<double>().ShouldBe(1200);
        (await Extend(2400)).Output!["time_limit_seconds"]!.GetValue<double>().ShouldBe(3600);
        (await Extend(3600)).Success.ShouldBeFalse();
    }

    public void Dispose() => folder.Dispose();
}
