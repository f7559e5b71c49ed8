using System.Text.Json.Nodes;
using Grace.Tests.Support;

namespace Grace.Tests.Crash;

public class KillTests
{
    /// <summary>Whatever process dies at whatever moment: nothing recorded is lost, nothing is recorded twice, and it goes on by itself.</summary>
    [Fact]
    public async Task Ten_kills_of_the_only_server_lose_and_double_nothing()
    {
        using var data = new TestFolder();
        var database = await TestPostgres.NewDatabaseAsync();
        var chance = new Random(7);
        var server = await ServerProcess.StartAsync(data.Path, database);
        List<string> ids = [];
        for (var kill = 0; kill < 10; kill++)
        {
            for (var i = 0; i < 3; i++)
                ids.Add(await server.SubmitAsync($"Build a note service: Note{kill}(text: text)", "research", "design"));
            // Into the middle of it: after a few more events, or none.
            var seen = 0;
            await server.FeedUntilAsync($"after={await End(server)}", _ => ++seen > chance.Next(6));
            await server.KillAsync();
            server = await ServerProcess.StartAsync(data.Path, database);
        }
        await using (server)
        {
            foreach (var id in ids)
            {
                var events = await server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.completed");
                events.Select(e => e["version"]!.GetValue<long>()).ShouldBe(Enumerable.Range(1, events.Count).Select(v => (long)v));
                foreach (var type in new[] { "agent.phase.completed", "agent.artifact.created" })
                    events.Where(e => e["event_type"]!.ToString() == type).Select(e => e["data"]!["phase"]!.ToString()).ShouldBe(["research", "design"]);
            }
            (await server.GetAsync("log/verify"))["faults"]!.AsArray().ShouldBeEmpty();
        }
    }

    static async Task<string> End(ServerProcess server)
    {
        var newest = (await server.GetAsync("pipelines?limit=1"))["pipelines"]![0]!["pipeline_id"]!.ToString();
        return (await server.GetAsync($"pipelines/{newest}/events"))["events"]!.AsArray()[^1]!["position"]!.ToString();
    }
}
