using System.Text.Json.Nodes;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Engine.Tools;
using Grace.Tests.Support;

namespace Grace.Tests.Playbooks;

public class ShippedPlaybookTests
{
    [Fact]
    public void The_specifications_playbooks_ship_each_for_its_phase()
    {
        var library = PlaybookLibrary.Shipped();
        foreach (var (id, phase) in new (string, Phase?)[]
                 {
                     ("research_and_gather", Phase.Research), ("create_design_spec", Phase.Design), ("implement_code", Phase.Implement),
                     ("run_tests", Phase.Test), ("deploy_to_environment", Phase.Deploy), ("phase_failure_recovery", null),
                 })
            library.Find(id).ShouldNotBeNull(id).Phase.ShouldBe(phase);
    }

    [Fact]
    public async Task Every_shipped_playbook_passes_its_own_check()
    {
        await using var grace = await TestGrace.StartAsync(shippedAgents: true, worker: false);
        var tools = grace.Get<ToolBox>();
        var library = PlaybookLibrary.Shipped();
        foreach (var playbook in library.All)
            PlaybookCheck.Of(playbook, tools, [.. library.All.Select(p => p.Id)]).ShouldBeEmpty(playbook.Id);
    }

    [Fact]
    public async Task A_failure_that_nothing_is_known_about_has_no_fix()
    {
        await using var grace = await TestGrace.StartAsync(shippedAgents: true);
        var given = new JsonObject { ["pipeline_id"] = "p", ["failed_phase"] = "test", ["error"] = "the moon is full" };
        List<string> said = [];
        var result = await grace.Get<PlaybookRun>().RunAsync(
            PlaybookLibrary.Shipped().Find("phase_failure_recovery")!, given, new("p", "test", 1, grace.Data.Workspace("p"), said.Add), PlaybookLibrary.Shipped(), default);
        result.Error.ShouldBe("No fix is known.");
        result.Used.ShouldBeEmpty();
        said[0].ShouldBe("→ Analyzing failures");
        said.ShouldNotContain(line => line.StartsWith("→ Applying"));
    }

    [Fact]
    public async Task A_failed_run_says_in_the_tools_own_words_why()
    {
        await using var grace = await TestGrace.StartAsync(shippedAgents: true, worker: false);
        using var folder = new TestFolder();
        var tools = new ToolContext("p", "test", 1, folder.Path, _ => { });
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "Makefile"), "test:\n\t@echo compiling; echo 'door.c:3: error: the door has no key'; exit 3\n");
        await new CommitWorkspaceTool().RunAsync(new() { ["message"] = "Begin" }, tools, default);

        var library = PlaybookLibrary.Shipped();
        var result = await grace.Get<PlaybookRun>().RunAsync(library.Find("run_tests")!, new() { ["task"] = "check", ["context"] = new JsonObject() }, tools, library, default);

        var step = result.Metadata["failed_step"]!;
        (step["tool"]!.ToString(), (int)step["exit_code"]!, step["said"]!.ToString()).ShouldBe(("run_tests", 2, "door.c:3: error: the door has no key"));
    }

    [Theory]
    [InlineData("id: x\nversion: 1\ndescription: d\nsteps:\n  - id: a\n    tol: b\n", "x.yaml:6: 'tol' is not known here; allowed are id, tool, playbook, prompt, each, with, when, optional, retry, time_limit_seconds")]
    [InlineData("id: x\nversion: 1\ndescription: d\nsteps:\n  - id: a\n", "x.yaml:5: step 'a' needs either a tool, a playbook or a prompt")]
    [InlineData("id: x\nversion: one\ndescription: d\n", "x.yaml:2: version is 'one'; allowed is a whole number from 1 to 1000000")]
    [InlineData("id: x\nversion: 1\nphase: bake\ndescription: d\n", "x.yaml:3: phase is 'bake'; allowed are research, design, implement, test, deploy")]
    [InlineData("version: 1\n", "x.yaml:1: 'id' is missing")]
    [InlineData("- a\n", "x.yaml:1: a playbook is one YAML mapping")]
    public void A_wrong_playbook_is_refused_with_file_and_line(string yaml, string why) =>
        Should.Throw<PlaybookInvalid>(() => PlaybookReader.Read(yaml, "x.yaml")).Message.ShouldBe(why);
}
