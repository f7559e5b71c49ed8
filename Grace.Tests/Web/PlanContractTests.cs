using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>Planning over HTTP, and starting what was planned.</summary>
public class PlanContractTests(RunningServer running) : IClassFixture<RunningServer>
{
    const string Task = "Build a note service: Note(text: text)";

    ServerProcess Server => running.Server;

    [Fact]
    public async Task A_plan_is_edited_and_started_and_the_design_keeps_to_it()
    {
        var before = (await Server.GetAsync("pipelines"))["total"]!.GetValue<long>();
        var plan = await PlanAsync(new() { ["task"] = Task, ["phases"] = new JsonArray("research", "design") });
        (await Server.GetAsync("pipelines"))["total"]!.GetValue<long>().ShouldBe(before);
        var criteria = plan["acceptance_criteria"]!.AsArray();
        var dropped = criteria[3]!["text"]!.ToString();
        criteria.RemoveAt(3);
        plan["risks"]!.AsArray().Add(new JsonObject { ["severity"] = "low", ["risk"] = "Nobody asked for it." });

        var answer = await Server.PostAsync("execute", new JsonObject { ["task"] = Task, ["plan"] = plan.DeepClone() });
        ((int)answer.StatusCode).ShouldBe(202, await answer.Content.ReadAsStringAsync());
        var id = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["pipeline_id"]!.ToString();
        var events = await Server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() is "agent.pipeline.completed" or "agent.pipeline.failed");
        events[^1]["event_type"]!.ToString().ShouldBe("agent.pipeline.completed");
        var submitted = events[0]["data"]!;
        submitted["phases"]!.AsArray().Select(p => p!.ToString()).ShouldBe(["research", "design"]);
        submitted["plan"]!["risks"]!.AsArray().Last()!["risk"]!.ToString().ShouldBe("Nobody asked for it.");
        var spec = (await Server.GetAsync($"pipelines/{id}/artifacts?type=design_spec"))["artifacts"]![0]!["content"]!;
        var kept = spec["acceptance_criteria"]!.AsArray().Select(c => c!["text"]!.ToString()).ToList();
        kept.ShouldNotContain(dropped);
        kept.Count.ShouldBe(criteria.Count(c => c!["id"] is not null));
    }

    [Theory]
    [InlineData("""{"task": ""}""", "task")]
    [InlineData("""{"task": "x", "plan": {}}""", "plan")]
    [InlineData("""{"task": "Note(text: prose)"}""", "task")]
    [InlineData("""{"task": "x", "context": {"approvals": "all"}}""", "context.approvals")]
    [InlineData("""{"task": "x", "phases": ["bake"]}""", "phases")]
    [InlineData("""{"task": "x", "repository": "/there/is/nothing/here"}""", "repository")]
    public async Task What_no_plan_would_make_work_is_refused(string body, string field) => await IsRefused("plan", JsonNode.Parse(body)!, field);

    [Theory]
    [InlineData("""{"phases": ["bake"]}""", "plan.phases")]
    [InlineData("""{"phases": ["test"]}""", "plan.phases")]
    [InlineData("""{"context": {"language": "cobol"}}""", "plan.context.language")]
    [InlineData("""{"context": {"note": "a\u0000b"}}""", "plan.context.note")]
    [InlineData("""{"acceptance_criteria": [{"text": "The page is blue."}]}""", "plan.acceptance_criteria")]
    [InlineData("""{"acceptance_criteria": []}""", "plan.acceptance_criteria")]
    [InlineData("""{"colour": "blue"}""", "plan.colour")]
    [InlineData("\"do it\"", "plan")]
    public async Task A_plan_that_cannot_be_followed_starts_nothing(string plan, string field)
    {
        var before = (await Server.GetAsync("pipelines"))["total"]!.GetValue<long>();
        await IsRefused("execute", new JsonObject { ["task"] = Task, ["plan"] = JsonNode.Parse(plan) }, field);
        (await Server.GetAsync("pipelines"))["total"]!.GetValue<long>().ShouldBe(before);
    }

    [Fact]
    public async Task A_task_that_templates_cannot_give_is_answered_with_the_question_and_found_in_the_inbox()
    {
        var answer = await Server.PostAsync("execute", new JsonObject { ["task"] = "Write a compiler", ["phases"] = new JsonArray("design") });
        ((int)answer.StatusCode).ShouldBe(202);
        var started = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        var (id, question) = (started["pipeline_id"]!.ToString(), started["question"]!.ToString());
        question.ShouldContain("only a data service would come");
        var asked = (await Server.FeedUntilAsync($"pipeline_id={id}", e => e["event_type"]!.ToString() == "agent.pipeline.approval_requested"))[^1]["data"]!;
        asked["subject"]!.ToString().ShouldBe(question);
        (await Server.GetAsync("guardian/inbox"))["items"]!.AsArray().ShouldContain(i => i!["pipeline_id"]!.ToString() == id && i["reason"]!.ToString() == question);
        (await Server.PostAsync("guardian/control", new JsonObject { ["pipeline_id"] = id, ["action"] = "reject", ["reason"] = "no" })).EnsureSuccessStatusCode();
        (await PlanAsync(new() { ["task"] = "Write a compiler" }))["open_questions"]!.AsArray().Select(q => q!.ToString()).ShouldContain(question);
    }

    async Task<JsonObject> PlanAsync(JsonObject request)
    {
        var answer = await Server.PostAsync("plan", request);
        ((int)answer.StatusCode).ShouldBe(200, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    async Task IsRefused(string call, JsonNode body, string field)
    {
        var answer = await Server.PostAsync(call, body);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        ((int)answer.StatusCode).ShouldBe(422, problem.ToJsonString());
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldContain(field);
    }
}
