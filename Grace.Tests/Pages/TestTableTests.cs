using System.Text.Json.Nodes;
using Bunit;
using Grace.Tests.Support;
using Grace.Web.Components.Parts.Artifacts;

namespace Grace.Tests.Pages;

/// <summary>Given what a run reported, then its tests by suite.</summary>
public sealed class TestTableTests : BunitContext
{
    [Fact]
    public void Suites_with_failures_come_first_and_open_and_within_them_the_failures()
    {
        var tree = TestTree.Of(Report(("b", "ok 1", "passed"), ("a", "ok 2", "passed"), ("z", "ok 3", "passed"), ("z", "broken", "failed"), ("z", "left out", "skipped")));
        tree.Groups.Select(g => (g.Name, g.Failed, g.Skipped)).ShouldBe([("z", 1, 1), ("a", 0, 0), ("b", 0, 0)]);
        tree.Groups[0].Tests.Select(t => t.Id).ShouldBe(["broken", "left out", "ok 3"]);
        tree.Lines(null, "", new HashSet<string>()).Select(l => l.Said ?? l.Test?.Id ?? l.Group.Name).ShouldBe(["z", "broken", "It left no message.", "left out", "ok 3", "a", "b"]);
    }

    [Fact]
    public void A_report_that_lists_no_tests_shows_its_failures_and_one_without_names_shows_none()
    {
        var old = ToldRun.Tests("abc", failed: 1);
        old.Remove("tests");
        var tree = TestTree.Of(old);
        (tree.Count, tree.Groups.Single().Name, tree.Groups[0].Tests[0].Message).ShouldBe((1, "Tags", "Expected 2 tags, found 0."));
        TestTree.Of(JsonNode.Parse("""{"tests": [1, {"id": 3}, {"suite": "x"}], "failures": "none"}""")).Count.ShouldBe(1);
        TestTree.Of(null).Count.ShouldBe(0);
    }

    [Fact]
    public void What_a_test_said_is_broken_into_lines_of_one_height()
    {
        var report = Report(("s", "t", "failed"));
        report["failures"] = new JsonArray(new JsonObject { ["id"] = "t", ["suite"] = "s", ["message"] = "first\r\n\n" + new string('x', 250) });
        TestTree.Of(report).Lines(null, "", new HashSet<string>()).Where(l => l.Said is not null).Select(l => l.Said!.Length).ShouldBe([5, 0, 120, 120, 10]);
    }

    [Fact]
    public async Task Filters_and_search_narrow_the_table_and_a_suite_folds_and_opens()
    {
        var table = Draw(Report(("a", "adds", "passed"), ("a", "breaks", "failed"), ("b", "waits", "skipped"), ("b", "adds more", "passed")));
        table.FindAll("tr.test").Count.ShouldBe(2);
        await Button(table, "▸ b").ClickAsync(new());
        table.FindAll("tr.test").Count.ShouldBe(4);
        await Button(table, "▾ a").ClickAsync(new());
        table.FindAll("tr.test").Count.ShouldBe(2);
        await Button(table, "Skipped 1").ClickAsync(new());
        table.FindAll("tr.test").Single().TextContent.ShouldStartWith("waits");
        await Button(table, "All 4").ClickAsync(new());
        await table.Find("input[type=search]").InputAsync("ADDS");
        table.FindAll("tr.test td:first-child").Select(t => t.TextContent.Trim()).ShouldBe(["adds", "adds more"]);
        await table.Find("input[type=search]").InputAsync("nothing like it");
        table.Find("[role=status]").TextContent.ShouldStartWith("No test is like that.");
        await Button(table, "Show all").ClickAsync(new());
        table.FindAll("tr.suite").Count.ShouldBe(2);
    }

    [Fact]
    public void Tests_that_are_only_counted_are_said_to_be() =>
        Draw(Report(("a", "adds", "passed")), total: 4000).Markup.ShouldContain("1 of 4,000 tests are named here; the others are only counted.");

    [Fact]
    public void Ten_thousand_tests_are_folded_in_a_moment()
    {
        var report = Report([.. Enumerable.Range(0, 10_000).Select(n => ($"suite {n % 50}", $"test {n}", n % 1000 == 0 ? "failed" : "passed"))]);
        var tree = TestTree.Of(report);
        tree.Lines(null, "", new HashSet<string>()).Count.ShouldBeLessThan(4000);
        tree.Lines(null, "test 99", new HashSet<string>()).Count(l => l.Test is not null && l.Said is null).ShouldBe(111);
    }

    IRenderedComponent<TestTable> Draw(JsonObject report, double? total = null) => Render<TestTable>(p => p.Add(t => t.Tree, TestTree.Of(report)).Add(t => t.Total, total));

    static AngleSharp.Dom.IElement Button(IRenderedComponent<TestTable> table, string says) => table.FindAll("button").First(b => b.TextContent.Trim() == says);

    static JsonObject Report(params (string Suite, string Id, string Outcome)[] tests) => new()
    {
        ["tests"] = new JsonArray([.. tests.Select(t => (JsonNode)new JsonObject { ["id"] = t.Id, ["suite"] = t.Suite, ["outcome"] = t.Outcome, ["seconds"] = .5 })]),
    };
}
