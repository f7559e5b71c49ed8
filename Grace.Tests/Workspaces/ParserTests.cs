using System.Runtime.CompilerServices;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Tests.Workspaces;

/// <summary>The fixtures are what the tools themselves printed (node 20, jest 30, mocha 11, vitest 4, Python 3.11, pytest 7.2, go 1.19, cargo 1.95, .NET 10).</summary>
public sealed class ParserTests
{
    [Fact]
    public void A_trx_file_tells_every_test_with_its_class()
    {
        var tally = TrxFile.Read(Fixture("unit.trx"))! + TrxFile.Read(Fixture("integration.trx"))!;

        Counts(tally).ShouldBe((4, 1, 1));
        var failure = tally.Cases.Single(one => one.Outcome == TestOutcome.Failed);
        failure.Id.ShouldBe("Calc.Tests.MathsTests.Fails");
        failure.Suite.ShouldBe("Calc.Tests.MathsTests");
        failure.Message.ShouldNotBeNull().ShouldContain("Expected: 3");
        tally.Cases.Count(one => one.Kind == "integration").ShouldBe(1);
    }

    [Fact]
    public void A_junit_file_tells_failures_errors_and_skips()
    {
        var tally = JUnitFile.Read(Fixture("pytest-junit.xml"))!;

        Counts(tally).ShouldBe((2, 2, 2));
        tally.Cases.Single(one => one.Kind == "integration").Id.ShouldBe("tests.integration.test_b.test_i");
        Counts(JUnitFile.Read(Fixture("node-junit.xml"))!).ShouldBe((3, 1, 2));
    }

    [Fact]
    public void How_long_a_test_took_is_told_where_its_tool_tells_it()
    {
        TrxFile.Read("""<TestRun><Results><UnitTestResult testName="t" outcome="Passed" duration="00:00:01.5000000" /><UnitTestResult testName="u" outcome="Passed" duration="soon" /></Results></TestRun>""")!
            .Cases.Select(one => one.Seconds).ShouldBe([1.5, null]);
        JUnitFile.Read("""<testsuite><testcase name="a" time="0.25" /><testcase name="b" time="NaN" /><testcase name="c" time="-1" /><testcase name="d" /></testsuite>""")!
            .Cases.Select(one => one.Seconds).ShouldBe([.25, null, null, null]);
        JestFile.Read("""{"testResults": [{"name": "a.js", "assertionResults": [{"title": "t", "status": "passed", "duration": 40}, {"title": "u", "status": "passed", "duration": null}]}]}""", "/w")!
            .Cases.Select(one => one.Seconds).ShouldBe([.04, null]);
        JUnitFile.Read(Fixture("pytest-junit.xml"))!.Cases.ShouldAllBe(one => one.Seconds >= 0);
    }

    [Theory]
    [InlineData("<testsuites><testsuite>")]
    [InlineData("")]
    [InlineData("<html/>")]
    public void A_results_file_that_is_broken_or_something_else_counts_nothing(string text)
    {
        JUnitFile.Read(text).ShouldBeNull();
        TrxFile.Read(text).ShouldBeNull();
        CoberturaFile.LinePercent([text]).ShouldBeNull();
    }

    [Theory]
    [InlineData("node-tap", 3, 1, 2)]
    [InlineData("node-spec", 3, 1, 2)]
    [InlineData("jest", 1, 1, 2)]
    [InlineData("vitest", 1, 1, 2)]
    [InlineData("mocha", 1, 1, 1)]
    [InlineData("unittest", 1, 3, 2)]
    [InlineData("pytest", 2, 2, 2)]
    [InlineData("go-json", 2, 2, 1)]
    [InlineData("cargo", 3, 1, 1)]
    [InlineData("dotnet-test", 4, 1, 1)]
    public void The_output_of_any_tool_is_counted(string fixture, int passed, int failed, int skipped) =>
        Counts(AnyOutput.Read(Fixture(fixture)).ShouldNotBeNull()).ShouldBe((passed, failed, skipped));

    [Theory]
    [InlineData("node-tap", "fails plainly", "2 == 3")]
    [InlineData("node-spec", "fails plainly", "AssertionError")]
    [InlineData("jest", "maths › fails", "expect(received).toBe(expected)")]
    [InlineData("vitest", "maths > fails", "AssertionError: expected 2 to be 3")]
    [InlineData("mocha", "maths › fails", "AssertionError [ERR_ASSERTION]: 2 == 3")]
    [InlineData("unittest", "test_a.Maths.test_fails", "AssertionError: 2 != 3")]
    [InlineData("go-json", "TestFails/sub", "got 2, want 3")]
    [InlineData("cargo", "tests::fails", "assertion `left == right` failed")]
    public void A_failure_has_its_name_and_its_message(string fixture, string id, string message)
    {
        var failures = AnyOutput.Read(Fixture(fixture))!.Cases.Where(one => one.Outcome == TestOutcome.Failed).ToList();

        failures.Select(one => one.Id).ShouldContain(id);
        failures.First(one => one.Id == id).Message.ShouldNotBeNull().ShouldContain(message);
    }

    [Theory]
    [InlineData("TAP version 13\n1..0\n# tests 0\n# suites 0\n# pass 0\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0")]
    [InlineData("TAP version 13\n# Subtest: /srv/calc/a.test.js\nok 1 - /srv/calc/a.test.js\n  ---\n  duration_ms: 1\n  ...\n1..1\n# tests 1\n# suites 0\n# pass 1\n# fail 0")]
    [InlineData("✔ /srv/calc/a.test.js (102.6ms)\nℹ tests 1\nℹ suites 0\nℹ pass 1\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0")]
    [InlineData("----------\nRan 0 tests in 0.000s\n\nOK")]
    public void No_test_and_a_file_without_one_are_zero_tests(string output) => Counts(AnyOutput.Read(output)!).ShouldBe((0, 0, 0));

    [Theory]
    [InlineData("")]
    [InlineData("all good, 12 things checked")]
    [InlineData("ok\nPASS\n")]
    [InlineData("No tests found, exiting with code 0")]
    public void Words_without_counts_are_not_counted(string output) => AnyOutput.Read(output).ShouldBeNull();

    [Fact]
    public void Cargos_folder_of_integration_tests_is_told_apart() =>
        CargoOutput.Read(Fixture("cargo"))!.Cases.Where(one => one.Kind == "integration").Select(one => one.Id).ShouldBe(["through"]);

    [Fact]
    public void Coverage_of_several_projects_is_the_union_of_their_lines()
    {
        static string File(string lines) => $"<coverage><class filename='a.cs'><lines>{lines}</lines></class></coverage>";

        CoberturaFile.LinePercent([Fixture("cobertura.xml")]).ShouldBe(100);
        CoberturaFile.LinePercent([
            File("<line number='1' hits='1'/><line number='2' hits='0'/><line number='3' hits='0'/>"),
            File("<line number='1' hits='0'/><line number='2' hits='4'/><line number='3' hits='0'/>")]).ShouldBe(66.7);
    }

    internal static string Fixture(string name, [CallerFilePath] string here = "") =>
        System.IO.File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "Fixtures", name + ".txt"));

    private static (int Passed, int Failed, int Skipped) Counts(TestTally tally) => (tally.Passed, tally.Failed, tally.Skipped);
}
