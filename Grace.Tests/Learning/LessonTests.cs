using System.Text.Json.Nodes;
using Grace.Engine.Learning;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;
using Grace.Web.Bench;

namespace Grace.Tests.Learning;

/// <summary>What a person did about a failure becomes, once approved, what recovery does about it.</summary>
public class LessonTests
{
    [Fact]
    public async Task What_an_override_mended_three_times_recovery_mends_the_fourth_time()
    {
        using var repository = new TestFolder();
        await StoryMaterial.WriteRepositoryAsync(repository.Path);
        await using var grace = await TestGrace.StartAsync(shippedAgents: true, prepare: (_, data) => File.WriteAllText(
            Path.Combine(data.Playbooks, "ours.yaml"), StoryMaterial.Playbook
                .Replace("\"generate.py\"", "\"generate.py\", \"--protocol\", \"${inputs.context.protocol}\"").Replace("properties:", "properties:\n    context: { type: object }")));
        for (var n = 0; n < 3; n++)
        {
            var helped = await Run(grace, repository);
            helped.Status.ShouldBe(PipelineStatus.WaitingForGuardian);
            await grace.Orchestrator.ExecuteAsync(helped.Id, new PipelineCommand.Override(new JsonObject { ["protocol"] = "7" }, "It wants 7."), new("ada"));
            await grace.Orchestrator.ExecuteAsync(helped.Id, new PipelineCommand.Resume(null), new("ada"));
            (await grace.UntilAsync(helped.Id, p => p.Status.IsFinal())).Status.ShouldBe(PipelineStatus.Completed);
        }
        await grace.LearnedAsync();
        var id = (await grace.Get<LearningQueries>().MissionsAsync(10, default)).Single();
        var mission = await grace.Get<Missions>().LoadAsync(id, default);
        (mission.Status, mission.Proposal!.Kind, mission.Proposal.Context!.ToJsonString()).ShouldBe((MissionStatus.WaitingForApproval, "known_issue", """{"protocol":"7"}"""));
        mission.Proposal.Reasons[0].ShouldContain("It wants 7.");
        await grace.Get<Missions>().ExecuteAsync(id, m => m.Approve(null), "ada", default);
        await grace.LearnedAsync();

        var alone = await Run(grace, repository);
        alone.Status.ShouldBe(PipelineStatus.Completed, alone.Waiting?.Reason);
        var applied = (await grace.Get<EventLog>().ReadStreamAsync(alone.Id)).Single(e => e.Type == "agent.recovery.applied");
        JsonNode.Parse(applied.Data)!["fix"]!.ToString().ShouldBe(MissionProposal.ApplyLesson);
        // Its own failure may have been counted already.
        JsonNode.Parse(applied.Data)!["details"]!["seen"]!["pipelines"]!.GetValue<int>().ShouldBeInRange(3, 4);
        alone.Context["protocol"]!.ToString().ShouldBe("7");
    }

    static async Task<Pipeline> Run(TestGrace grace, TestFolder repository)
    {
        var id = $"pipeline_{Guid.NewGuid():N}";
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Submit("Test it", new JsonObject { ["generated"] = true }, [Phase.Test], repository.Path, "ada"), new("ada"));
        return await grace.UntilAsync(id, p => p.Status is PipelineStatus.WaitingForGuardian || p.Status.IsFinal());
    }
}
