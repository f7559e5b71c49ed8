using System.Net;
using System.Text.Json.Nodes;
using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>Playbooks and the learning loop over HTTP, against a real server process.</summary>
public class PlaybookContractTests(RunningServer running) : IClassFixture<RunningServer>
{
    ServerProcess Server => running.Server;

    [Fact]
    public async Task What_ships_is_listed_with_its_success()
    {
        var list = await Server.GetAsync("playbooks");
        var tests = list["playbooks"]!.AsArray().Single(p => p!["id"]!.ToString() == "run_tests")!;
        (tests["phase"]!.ToString(), tests["source"]!.ToString()).ShouldBe(("test", "shipped"));
        tests["success"]!["runs"]!.GetValue<long>().ShouldBe(0);
        list["problems"]!.AsArray().ShouldBeEmpty();
        (await Server.GetAsync("playbooks/run_tests"))["yaml"]!.ToString().ShouldContain("id: run_tests");
        (await Server.GetAsync("tools"))["tools"]!.AsArray().ShouldContain(t => t!["name"]!.ToString() == "run_command" && t["input_schema"]!["properties"]!["argv"] != null);
    }

    [Fact]
    public async Task A_version_goes_from_candidate_to_force_and_back()
    {
        var first = await Json(await Server.PostAsync("playbooks", new JsonObject { ["yaml"] = Yaml("one", 1) }), HttpStatusCode.Created);
        (first["version"]!.GetValue<int>(), first["status"]!.ToString()).ShouldBe((1, "in_force"));
        var again = await Json(await Server.PostAsync("playbooks", new JsonObject { ["yaml"] = Yaml("one", 1) }), HttpStatusCode.Created);
        again["version"]!.GetValue<int>().ShouldBe(1);
        var second = await Json(await Server.PostAsync("playbooks", new JsonObject { ["yaml"] = Yaml("one", 2), ["mode"] = "candidate", ["reason"] = "faster", ["share"] = 0.25 }), HttpStatusCode.Created);
        (second["version"]!.GetValue<int>(), second["status"]!.ToString(), second["share"]!.GetValue<double>()).ShouldBe((2, "on_trial", 0.25));
        (await Server.GetAsync("playbooks/one/diff"))["diff"]!.ToString().ShouldContain("-description: number 1\n+description: number 2\n");
        (await Server.PostAsync("playbooks/one/versions/9/promote", new JsonObject())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var promoted = await Json(await Server.PostAsync("playbooks/one/versions/2/promote", new JsonObject { ["reason"] = "it is" }), HttpStatusCode.OK);
        (promoted["status"]!.ToString(), promoted["version_in_force"]!.GetValue<int>()).ShouldBe(("in_force", 2));
        (await Server.Http.PostAsync("/api/agent-pipeline/playbooks/one/versions/2/promote", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var back = await Json(await Server.PostAsync("playbooks/one/versions/2/rollback", new JsonObject { ["reason"] = "it is not" }), HttpStatusCode.OK);
        (back["status"]!.ToString(), back["version_in_force"]!.GetValue<int>()).ShouldBe(("rolled_back", 1));
        var refused = await Server.PostAsync("playbooks", new JsonObject { ["yaml"] = Yaml("one", 2), ["mode"] = "candidate", ["reason"] = "again" });
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("This is version 2 of one, which is rolled back: it is not");
        (await Server.GetAsync("playbooks/one/versions"))["versions"]!.AsArray().Select(v => v!["status"]!.ToString()).ShouldBe(["rolled_back", "in_force"]);
        (await Server.GetAsync("playbooks/one/versions/1"))["yaml"]!.ToString().ShouldBe(Yaml("one", 1));
    }

    [Fact]
    public async Task A_wrong_one_is_refused_by_line_and_nothing_is_recorded()
    {
        var wrong = Yaml("wrong", 1).Replace("open_repository", "open_repo");
        var checkedOnly = await Json(await Server.PostAsync("playbooks/validate", new JsonObject { ["yaml"] = wrong }), HttpStatusCode.OK);
        checkedOnly["valid"]!.GetValue<bool>().ShouldBeFalse();
        checkedOnly["problems"]![0]!["line"]!.GetValue<int>().ShouldBe(5);
        var refused = await Server.PostAsync("playbooks", new JsonObject { ["yaml"] = wrong });
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("wrong.yaml:5: step");
        (await Json(await Server.PostAsync("playbooks", new JsonObject { ["yaml"] = Yaml("wrong", 1), ["dry_run"] = true }), HttpStatusCode.OK))["recorded"]!.GetValue<bool>().ShouldBeFalse();
        foreach (var path in new[] { "playbooks/wrong", "playbooks/wrong/versions", "playbooks/run_tests/versions/99" })
            (await Server.Http.GetAsync($"/api/agent-pipeline/{path}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_called()
    {
        var rehearsal = await Json(await Server.PostAsync("playbooks/run_tests/dry-run", new JsonObject { ["inputs"] = new JsonObject { ["repository"] = "/r" } }), HttpStatusCode.OK);
        rehearsal["steps"]!.AsArray().Select(s => $"{s!["calls"]} {s["would_run"]} {s["with"]?["repository"]}".Trim()).ShouldBe(["open_repository yes /r", "run_tests yes"]);
    }

    [Fact]
    public async Task Nothing_is_learnt_yet_and_says_so()
    {
        (await Server.GetAsync("learning/missions"))["total"]!.GetValue<int>().ShouldBe(0);
        (await Server.GetAsync("learning/clusters"))["clusters"]!.AsArray().ShouldBeEmpty();
        (await Server.PostAsync("learning/missions/mission_none/approve", new JsonObject())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Server.Http.GetAsync("/api/agent-pipeline/learning/missions?limit=many")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Who_is_not_known_sees_and_changes_nothing()
    {
        using var stranger = new HttpClient { BaseAddress = Server.Http.BaseAddress };
        foreach (var path in new[] { "playbooks", "learning/clusters", "tools" })
            (await stranger.GetAsync($"/api/agent-pipeline/{path}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.PostAsync("/api/agent-pipeline/playbooks", new StringContent("{}"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    static string Yaml(string id, int number) => $"id: {id}\nversion: 1\ndescription: number {number}\nsteps:\n  - id: open\n    tool: open_repository\n";

    static async Task<JsonNode> Json(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        return JsonNode.Parse(text)!;
    }
}
