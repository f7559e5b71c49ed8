using System.Text;
using Grace.Engine.Knowledge;
using Grace.Engine.Log;
using Grace.Engine.Pipelines;
using Grace.Tests.Support;

namespace Grace.Tests.Knowledge;

/// <summary>What one pipeline found is used by another only where it is about the same thing.</summary>
public sealed class CrossTalkTests
{
    [Fact]
    public async Task Findings_cross_over_to_related_tasks_alone()
    {
        await using var grace = await TestGrace.StartAsync(shippedAgents: true);
        var kayaks = await ResearchAsync(grace, "Build an inventory of kayaks: Kayak(name: string, paddles: int)", null);
        var ferries = await ResearchAsync(grace, "Build a timetable of winter ferries: Ferry(harbour: string, sails_at: datetime)", null);
        var letters = await ResearchAsync(grace, "Build a register of letters: Letter(sender: string, stamp: string)", null);
        var again = await ResearchAsync(grace, "Build an inventory of kayaks: Kayak(name: string, paddles: int)", null);
        (ferries.Text.Contains(kayaks.Id), letters.Text.Contains(kayaks.Id), letters.Text.Contains(ferries.Id)).ShouldBe((false, false, false));
        again.Text.ShouldContain(kayaks.Id);
        (again.Text.Contains(ferries.Id), again.Text.Contains(letters.Id)).ShouldBe((false, false));
    }

    [Fact]
    public async Task No_fact_of_one_repository_is_told_of_another()
    {
        await using var grace = await TestGrace.StartAsync(shippedAgents: true);
        using var one = new ScratchFolder();
        using var other = new ScratchFolder();
        one.Write("README.md", "# Kayaks\n\nRents kayaks.");
        one.Commit("First");
        other.Write("README.md", "# Ferries\n\nSells tickets.");
        other.Commit("First");
        var first = await ResearchAsync(grace, "Check this repository", one.Root);
        var second = await ResearchAsync(grace, "Check this repository", other.Root);
        var third = await ResearchAsync(grace, "Check this repository", one.Root);
        (second.Text.Contains(first.Id), second.Text.Contains("kayaks", StringComparison.OrdinalIgnoreCase)).ShouldBe((false, false));
        third.Text.ShouldNotContain(second.Id);
    }

    static async Task<(string Id, string Text)> ResearchAsync(TestGrace grace, string task, string? repository)
    {
        var id = $"pipeline_{Guid.NewGuid():N}";
        await grace.Orchestrator.ExecuteAsync(id, new PipelineCommand.Submit(task, [], [Phase.Research], repository, "ada"), new("ada"));
        var done = await grace.UntilAsync(id, PipelineStatus.Completed);
        await grace.FollowedAsync(KnowledgeFollower.Name, (await grace.NewestAsync()).Position);
        return (id, Encoding.UTF8.GetString(await grace.Get<ContentShelf>().ReadAsync(done.Artifacts.Single().ContentHash)));
    }
}
