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
            var end = await End(server);
            for (var i = 0; i < 3; i++)
                ids.Add(await server.SubmitAsync($"Build a note service: Note{kill}(text: text)", "research", "design"));
            // Into the middle of it: three pipelines make about thirty events.
            var (seen, moment) = (0, chance.Next(25));
            await server.FeedUntilAsync($"after={end}", _ => ++seen > moment);
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

    [Fact]
    public async Task Killing_the_database_loses_nothing_and_callers_are_told_meanwhile()
    {
        using var data = new TestFolder();
        await using var server = await ServerProcess.StartAsync(data.Path, null);
        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.SubmitAsync($"Build a note service: Note{i}(text: text)", "research", "design")));
        var postmaster = int.Parse((await File.ReadAllLinesAsync(Path.Combine(data.Path, "postgres", "cluster", "postmaster.pid")))[0]);
        System.Diagnostics.Process.GetProcessById(postmaster).Kill();

        HttpResponseMessage answer;
        List<int> statuses = [];
        do
        {
            answer = await server.Http.GetAsync("/api/agent-pipeline/pipelines");
            statuses.Add((int)answer.StatusCode);
            if (answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
                answer.Headers.RetryAfter.ShouldNotBeNull();
        }
        while (!answer.IsSuccessStatusCode && statuses.Count < 10_000);
        statuses.Distinct().ShouldBeSubsetOf([200, 503]);
        foreach (var id in ids)
            await server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.completed");
        (await server.GetAsync("log/verify"))["faults"]!.AsArray().ShouldBeEmpty();
    }

    static async Task<string> End(ServerProcess server)
    {
        if ((await server.GetAsync("pipelines?limit=1"))["pipelines"]!.AsArray() is not [{ } newestPipeline])
            return "0";
        var newest = newestPipeline["pipeline_id"]!.ToString();
        return (await server.GetAsync($"pipelines/{newest}/events"))["events"]!.AsArray()[^1]!["position"]!.ToString();
    }
}
