using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Engine.Hosting;

namespace Grace.Web.Bench;

/// <summary>
/// The learning loop from outside, on a server process of its own: a tool fails in a new way, Grace makes of it a cluster, a
/// mission and a candidate, measures it, puts it in force, and takes a bad one back. All figures are read from the API.
/// </summary>
sealed class LearningStory(DataFolder home, Action<string> say)
{
    const int MostRuns = 60;
    readonly string key = Guid.NewGuid().ToString("N");

    /// <summary>True when it went as told.</summary>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var data = new DataFolder(Path.Combine(home.Root, "stories", Guid.NewGuid().ToString("N")[..8]));
        StoryMaterial.WriteTeamFiles(data);
        var repository = Path.Combine(data.Root, "repository");
        await StoryMaterial.WriteRepositoryAsync(repository);
        say($"A repository whose tests need a generator, a playbook that runs it, and a note in the knowledge folder: {data.Root}");
        await using var node = new ChaosNode("story", data.Root, "", 2, key);
        await node.StartAsync(cancel);
        var api = new StoryApi(node.Http!, repository);

        say("\n1. The generator fails in a way that nobody has seen, in three pipelines.");
        for (var n = 0; n < 3; n++)
            say($"   {await api.RunAsync(cancel)}");
        var mission = await api.UntilAsync("learning/missions", m => m["missions"]!.AsArray().FirstOrDefault(x => x!["status"]!.ToString() == "waiting_for_approval"), cancel);
        var cluster = (await api.GetAsync("learning/clusters", cancel))["clusters"]![0]!;
        say($"2. One cluster: \"{cluster["title"]}\", {cluster["count"]} failures in {cluster["pipelines"]} pipelines.");
        say($"3. A mission: {mission["recurrence"]} It proposes version {mission["proposal"]!["candidate_version"]} of {mission["proposal"]!["playbook_id"]}: {mission["proposal"]!["lesson"]}");
        foreach (var reason in mission["proposal"]!["reasons"]!.AsArray())
            say($"   because: {reason}");
        say((await api.GetAsync($"playbooks/{StoryMaterial.PlaybookId}/diff", cancel))["diff"]!.ToString().TrimEnd());

        await api.PostAsync($"learning/missions/{mission["id"]}/approve", new JsonObject { ["reason"] = "The note is right." }, cancel);
        say("\n4. A person approves. Half of the pipelines try it, until the difference is beyond chance.");
        var promoted = await TrialAsync(api, 2, "in_force", cancel);
        say("\n5. Somebody proposes another change, which is bad.");
        await api.PostAsync("playbooks", new JsonObject { ["yaml"] = StoryMaterial.BadPlaybook, ["mode"] = "candidate", ["reason"] = "Newer is better.", ["share"] = 0.5 }, cancel);
        var taken = await TrialAsync(api, 3, "rolled_back", cancel);

        say("\n6. Success rates, from the API:");
        foreach (var version in (await api.GetAsync($"playbooks/{StoryMaterial.PlaybookId}/versions", cancel))["versions"]!.AsArray().Reverse())
            say($"   version {version!["version"]} ({version["status"]}): {version["success"]!["proven"]} of {version["success"]!["runs"]} proven good, 95 % interval {version["success"]!["interval_95"]!.ToJsonString()}");
        say(promoted && taken ? "\nIt went as told." : "\nIt did not go as told.");
        return promoted && taken;
    }

    async Task<bool> TrialAsync(StoryApi api, int version, string expected, CancellationToken cancel)
    {
        for (var n = 0; n < MostRuns; n++)
        {
            var said = await api.RunAsync(cancel);
            var now = await api.GetAsync($"playbooks/{StoryMaterial.PlaybookId}/versions/{version}", cancel);
            say($"   {said}");
            if (now["status"]!.ToString() is not ("in_force" or "rolled_back") || (now["status"]!.ToString() == "in_force" && now["evidence"] is null))
                continue;
            say($"   Version {version} is {now["status"]!.ToString().Replace('_', ' ')}: {now["reason"]}");
            return now["status"]!.ToString() == expected;
        }
        return false;
    }

    /// <summary>The API as the story uses it.</summary>
    sealed class StoryApi(HttpClient http, string repository)
    {
        const string Root = "/api/agent-pipeline/";
        static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

        public async Task<JsonNode> GetAsync(string path, CancellationToken cancel) => JsonNode.Parse(await http.GetStringAsync(Root + path, cancel))!;

        public async Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancel)
        {
            using var answer = await http.PostAsJsonAsync(Root + path, body, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"POST {path} answered {(int)answer.StatusCode}: {text}");
        }

        /// <summary>One pipeline to its end, in a line: its outcome and the version of the playbook that it used.</summary>
        public async Task<string> RunAsync(CancellationToken cancel)
        {
            var id = (await PostAsync("execute", new JsonObject { ["task"] = "Test the generated code", ["context"] = new JsonObject { ["generated"] = true }, ["phases"] = new JsonArray("test"), ["repository"] = repository }, cancel))["pipeline_id"]!.ToString();
            var end = await UntilAsync($"pipelines/{id}", p => p["status"]!.ToString() is "completed" or "failed" or "waiting_for_guardian" ? p : null, cancel);
            var events = await GetAsync($"pipelines/{id}/events", cancel);
            var run = events["events"]!.AsArray().First(e => e!["event_type"]!.ToString() is "playbook.executed" or "playbook.failed")!;
            return $"{id}: {end["status"]} with version {run["data"]!["playbook_version"]}{(run["data"]!["error"] is { } error ? $" ({error})" : "")}";
        }

        /// <summary>Waits for the feed to tell of something new, and looks again.</summary>
        public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, JsonNode?> reached, CancellationToken cancel)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(Patience);
            using var feed = new StreamReader(await http.GetStreamAsync(Root + "events", patience.Token));
            while (true)
            {
                if (reached(await GetAsync(path, patience.Token)) is { } there)
                    return there;
                if (await feed.ReadLineAsync(patience.Token) is null)
                    throw new InvalidOperationException("The feed ended.");
            }
        }
    }
}
