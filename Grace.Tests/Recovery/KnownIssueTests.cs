using System.Text.Json.Nodes;
using Grace.Engine.Failures;
using Grace.Engine.Playbooks;
using Grace.Tests.Support;

namespace Grace.Tests.Recovery;

public class KnownIssueTests
{
    static readonly IReadOnlyList<KnownIssue> Shipped = new KnownIssues("/there/is/nothing").All();

    static string[] Issues(string phase, string text) => [.. KnownIssueMatch.Of(Shipped, phase, text).Select(m => m.Issue.Id)];

    [Theory]
    [InlineData("test", "The lint check failed: `dotnet format` exited with 2.", "formatting")]
    [InlineData("test", "The lint check failed: x. 1 of 2 tests failed (y).", "formatting,flaky-test")]
    [InlineData("test", "1 of 2 tests failed\nError: Cannot find module 'left-pad'", "missing-npm-package")]
    [InlineData("test", "`npm run lint` exited with 127.\nsh: 1: eslint: not found", "missing-npm-package")]
    [InlineData("test", "1 of 2 tests failed\nModuleNotFoundError: No module named 'requests'", "missing-python-package")]
    [InlineData("test", "1 of 2 tests failed\nError: listen EADDRINUSE: address already in use :::8080", "port-in-use")]
    [InlineData("deploy", "Release 2 of shop is not healthy: it ended at once", "unhealthy-deployment")]
    [InlineData("test", "`npm test` did not end within its time limit and was stopped after 600 s.", "time-out")]
    [InlineData("research", "The research phase did not finish within 00:30:00 and was stopped.", "time-out")]
    [InlineData("implement", "IOException: No space left on device", "disk-full")]
    [InlineData("implement", "3 of 4 tests failed", "")]
    [InlineData("test", "The build failed: `dotnet build` exited with 1.", "")]
    [InlineData("test", "1 of 2 tests failed\nError: Cannot find module './sums'", "flaky-test")]
    public void A_failure_is_known_by_its_text(string phase, string text, string issues) =>
        Issues(phase, text).ShouldBe(issues.Split(',', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void What_an_issue_caught_is_handed_to_its_fix() =>
        KnownIssueMatch.Of(Shipped, "test", "Cannot find module '@scope/thing/sub' and Cannot find package 'left-pad' and again Cannot find package 'left-pad'")
            .Single().Caught["npm"]!.ToJsonString().ShouldBe("""["@scope/thing","left-pad"]""");

    [Fact]
    public void Every_fix_is_a_playbook_that_ships()
    {
        var library = PlaybookLibrary.Shipped();
        foreach (var issue in Shipped)
            library.Find(issue.Fix).ShouldNotBeNull(issue.Fix);
    }

    [Fact]
    public void A_team_adds_its_own_and_they_come_first()
    {
        using var folder = new TestFolder();
        File.WriteAllText(Path.Combine(folder.Path, "ours.yaml"), "- id: licence\n  match: no licence\n  fix: fetch_licence\n  backoff_seconds: 3\n");
        var issue = new KnownIssues(folder.Path).All()[0];
        (issue.Id, issue.Fix, issue.Backoff).ShouldBe(("licence", "fetch_licence", TimeSpan.FromSeconds(3)));
    }

    [Theory]
    [InlineData("- id: x\n", "x.yaml: the known issue 'x' needs id, match and fix.")]
    [InlineData("- id: x\n  match: '('\n  fix: f\n", "x.yaml: 'match' of x is no regular expression")]
    [InlineData("- id: x\n  metch: a\n", "x.yaml:2: Property 'metch' not found")]
    public void A_wrong_one_is_refused_by_file(string yaml, string why) =>
        Should.Throw<FormatException>(() => KnownIssues.Read(yaml, "x.yaml")).Message.ShouldStartWith(why);

    [Fact]
    public void A_failures_text_holds_what_failed_and_not_what_passed()
    {
        var report = (JsonObject)JsonNode.Parse("""
            {"commands":[{"name":"build","command":"a","exit_code":0,"output_tail":"fine"},{"name":"lint","command":"b","exit_code":1,"output_tail":"broken"},{"name":"test","command":"c","exit_code":null,"output_tail":"hung"}],
             "failures":[]}
            """)!;
        FailureText.Of("E", report).ShouldBe("E\nb\nbroken\nc\nhung");
    }

    [Fact]
    public void What_a_passing_test_printed_is_no_failure()
    {
        var report = (JsonObject)JsonNode.Parse("""
            {"commands":[{"name":"test","command":"c","exit_code":1,"output_tail":"No module named 'acme_thing'\nNo space left on device\nassert 1 == 2"}],"failures":[{"id":"t","message":"assert 1 == 2"}]}
            """)!;
        var text = FailureText.Of("1 of 3 tests failed (`c`).", report);
        text.ShouldBe("1 of 3 tests failed (`c`).\nassert 1 == 2");
        Issues("test", text).ShouldBe(["flaky-test"]);
    }
}
