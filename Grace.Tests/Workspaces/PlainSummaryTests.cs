using Grace.Engine.Workspaces.Parsers;

namespace Grace.Tests.Workspaces;

/// <summary>Runners that nobody else knows, and wrappers that put names before what others print.</summary>
public sealed class PlainSummaryTests
{
    [Theory]
    // one summary
    [InlineData("PASSED: 16\nFAILED: 0\n", 16, 0, 0)]
    [InlineData("Tests failed: 1\nTests passed: 348\n", 348, 1, 0)]
    [InlineData("25 tests, 24 passed, 1 failed\n", 24, 1, 0)]
    [InlineData("ALL TESTS PASSED (1234/1234)\n", 1234, 0, 0)]
    [InlineData("10/12 tests passed\n", 10, 2, 0)]
    [InlineData("12 passed, 1 failed, 2 skipped in 0.2s\n", 12, 1, 2)]
    [InlineData("All 42 tests passed!\n", 42, 0, 0)]
    [InlineData("Results: 3 passed; 1 failed\n", 3, 1, 0)]
    [InlineData("5 passed and 0 failed.\nTest passed.\n", 5, 0, 0)]
    [InlineData("| Suites  || Total    4 | Passed    4 | Failed    0 |\n| Tests   || Total   30 | Passed   29 | Failed    1 |\n| Asserts || Total  142 | Passed  141 | Failed    1 |\n", 29, 1, 0)]
    // several programs, each named by the command before it
    [InlineData("./a\nPASSED: 16\nFAILED: 0\n./b\nPASSED: 17\nFAILED: 1\n", 33, 1, 0)]
    // a counter that grows, and a sum at the end
    [InlineData("adding\n1 passed, 0 failed\ntaking\n2 passed, 0 failed\nlast\n2 passed, 1 failed\n", 2, 1, 0)]
    [InlineData("list: \n3 passed, 0 failed\ntree: \n2 passed, 1 failed\nTotal: 5 passed, 1 failed\n", 5, 1, 0)]
    // no summary
    [InlineData("PASS adds\nFAIL breaks\n  got 2\nPASS takes\n", 2, 1, 0)]
    [InlineData("adds ... ok\nbreaks ... FAILED\n", 1, 1, 0)]
    public void Counts_of_a_home_made_runner(string output, int passed, int failed, int skipped)
    {
        var tally = AnyOutput.Read(output).ShouldNotBeNull();
        (tally.Passed, tally.Failed, tally.Skipped).ShouldBe((passed, failed, skipped));
    }

    [Theory]
    [InlineData("retry 3 failed, giving up\n")]
    [InlineData("downloaded 12 files, 3 errors were corrected by the server\n")]
    [InlineData("✔ no problems\n")]
    [InlineData("checking for gcc... ok\nchecking for ld... ok\n")]
    [InlineData("FAIL adds\n")]
    [InlineData("Failed: 3\n")]
    public void Other_lines_are_no_counts(string output) => AnyOutput.Read(output).ShouldBeNull();

    [Fact]
    public void Assertions_are_told_as_such() =>
        AnyOutput.Read("120 assertions passed, 0 failed\n")!.Notes.Single().ShouldStartWith("The counts are of assertions");

    [Theory]
    [InlineData("web:test: Tests:       3 passed, 3 total\napi:test: Tests:       1 failed, 1 passed, 2 total\n", 4, 1)]
    [InlineData("packages/a test: # tests 2\npackages/a test: # pass 2\npackages/b test: # tests 1\npackages/b test: # pass 1\n", 3, 0)]
    [InlineData("[a]: 3 examples, 1 failure\n[b]: 2 examples, 0 failures\n", 4, 1)]
    [InlineData("web-1  | ===== 3 passed in 0.10s =====\napi-1  | ===== 2 passed, 1 failed in 0.10s =====\n", 5, 1)]
    [InlineData("web: Tests:       3 passed, 3 total\napi: Tests:       2 passed, 2 total\n", 5, 0)]
    public void Programs_that_print_at_once_are_told_apart(string output, int passed, int failed)
    {
        var tally = AnyOutput.Read(output).ShouldNotBeNull();
        (tally.Passed, tally.Failed).ShouldBe((passed, failed));
    }

    [Fact]
    public void Several_runners_in_one_command_are_added_up_and_named()
    {
        var tally = AnyOutput.Read("Tests:       3 passed, 3 total\n\n===== 2 passed in 0.10s =====\n").ShouldNotBeNull();
        tally.Passed.ShouldBe(5);
        tally.Notes.ShouldBe(["Several runners reported: jest, vitest or mocha 3 tests, pytest 2 tests."]);
    }
}
