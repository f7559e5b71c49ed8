using Grace.Engine.Log;
using Grace.Engine.Playbooks;
using Grace.Tests.Support;

namespace Grace.Tests.Playbooks;

/// <summary>Playbooks in the log: published once, followed by every node, taken from a team's folder.</summary>
public class PlaybookRegistryTests
{
    [Fact]
    public async Task What_ships_is_published_once_however_often_a_node_starts()
    {
        var database = await TestPostgres.NewDatabaseAsync();
        await using (var first = await TestGrace.StartAsync(database, worker: false, shippedAgents: true))
            first.Get<PlaybookRegistry>().Now.InForce.All.Count().ShouldBe(PlaybookLibrary.Shipped().All.Count());
        await using var second = await TestGrace.StartAsync(database, worker: false, shippedAgents: true);
        var published = await second.Get<EventLog>().ReadTypesAsync(["playbook.published"]);
        published.Count.ShouldBe(PlaybookLibrary.Shipped().All.Count());
        var history = second.Get<PlaybookRegistry>().Now.Histories["run_tests"];
        var text = await second.Get<PlaybookRegistry>().ReadAsync("run_tests", history.InForce!.Number, default);
        text!.Text.ShouldBe(PlaybookLibrary.Shipped().Find("run_tests")!.Text);
        (await second.Get<LogVerifier>().VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_version_of_one_node_is_in_force_on_the_other()
    {
        var database = await TestPostgres.NewDatabaseAsync();
        await using var one = await TestGrace.StartAsync(database, worker: false);
        await using var other = await TestGrace.StartAsync(database, worker: false);
        var arrived = new TaskCompletionSource();
        other.Get<PlaybookRegistry>().Changed += () =>
        {
            if (other.Get<PlaybookRegistry>().Now.InForce.Find("mine") is not null)
                arrived.TrySetResult();
        };
        var mine = PlaybookReader.Read("id: mine\nversion: 4\ndescription: d\nsteps:\n  - id: a\n    tool: open_repository\n", "mine.yaml", PlaybookSource.Api);
        await one.Get<PlaybookRegistry>().ExecuteAsync("mine", s => PlaybookDecisions.Publish(s, mine, null), mine, new("ada"), default);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        other.Get<PlaybookRegistry>().Now.InForce.Find("mine")!.Version.ShouldBe(4);
    }

    [Fact]
    public async Task Two_that_publish_at_once_make_two_versions()
    {
        await using var grace = await TestGrace.StartAsync(worker: false);
        var registry = grace.Get<PlaybookRegistry>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n =>
        {
            var text = PlaybookReader.Read($"id: mine\nversion: 1\ndescription: d{n}\nsteps:\n  - id: a\n    tool: open_repository\n", "mine.yaml", PlaybookSource.Api);
            return registry.ExecuteAsync("mine", s => PlaybookDecisions.Publish(s, text, null), text, new("ada"), default);
        }));
        registry.Now.Histories["mine"].Versions.Select(v => v.Number).ShouldBe(Enumerable.Range(1, 8));
        registry.Now.Histories["mine"].Versions.Count(v => v.Status == VersionStatus.InForce).ShouldBe(1);
    }

    [Fact]
    public async Task A_teams_folder_counts_from_the_next_phase_on_and_its_mistakes_are_named()
    {
        await using var grace = await TestGrace.StartAsync(worker: false, shippedAgents: true);
        var registry = grace.Get<PlaybookRegistry>();
        File.WriteAllText(Path.Combine(grace.Data.Playbooks, "ours.yaml"), "id: ours\nversion: 1\ndescription: d\nsteps:\n  - id: a\n    tool: open_repository\n");
        File.WriteAllText(Path.Combine(grace.Data.Playbooks, "wrong.yaml"), "id: wrong\nversion: 1\ndescription: d\nsteps:\n  - id: a\n    tool: open_repo\n");
        await registry.ReadFolderAsync(default);
        registry.Now.InForce.Find("ours")!.Source.ShouldBe("folder");
        registry.Now.InForce.Find("wrong").ShouldBeNull();
        registry.Problems.Single().ShouldStartWith("wrong.yaml:5: step 'a': there is no tool 'open_repo'; there are ");
    }
}
