using Grace.Engine.Workspaces.Parsers;

namespace Grace.Tests.Workspaces;

/// <summary>What runners printed for one test that passes, one that fails and mostly one that is skipped.</summary>
public sealed class RunnerTableTests
{
    [Theory]
    [InlineData("uvu", 1, 1, 1, "breaks", "no sum  (is)")]
    [InlineData("ava", 1, 1, 3, "breaks", "")]
    [InlineData("jasmine", 1, 1, 1, "maths breaks", "Expected 2 to be 3.")]
    [InlineData("tap", 1, 1, 0, "should be equal", null)]
    [InlineData("bun", 1, 1, 1, "breaks", "")]
    [InlineData("deno", 1, 1, 1, "breaks", "")]
    [InlineData("check", 1, 1, 0, "breaks", "Assertion '1+1 == 3' failed: 1+1 == 2, 3 == 3")]
    [InlineData("cmocka", 1, 1, 1, "breaks", "")]
    [InlineData("criterion", 1, 1, 0, "maths::breaks", "")]
    [InlineData("googletest", 1, 1, 1, "Maths.Breaks", "")]
    [InlineData("catch2", 1, 1, 0, "breaks", "REQUIRE( 1+1==3 )")]
    [InlineData("doctest", 1, 1, 0, "breaks", "ERROR: CHECK( 1+1==3 ) is NOT correct!")]
    [InlineData("rspec", 1, 1, 1, "maths breaks", "expected: 3")]
    [InlineData("minitest", 1, 1, 1, "Maths#test_breaks", "Expected: 3")]
    [InlineData("phpunit", 1, 1, 1, "MathsTest::testBreaks", "Failed asserting that 2 is identical to 3.")]
    [InlineData("exunit", 2, 1, 1, "test breaks (MTest)", "Assertion with == failed")]
    [InlineData("bats", 1, 1, 1, null, null)]
    [InlineData("bats-tap", 1, 1, 1, "breaks", null)]
    [InlineData("busted", 1, 1, 1, "maths breaks", "spec/a_spec.lua:1: Expected objects to be equal.")]
    [InlineData("behave", 1, 1, 0, "features/a.feature:4  breaks", "")]
    [InlineData("prove", 2, 1, 0, "t/a.t", "Wstat: 256 (exited 1) Tests: 2 Failed: 1")]
    [InlineData("prove-ok", 1, 0, 0, null, null)]
    [InlineData("ctest", 1, 1, 0, "breaks", "Failed")]
    [InlineData("automake", 1, 1, 1, "breaks.sh", "")]
    [InlineData("testing-platform", 1, 1, 1, "Breaks", "Assert.AreEqual failed. Expected:<3>. Actual:<2>. 'expected' expression: '3', 'actual' expression: '1+1'.")]
    [InlineData("testing-platform-run", 1, 1, 1, "Breaks", null)]
    [InlineData("xunit3", 1, 1, 1, "Maths.Breaks", "Assert.Equal() Failure: Values differ")]
    public void A_runner_is_counted_once_and_names_what_failed(string fixture, int passed, int failed, int skipped, string? name, string? message)
    {
        var tally = AnyOutput.Read(ParserTests.Fixture(fixture)).ShouldNotBeNull();
        (tally.Passed, tally.Failed, tally.Skipped).ShouldBe((passed, failed, skipped));
        tally.Notes.ShouldBeEmpty("one runner printed it");
        var failures = tally.Cases.Where(one => one.Outcome == TestOutcome.Failed).ToList();
        failures.Select(one => one.Id).ShouldBe(name is null ? [] : [name]);
        (message is null || failures.Single().Message == message).ShouldBeTrue(failures.SingleOrDefault()?.Message);
    }

    [Fact]
    public void What_ctest_writes_is_read_by_name()
    {
        var tally = JUnitFile.Read(ParserTests.Fixture("ctest-junit.xml")).ShouldNotBeNull();
        (tally.Passed, tally.Failed).ShouldBe((1, 1));
        tally.Cases.Single(one => one.Outcome == TestOutcome.Failed).Id.ShouldBe("breaks");
    }
}
