using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grace.Tests.Support;

namespace Grace.Tests.Web;

/// <summary>Every body, query and header is read strictly: what is wrong is told by field, as the caller's fault, and has no effect.</summary>
public class StrictInputTests(RunningServer running) : IClassFixture<RunningServer>
{
    const string Half = "\\ud83d", Nul = "\\u0000";
    ServerProcess Server => running.Server;

    public static TheoryData<string, string, string> Calls => new()
    {
        // call, body with VALUE where something bad goes, the field it is told by
        { "execute", """{"task": VALUE}""", "task" },
        { "execute", """{"task": "Build x", "context": {"notes": ["fine", VALUE]}}""", "context.notes[1]" },
        { "execute", """{"task": "Build x", "repository": VALUE}""", "repository" },
        { "execute", """{"task": "Build x", "phases": ["research", VALUE]}""", "phases[1]" },
        { "plan", """{"task": "Build x", "context": {"deep": {"er": VALUE}}}""", "context.deep.er" },
        { "guardian/control", """{"pipeline_id": VALUE, "action": "pause"}""", "pipeline_id" },
        { "guardian/control", """{"pipeline_id": "p", "action": "pause", "reason": VALUE}""", "reason" },
        { "guardian/control", """{"pipeline_id": "p", "action": "override", "reason": "r", "override": {"a": VALUE}}""", "override.a" },
        { "playbooks/validate", """{"yaml": VALUE}""", "yaml" },
        { "playbooks", """{"yaml": "id: x", "reason": VALUE}""", "reason" },
        { "webhooks", """{"url": VALUE}""", "url" },
        { "webhooks", """{"url": "https://example.org", "description": VALUE}""", "description" },
        { "access/keys", """{"name": VALUE, "role": "viewer"}""", "name" },
        { "artifacts/artifact_none/review", """{"verdict": "questioned", "comment": VALUE}""", "comment" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task What_cannot_be_stored_is_refused_by_field(string call, string body, string field)
    {
        foreach (var bad in new[] { $"\"a{Nul}b\"", $"\"{Half}\"", "1e200000" })
            await IsRefused(await PostAsync(call, body.Replace("VALUE", bad)), 422, field, $"{call} with {bad}");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_text_that_only_mentions_an_escape_is_no_fault(string call, string body, string field)
    {
        var answer = await PostAsync(call, body.Replace("VALUE", "\"mentions \\\\u0000 and \\\\ud83d\""));
        var said = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBeLessThan(500, said);
        said.ShouldNotContain("NUL", Case.Sensitive);
        said.ShouldNotContain("surrogate", customMessage: field);
    }

    [Theory]
    [InlineData("pipelines?search=a%00b", "search")]
    [InlineData("artifacts?search=a%00b", "search")]
    [InlineData("artifacts?type=a%00b", "type")]
    [InlineData("jobs?search=%00", "search")]
    [InlineData("events?type=a%00b", "type")]
    [InlineData("pipelines?a%00b=1", "a␀b")]
    public async Task A_query_is_refused_by_its_parameter(string address, string field) =>
        await IsRefused(await Server.Http.GetAsync($"/api/agent-pipeline/{address}"), 422, field, address);

    [Theory]
    [InlineData("pipelines/a%00b")]
    [InlineData("artifacts/a%00b")]
    public async Task A_path_is_refused(string address) => ((int)(await Server.Http.GetAsync($"/api/agent-pipeline/{address}")).StatusCode).ShouldBe(400);

    [Theory]
    [InlineData("/login", "token=a%00b")]
    [InlineData("/login", "name=a%00b&password=c")]
    [InlineData("/login", "a%00=b")]
    public async Task A_form_is_refused(string address, string form) =>
        ((int)(await Server.Http.PostAsync(address, new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"))).StatusCode).ShouldBe(400);

    [Theory]
    [InlineData("guardian/control", """{"pipeline_id": "p", "action": "approve", "expectedVersion": 3}""", "expectedVersion")]
    [InlineData("guardian/control", """{"pipeline_id": "p", "action": "pause", "approval_id": "a"}""", "approval_id")]
    [InlineData("guardian/control", """{"pipeline_id": "p", "action": "pause", "expected_version": 1.5}""", "expected_version")]
    [InlineData("playbooks", """{"yaml": "id: x", "dry_run": "true"}""", "dry_run")]
    [InlineData("playbooks", """{"yaml": "id: x", "dryRun": true}""", "dryRun")]
    [InlineData("playbooks", """{"yaml": "id: x", "dry_run": 1}""", "dry_run")]
    [InlineData("playbooks", """{"yaml": "id: x", "mode": "candidate", "reason": "r", "share": "0"}""", "share")]
    [InlineData("playbooks/validate", """{"yaml": "id: x", "strict": true}""", "strict")]
    [InlineData("playbooks/run_tests/dry-run", """{"inputs": []}""", "inputs")]
    [InlineData("playbooks/run_tests/dry-run", """{"version": "1"}""", "version")]
    [InlineData("playbooks/run_tests/versions/1/promote", """{"reason": 7}""", "reason")]
    [InlineData("playbooks/run_tests/versions/1/promote", """{"because": "x"}""", "because")]
    [InlineData("webhooks", """{"url": "https://example.org", "types": "agent.*"}""", "types")]
    [InlineData("webhooks", """{"url": "https://example.org", "after": "1"}""", "after")]
    [InlineData("access/keys", """{"name": "k", "role": "viewer", "expires": "2030-01-01"}""", "expires")]
    [InlineData("artifacts/artifact_none/review", """{"verdict": "accepted", "by": "eve"}""", "by")]
    public async Task A_field_of_another_type_or_name_is_refused(string call, string body, string field) =>
        await IsRefused(await PostAsync(call, body), 422, field, $"{call} {body}");

    [Fact]
    public async Task One_key_is_one_request_whatever_the_order_of_its_keys()
    {
        async Task<(int Status, string Said)> Submit(string body, params string[] keys)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/agent-pipeline/execute") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            foreach (var key in keys)
                request.Headers.Add("Idempotency-Key", key);
            var answer = await Server.Http.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        var key = Guid.NewGuid().ToString();
        var first = await Submit("""{"task": "Look", "phases": ["research"], "context": {"a": 1, "b": {"c": 2, "d": [3]}}}""", key);
        first.Status.ShouldBe(202, first.Said);
        var id = JsonNode.Parse(first.Said)!["pipeline_id"]!.ToString();
        var again = await Submit("""{"phases": ["research"], "context": {"b": {"d": [3.0], "c": 2}, "a": 1.0}, "task": "Look"}""", key);
        again.Status.ShouldBe(202, again.Said);
        JsonNode.Parse(again.Said)!["pipeline_id"]!.ToString().ShouldBe(id);
        (await Submit("""{"task": "Look", "phases": ["research"], "context": {"a": 2, "b": {"c": 2, "d": [3]}}}""", key)).Status.ShouldBe(409);
        (await Submit("""{"task": "Look", "phases": ["research"]}""", key, key)).Status.ShouldBe(422);
        (await Submit("""{"task": "Look", "phases": ["research"]}""", "")).Status.ShouldBe(422);
    }

    Task<HttpResponseMessage> PostAsync(string call, string body) => Server.Http.PostAsync($"/api/agent-pipeline/{call}", new StringContent(body, Encoding.UTF8, "application/json"));

    static async Task IsRefused(HttpResponseMessage answer, int status, string field, string what)
    {
        var said = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, $"{what}: {said}");
        JsonNode.Parse(said)!["errors"]!.AsObject().ShouldContainKey(field, $"{what}: {said}");
    }
}
