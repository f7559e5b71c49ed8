using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Tests.Support;

namespace Grace.Tests.Run;

/// <summary>The main job, from the command line to the service that answers: embedded database, real build, real tests, real process.</summary>
public class MainJobTests
{
    [Fact]
    public async Task A_task_becomes_a_deployed_service_that_really_answers()
    {
        using var data = new TestFolder();
        var run = await GraceCommand.RunAsync(
            "run", "Build a bookmark service: Bookmark(title: string, url: uri, tags: string[])", "--data", data.Path, "--keep");
        run.Exit.ShouldBe(0, run.Output + run.Errors);
        foreach (var line in new[]
                 {
                     "[AGENT-ORCHESTRATOR] Pipeline started: pipeline_", "Phases: research → design → implement → test → deploy",
                     "[IMPLEMENT] Starting implementation phase...", "[TEST] Using playbook: run_tests", "[DEPLOY] Checking test results: all passed ✓",
                     "  → Health check: passed", "[DEPLOY] Deploy phase completed", "Pipeline completed successfully!", "Total artifacts: 5",
                 })
            run.Output.ShouldContain(line);
        Regex.IsMatch(run.Output, @"→ Unit tests: (\d+)/\1 passed").ShouldBeTrue();

        var address = Regex.Match(run.Output, @"Deployed: (\S+)").Groups[1].Value;
        var pid = Regex.Match(run.Output, @"kill (\d+)").Groups[1].Value;
        try
        {
            using var service = new HttpClient { BaseAddress = new(address) };
            await Uses(service);
        }
        finally
        {
            System.Diagnostics.Process.Start("kill", [pid]).WaitForExit();
        }
        (await GraceCommand.RunAsync("log", "verify", "--data", data.Path)).Exit.ShouldBe(0);

        var id = Regex.Match(run.Output, @"Pipeline started: (\S+)").Groups[1].Value;
        var bundle = Path.Combine(data.Path, "proof.json");
        (await GraceCommand.RunAsync("log", "export", id, "--out", bundle, "--data", data.Path)).Exit.ShouldBe(0);
        (await GraceCommand.RunAsync("log", "check", bundle)).Exit.ShouldBe(0);
        await File.WriteAllTextAsync(bundle, (await File.ReadAllTextAsync(bundle)).Replace("\"user_name\":\"system\"", "\"user_name\":\"eve\""));
        (await GraceCommand.RunAsync("log", "check", bundle)).Exit.ShouldBe(1);
    }

    static async Task Uses(HttpClient service)
    {
        (await service.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var created = await service.PostAsJsonAsync("/bookmarks", new { title = "Grace", url = "https://example.org", tags = new[] { "a" } });
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var where = created.Headers.Location!;
        (await service.GetFromJsonAsync<JsonObject>(where))!["title"]!.ToString().ShouldBe("Grace");
        (await service.GetStringAsync("/bookmarks")).ShouldContain("https://example.org");
        (await service.PutAsJsonAsync(where, new { title = "Better", url = "https://example.org", tags = Array.Empty<string>() })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.PostAsJsonAsync("/bookmarks", new { title = "", url = "no address" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await service.DeleteAsync(where)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.GetAsync(where)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_truth_is_told_about_a_repositorys_tests()
    {
        using var data = new TestFolder();
        using var repository = new TestFolder();
        await File.WriteAllTextAsync(Path.Combine(repository.Path, "test_sums.py"), """
            import unittest
            class Sums(unittest.TestCase):
                def test_right(self): self.assertEqual(1 + 1, 2)
                def test_wrong(self): self.assertEqual(1 + 1, 3)
            """);
        var failing = await GraceCommand.RunAsync("run", "Check this repository", "--repository", repository.Path, "--phases", "research,test", "--data", data.Path);
        failing.Exit.ShouldBe(3, failing.Output + failing.Errors);
        failing.Output.ShouldContain("1 of 2 tests failed");
        failing.Output.ShouldContain("test_sums.Sums.test_wrong");
        failing.Output.ShouldContain("test_results");
        failing.Output.ShouldContain("[GUARDIAN] Waiting for the Guardian: ");
        failing.Output.ShouldContain("they are not flaky, and no fix is known for them");
        failing.Output.ShouldNotContain("Recovery successful");

        await File.WriteAllTextAsync(Path.Combine(repository.Path, "test_sums.py"), "");
        var empty = await GraceCommand.RunAsync("run", "Check this repository", "--repository", repository.Path, "--phases", "research,test", "--data", data.Path);
        empty.Exit.ShouldBe(3, "zero tests are no pass: " + empty.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("explode")]
    [InlineData("run")]
    [InlineData("run|x|--phases|bake")]
    [InlineData("run|x|--repository|/there/is/nothing")]
    [InlineData("run|x|--explode")]
    [InlineData("serve|--urls|nowhere")]
    [InlineData("serve|--roles|cook")]
    [InlineData("serve|--Grace:Orchestrator:MaxConcurrentPipelines=0")]
    [InlineData("serve|--Grace:Orchestrator:MaxConcurrentPipelines=many")]
    [InlineData("serve|--Grace:Models:Provider=oracle")]
    [InlineData("log|check|/there/is/nothing")]
    public async Task A_bad_call_says_why_and_exits_with_2(string call)
    {
        using var data = new TestFolder();
        var bad = await GraceCommand.RunAsync([.. call.Split('|', StringSplitOptions.RemoveEmptyEntries), .. call.Length == 0 ? [] : new[] { "--data", data.Path }]);
        if (call.Length == 0)
            bad.Output.ShouldContain("grace run");
        else
            (bad.Exit, bad.Errors.Length > 0).ShouldBe((2, true));
        bad.Errors.ShouldNotContain("   at ");
        Directory.Exists(Path.Combine(data.Path, "postgres")).ShouldBeFalse("a database was made for it");
    }
}
