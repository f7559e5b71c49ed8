using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Grace.Tests.Support;
using Grace.Tests.Web;

namespace Grace.Tests.Access;

/// <summary>Who is let in and who is not, over HTTP and the hub, against a real server process.</summary>
public class AccessContractTests(RunningServer running) : IClassFixture<RunningServer>
{
    const string Api = "/api/agent-pipeline/";
    static readonly string[] Roles = ["viewer", "operator", "guardian", "admin"];
    static int made;

    ServerProcess Server => running.Server;

    /// <summary>The least role that is let through; what is not there or makes no sense is refused later, with another status.</summary>
    [Theory]
    [InlineData("GET", "pipelines", "", "viewer")]
    [InlineData("GET", "log/verify", "", "viewer")]
    [InlineData("POST", "playbooks/validate", """{"yaml": "id: x"}""", "viewer")]
    [InlineData("POST", "execute", "{}", "operator")]
    [InlineData("POST", "plan", "{}", "operator")]
    [InlineData("POST", "artifacts/none/review", "{}", "operator")]
    [InlineData("POST", "playbooks", "{}", "operator")]
    [InlineData("POST", "guardian/control", """{"pipeline_id": "pipeline_none", "action": "pause"}""", "operator")]
    [InlineData("POST", "guardian/control", """{"pipeline_id": "pipeline_none", "action": "resume"}""", "operator")]
    [InlineData("POST", "guardian/control", """{"pipeline_id": "pipeline_none", "action": "override", "override": {"note": 1}, "reason": "so"}""", "guardian")]
    [InlineData("POST", "guardian/control", """{"pipeline_id": "pipeline_none", "action": "approve"}""", "guardian")]
    [InlineData("POST", "guardian/control", """{"pipeline_id": "pipeline_none", "action": "reject", "reason": "so"}""", "guardian")]
    [InlineData("POST", "guardian/control", """{"pipeline_id": "pipeline_none", "action": "retry"}""", "guardian")]
    [InlineData("POST", "guardian/control", """{"pipeline_id": "pipeline_none", "action": "cancel", "reason": "so"}""", "guardian")]
    [InlineData("POST", "playbooks/none/versions/1/promote", "{}", "guardian")]
    [InlineData("POST", "playbooks/none/versions/1/rollback", "{}", "guardian")]
    [InlineData("POST", "learning/missions/none/approve", "{}", "guardian")]
    [InlineData("POST", "learning/missions/none/reject", "{}", "guardian")]
    [InlineData("GET", "access/keys", "", "admin")]
    [InlineData("POST", "access/keys", "{}", "admin")]
    [InlineData("DELETE", "access/keys/none", "", "admin")]
    [InlineData("GET", "webhooks", "", "admin")]
    [InlineData("POST", "webhooks", "{}", "admin")]
    [InlineData("POST", "webhooks/none/test", "{}", "admin")]
    [InlineData("GET", "webhooks/none/deliveries", "", "admin")]
    [InlineData("GET", "access/people", "", "admin")]
    [InlineData("POST", "access/invitations", "{}", "admin")]
    public async Task A_role_that_lacks_the_right_is_told_which_and_who_has_it(string method, string path, string body, string least)
    {
        foreach (var role in Roles)
        {
            using var caller = await With(role);
            using var request = new HttpRequestMessage(new(method), Api + path) { Content = body.Length == 0 ? null : Json(body) };
            var answer = await caller.Http.SendAsync(request);
            if (Array.IndexOf(Roles, role) >= Array.IndexOf(Roles, least))
            {
                ((int)answer.StatusCode).ShouldNotBeOneOf(401, 403);
                continue;
            }
            var problem = await Problem(answer, 403);
            problem["role"]!.ToString().ShouldBe(role);
            problem["roles"]!.AsArray()[0]!.ToString().ShouldBe(least);
            problem["detail"]!.ToString().ShouldContain($"'{problem["right"]}'");
        }
    }

    [Fact]
    public async Task A_draft_is_proposed_by_operators_and_put_in_force_by_guardians()
    {
        JsonObject Draft(string mode, double? share) => new() { ["yaml"] = $"id: mine_{Interlocked.Increment(ref made)}\nversion: 1\ndescription: Mine.\nsteps:\n  - id: open\n    tool: open_repository\n", ["mode"] = mode, ["reason"] = "so", ["share"] = share };
        using var op = await With("operator");
        (await Problem(await op.Http.PostAsJsonAsync(Api + "playbooks", Draft("publish", null)), 403))["right"]!.ToString().ShouldBe("promote_playbooks");
        (await Problem(await op.Http.PostAsJsonAsync(Api + "playbooks", Draft("candidate", 0.5)), 403))["right"]!.ToString().ShouldBe("promote_playbooks");
        ((int)(await op.Http.PostAsJsonAsync(Api + "playbooks", Draft("candidate", 0))).StatusCode).ShouldNotBe(403);
        using var guardian = await With("guardian");
        (await guardian.Http.PostAsJsonAsync(Api + "playbooks", Draft("publish", null))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_key_is_shown_once_names_its_work_in_the_log_and_ends_at_once_when_revoked()
    {
        var key = await Make("operator");
        var (id, secret, name) = (key["id"]!.ToString(), key["key"]!.ToString(), key["name"]!.ToString());
        using var caller = new Caller(Server.Address, secret);
        (await caller.Http.GetFromJsonAsync<JsonObject>(Api + "access/me"))!["name"]!.ToString().ShouldBe($"key:{name}");
        var submitted = await (await caller.Http.PostAsJsonAsync(Api + "execute", new { task = "Look around", phases = new[] { "research" } })).Content.ReadFromJsonAsync<JsonObject>();
        (await Server.GetAsync($"pipelines/{submitted!["pipeline_id"]}"))["requested_by"]!.ToString().ShouldBe($"key:{name}");
        var listed = (await Server.GetAsync("access/keys"))["keys"]!.AsArray().Single(k => k!["id"]!.ToString() == id)!;
        listed["key"].ShouldBeNull();
        listed["last_used_at"].ShouldNotBeNull();

        // What is open ends with the access: the feed of the key, and its hub connection.
        using var feed = new StreamReader(await caller.Http.GetStreamAsync(Api + "events"));
        await using var hub = await HubClient.ConnectAsync(Server.Address, secret);
        (await Server.Http.DeleteAsync($"{Api}access/keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Problem(await caller.Http.GetAsync(Api + "pipelines"), 401);
        await feed.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        (await hub.ClosedAsync()).ShouldBeTrue();
        await Problem(await Server.Http.DeleteAsync($"{Api}access/keys/{id}"), 404);

        // Neither the log nor a file of Grace's own holds the secret, nor the hash that it is found by.
        var told = await Server.FeedUntilAsync("type=access.key_revoked", e => e["data"]!["id"]!.ToString() == id);
        told[^1].ShouldSatisfyAllConditions(e => e["pipeline_id"].ShouldBeNull(), e => e["stream_id"]!.ToString().ShouldBe("access"), e => e["by"]!.ToString().ShouldBe("api-key"));
        var all = await Server.FeedUntilAsync("artifact_id=access", e => e["event_type"]!.ToString() == "access.key_revoked" && e["data"]!["id"]!.ToString() == id);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        foreach (var text in all.Select(e => e["data"]!.ToJsonString()).Concat(running.LogFiles()))
        {
            text.ShouldNotContain(secret);
            text.ShouldNotContain(hash, Case.Insensitive);
        }
    }

    [Theory]
    [InlineData("""{"role": "viewer"}""", 422, "name")]
    [InlineData("""{"name": "a b", "role": "viewer"}""", 422, "name")]
    [InlineData("""{"name": "x", "role": "king"}""", 422, "role")]
    [InlineData("""{"name": "x"}""", 422, "role")]
    [InlineData("""{"name": "x", "role": "viewer", "expires_at": "2001-01-01T00:00:00Z"}""", 422, "expires_at")]
    [InlineData("""{"name": "x", "role": "viewer", "expires_at": "soon"}""", 422, "expires_at")]
    [InlineData("""{"name": 7, "role": "viewer"}""", 422, "name")]
    [InlineData("""{"name": "x", "role": "viewer", "key": "mine"}""", 422, "key")]
    public async Task A_key_that_makes_no_sense_is_refused(string body, int status, string field) =>
        (await Problem(await Server.Http.PostAsync(Api + "access/keys", Json(body)), status))["errors"]![field].ShouldNotBeNull();

    [Fact]
    public async Task A_name_in_force_belongs_to_one_key()
    {
        var name = (await Make("viewer"))["name"]!.ToString();
        await Problem(await Server.Http.PostAsJsonAsync(Api + "access/keys", new { name = name.ToUpperInvariant(), role = "viewer" }), 409);
    }

    [Fact]
    public async Task The_hub_authorises_each_command_that_is_published()
    {
        await using var viewer = await HubClient.ConnectAsync(Server.Address, (await Make("viewer"))["key"]!.ToString());
        (await viewer.InvokeAsync("Publish", "guardian.pause_pipeline", new { pipeline_id = "pipeline_none" }))["failed"]!.ToString().ShouldContain("'pause'");
        await using var op = await HubClient.ConnectAsync(Server.Address, (await Make("operator"))["key"]!.ToString());
        (await op.InvokeAsync("Publish", "guardian.pause_pipeline", new { pipeline_id = "pipeline_none" }))["failed"]!.ToString().ShouldContain("no pipeline");
        (await op.InvokeAsync("Publish", "guardian.override_pipeline", new { pipeline_id = "pipeline_none", @override = new { note = 1 }, reason = "so" }))["failed"]!.ToString().ShouldContain("'override'");
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "http://127.0.0.1:1", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 422)]
    [InlineData("X-Nothing", "of the kind", 422)]
    public async Task A_page_of_another_site_cannot_act_with_the_cookie(string header, string value, int status)
    {
        using var owner = await Owner();
        using var request = new HttpRequestMessage(HttpMethod.Post, Api + "execute") { Content = Json("{}") };
        request.Headers.Add(header, value);
        await Problem(await owner.SendAsync(request), status);
        using var socket = new HttpRequestMessage(HttpMethod.Get, "/_blazor?id=x") { Headers = { { "Connection", "Upgrade" }, { "Upgrade", "websocket" } } };
        socket.Headers.Add(header, value);
        ((int)(await owner.SendAsync(socket)).StatusCode == 403).ShouldBe(status == 403);
    }

    [Fact]
    public async Task A_form_of_another_site_cannot_be_taken_for_JSON_and_a_key_works_from_anywhere()
    {
        using var owner = await Owner();
        await Problem(await owner.PostAsync(Api + "execute", new StringContent("""{"task": "x"}""", Encoding.UTF8, "text/plain")), 415);
        using var request = new HttpRequestMessage(HttpMethod.Post, Api + "execute") { Content = new StringContent("{}", Encoding.UTF8, "text/plain"), Headers = { { "Origin", "http://ci.example" } } };
        await Problem(await Server.Http.SendAsync(request), 422);
    }

    [Fact]
    public async Task Pages_are_framed_by_nobody_run_no_foreign_script_and_the_cookie_is_not_for_scripts()
    {
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new(Server.Address) };
        var login = await stranger.GetAsync(Server.LoginLink);
        var cookie = login.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("grace=", StringComparison.Ordinal));
        cookie.ShouldSatisfyAllConditions(c => c.ShouldContain("httponly"), c => c.ShouldContain("samesite=lax"), c => c.ShouldContain("path=/"));
        foreach (var path in new[] { "/login", "/grace.css", "/health/live", Api + "pipelines" })
        {
            var headers = (await stranger.GetAsync(path)).Headers;
            headers.GetValues("Content-Security-Policy").Single().ShouldSatisfyAllConditions(
                p => p.ShouldContain("frame-ancestors 'none'"), p => p.ShouldContain("script-src 'self';"), p => p.ShouldContain("object-src 'none'"));
            headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        }
        (await stranger.GetAsync("/pipelines?status=failed")).Headers.Location!.ToString().ShouldEndWith("/login?return=%2Fpipelines%3Fstatus%3Dfailed");
        (await stranger.GetAsync($"{Server.LoginLink}&return=/learning")).Headers.Location!.ToString().ShouldBe("/learning");
        foreach (var elsewhere in new[] { "//evil.example", "/\\evil.example", "http://evil.example" })
            (await stranger.GetAsync($"{Server.LoginLink}&return={Uri.EscapeDataString(elsewhere)}")).Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task In_token_mode_there_are_no_people() =>
        (await Problem(await Server.Http.PostAsJsonAsync(Api + "access/invitations", new { name = "ada", role = "viewer" }), 409))["detail"]!.ToString().ShouldContain("Grace:Access:Mode");

    async Task<JsonObject> Make(string role)
    {
        var answer = await Server.Http.PostAsJsonAsync(Api + "access/keys", new { name = $"{role}-{Interlocked.Increment(ref made)}", role });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    async Task<Caller> With(string role) => new(Server.Address, (await Make(role))["key"]!.ToString());

    /// <summary>With the dashboard's cookie.</summary>
    async Task<HttpClient> Owner()
    {
        var client = new HttpClient(new HttpClientHandler()) { BaseAddress = new(Server.Address) };
        (await client.GetAsync(Server.LoginLink)).EnsureSuccessStatusCode();
        return client;
    }

    static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    internal static async Task<JsonObject> Problem(HttpResponseMessage answer, int status)
    {
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    sealed class Caller : IDisposable
    {
        public Caller(string address, string key) => Http = new() { BaseAddress = new(address), DefaultRequestHeaders = { Authorization = new("Bearer", key) } };

        public HttpClient Http { get; }

        public void Dispose() => Http.Dispose();
    }
}
