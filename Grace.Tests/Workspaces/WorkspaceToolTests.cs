using System.Text.Json.Nodes;
using Grace.Engine.Tools;
using Grace.Engine.Workspaces;

namespace Grace.Tests.Workspaces;

public sealed class WorkspaceToolTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> progress = [];

    [Fact]
    public async Task A_command_answers_its_exit_code_and_output_also_when_it_fails()
    {
        var result = await Command("""{ "argv": ["sh", "-c", "echo seen; exit 4"] }""");

        result.Success.ShouldBeFalse();
        result.Error.ShouldBe("sh exited with 4.");
        ((int)result.Output!["exit_code"]!).ShouldBe(4);
        ((string)result.Output["output"]!).ShouldBe("seen\n");
        progress.ShouldBe(["seen"]);
        (await Command("""{ "argv": ["true"] }""")).Success.ShouldBeTrue();
    }

    [Theory]
    [InlineData("{}", "argv")]
    [InlineData("""{ "argv": "ls -l" }""", "argv")]
    [InlineData("""{ "argv": [] }""", "argv")]
    [InlineData("""{ "argv": ["ls", 1] }""", "argv")]
    [InlineData("""{ "argv": ["ls"], "network": "all" }""", "network is 'all'")]
    public async Task A_call_that_is_wrong_is_told_what_is_allowed(string input, string error) =>
        (await Command(input)).Error.ShouldNotBeNull().ShouldContain(error);

    [Fact]
    public async Task A_repository_is_opened_once_and_what_is_there_stays()
    {
        folder.Write("source/a.txt", "a");
        var input = new JsonObject { ["repository"] = Path.Combine(folder.Path, "source") };

        var first = await new OpenRepositoryTool().RunAsync(input, Context(), default);
        folder.Write("data/one/b.txt", "b");
        var second = await new OpenRepositoryTool().RunAsync(input, Context(), default);

        first.Success.ShouldBeTrue(first.Error);
        ((string)first.Output!["notes"]![0]!).ShouldContain("copied");
        ((int)second.Output!["file_count"]!).ShouldBe(2);
        (await new OpenRepositoryTool().RunAsync(new JsonObject { ["repository"] = "/no/such" }, Context() with { Workspace = Path.Combine(folder.Path, "two") }, default))
            .Error.ShouldBe("/no/such: there is no such folder.");
    }

    [Fact]
    public async Task A_commit_answers_its_tree_diff_and_files()
    {
        folder.Write("data/one/a.txt", "a\n");
        var result = await Commit("Begin");

        result.Success.ShouldBeTrue(result.Error);
        ((string)result.Output!["diff"]!).ShouldContain("+a\n");
        result.Output["files"]!.ToJsonString().ShouldBe("""[{"change":"A","path":"a.txt"}]""");
        ((bool)(await Commit("Again")).Output!["changed"]!).ShouldBeFalse();
        (await new CommitWorkspaceTool().RunAsync([], Context(), default)).Error.ShouldNotBeNull().ShouldStartWith("message is missing");
    }

    [Theory]
    [InlineData("sometimes")]
    [InlineData("1")]
    public async Task An_unknown_rule_for_lint_is_refused(string lint) =>
        (await new RunTestsTool(new RepositoryTests(Sandbox())).RunAsync(new JsonObject { ["lint"] = lint }, Context(), default)).Error.ShouldNotBeNull().ShouldContain(lint);

    [Fact]
    public async Task A_sweep_clears_runs_of_a_process_that_died_and_keeps_those_of_the_living()
    {
        folder.Write("data/sandbox/dead/owner", "1 another-boot:1");
        folder.Write("data/sandbox/service-that-ended/owner", "");
        var living = Sandbox().RunAsync(new SandboxCommand { Argv = ["cat"], WorkingDirectory = "/", TimeLimit = TimeSpan.FromSeconds(30) }, default);

        await Sandbox().SweepAsync();

        Directory.Exists(Path.Combine(folder.Path, "data/sandbox/dead")).ShouldBeFalse();
        Directory.Exists(Path.Combine(folder.Path, "data/sandbox/service-that-ended")).ShouldBeFalse();
        (await living).ExitCode.ShouldBe(0);
    }

    public void Dispose() => folder.Dispose();

    private Sandbox Sandbox() => new(folder.Folder("data"), TimeProvider.System);

    private ToolContext Context() => new("p", "implement", 1, Path.Combine(folder.Path, "data", "one"), progress.Add);

    private Task<ToolResult> Command(string input) =>
        new RunCommandTool(Sandbox()).RunAsync(JsonNode.Parse(input)!.AsObject(), Context(), default);

    private Task<ToolResult> Commit(string message) =>
        new CommitWorkspaceTool().RunAsync(new JsonObject { ["message"] = message }, Context(), default);
}
