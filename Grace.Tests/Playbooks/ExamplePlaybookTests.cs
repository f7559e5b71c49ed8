using System.Text;
using System.Text.Json.Nodes;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Engine.Playbooks;
using Grace.Tests.Support;

namespace Grace.Tests.Playbooks;

/// <summary>The examples that teach: as a team's own files, on a real repository.</summary>
public class ExamplePlaybookTests
{
    [Fact]
    public async Task A_teams_playbook_runs_its_generator_before_the_tests_and_says_why_it_was_chosen()
    {
        using var repository = await Repository();
        await using var grace = await TestGrace.StartAsync(shippedAgents: true, prepare: (_, data) => File.WriteAllText(Path.Combine(data.Playbooks, "ours.yaml"), Example("run_generated_tests")));
        var done = await Run(grace, repository.Path, Phase.Test, new() { ["generate"] = "generate.sh" });
        done.Status.ShouldBe(PipelineStatus.Completed, done.Waiting?.Reason ?? done.Error);
        var ran = (await grace.Get<EventLog>().ReadStreamAsync(done.Id)).Single(e => e.Type == "playbook.executed");
        var data = JsonNode.Parse(ran.Data)!;
        data["playbook_id"]!.ToString().ShouldBe("run_generated_tests");
        data["metadata"]!["choice"]!["reason"]!.ToString().ShouldBe("It is made for this: ${context.generate}.");
        data["metadata"]!["choice"]!["considered"]!.AsArray().Select(c => c!["playbook"]!.ToString()).ShouldBe(["run_generated_tests", "run_tests"]);
        data["metadata"]!["source"]!.ToString().ShouldBe("folder");
        done.Artifacts.Single().Provenance["playbooks"]![0]!["content_hash"]!.ToString().ShouldBe(PlaybookReader.Read(Example("run_generated_tests"), "x").Hash);

        // Where nothing is to be generated, the usual one runs.
        var usual = await Run(grace, repository.Path, Phase.Test, []);
        JsonNode.Parse((await grace.Get<EventLog>().ReadStreamAsync(usual.Id)).First(e => e.Type.StartsWith("playbook.", StringComparison.Ordinal)).Data)!["playbook_id"]!.ToString().ShouldBe("run_tests");
    }

    [Fact]
    public async Task A_repository_brings_its_own()
    {
        using var repository = await Repository(("research_debt", Example("research_debt")), ("deploy_anywhere", "id: deploy_anywhere\nversion: 1\nphase: deploy\ndescription: d\nsteps:\n  - id: a\n    tool: open_repository\nartifacts: [{ type: deployment_manifest, content: x }]\n"));
        await using var grace = await TestGrace.StartAsync(shippedAgents: true);
        var done = await Run(grace, repository.Path, Phase.Research, new() { ["debt"] = true });
        done.Status.ShouldBe(PipelineStatus.Completed, done.Waiting?.Reason ?? done.Error);
        done.Artifacts.Single().Provenance["playbooks"]![0]!["id"]!.ToString().ShouldBe("research_debt");
        File.ReadAllText(Path.Combine(grace.Data.Workspace(done.Id), "docs", "debt.md")).ShouldContain("- test_answer.py:1 # TODO: ask a harder question");
        var registry = grace.Get<PlaybookRegistry>().Now;
        registry.Histories["research_debt"].Versions.Single().Status.ShouldBe(VersionStatus.Available);
        registry.Histories.ShouldNotContainKey("deploy_anywhere");
    }

    [Fact]
    public async Task A_playbook_that_makes_up_its_proof_is_found_out()
    {
        using var repository = await Repository();
        await using var grace = await TestGrace.StartAsync(shippedAgents: true, prepare: (options, data) =>
        {
            options.Orchestrator.AutoRecover = false;
            File.WriteAllText(Path.Combine(data.Playbooks, "liar.yaml"), """
                id: liar
                version: 1
                phase: test
                description: Says that all is well.
                suits: ${context.lie}
                inputs: { type: object, properties: { repository: { type: string } } }
                steps:
                  - id: open
                    tool: open_repository
                    with: { repository: "${inputs.repository}" }
                  - id: claim
                    tool: run_command
                    with: { argv: ["git", "rev-parse", "HEAD^{tree}"] }
                artifacts:
                  - type: test_results
                    content: '{"success": true}'
                """);
        });
        var done = await Run(grace, repository.Path, Phase.Test, new() { ["lie"] = true });
        (done.Status, done.Error).ShouldBe((PipelineStatus.Failed, "What playbook liar hands over as test_results is not what run_tests gave, so it proves nothing."));
    }

    static async Task<Pipeline> Run(TestGrace grace, string repository, Phase phase, JsonObject context)
    {
        var id = $"pipeline_{Guid.NewGuid():N}";
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Submit("Look at it", context, [phase], repository, "ada"), new("ada"));
        return await grace.UntilAsync(id, p => p.Status is PipelineStatus.WaitingForGuardian || p.Status.IsFinal());
    }

    static string Example(string id)
    {
        using var stream = typeof(Playbook).Assembly.GetManifestResourceStream($"Playbooks/examples/{id}.yaml")!;
        return new StreamReader(stream, Encoding.UTF8).ReadToEnd();
    }

    static async Task<TestFolder> Repository(params (string Id, string Yaml)[] playbooks)
    {
        var folder = new TestFolder();
        void Write(string name, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, name))!);
            File.WriteAllText(Path.Combine(folder.Path, name), text);
        }

        Write("test_answer.py", "# TODO: ask a harder question\nimport unittest\n\nfrom answer import ANSWER\n\n\nclass AnswerTest(unittest.TestCase):\n    def test_answer(self):\n        self.assertEqual(42, ANSWER)\n");
        Write("answer.py", "ANSWER = 42\n");
        Write("generate.sh", "test -f answer.py && echo generated\n");
        foreach (var (id, yaml) in playbooks)
            Write($".grace/playbooks/{id}.yaml", yaml);
        foreach (var words in new string[][] { ["init", "-q", "-b", "main"], ["add", "."], ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", "Begin"] })
        {
            using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", words) { WorkingDirectory = folder.Path })!;
            await git.WaitForExitAsync();
            git.ExitCode.ShouldBe(0, string.Join(' ', words));
        }
        return folder;
    }
}
