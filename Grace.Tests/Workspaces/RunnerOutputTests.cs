using Grace.Engine.Workspaces.Parsers;

namespace Grace.Tests.Workspaces;

/// <summary>What runners print in ways that are easily counted wrongly: passed, failed, skipped, and the names of what failed.</summary>
public sealed class RunnerOutputTests
{
    [Theory]
    // planned and never reported
    [InlineData("1..4\nok 1 - a\nok 2 - b\nBail out! no database\n", 2, 2, 0, "Bail out!")]
    [InlineData("1..4\nok 1 - a\nok 2 - b\n", 2, 2, 0, "2 planned")]
    [InlineData("Bail out! at once\n1..1\n", 0, 1, 0, "Bail out!")]
    [InlineData("ok 1 - a\nok 2 - b\n1..2\n", 2, 0, 0, "")]
    // points without a text, without a number, with a sign in it
    [InlineData("1..3\nok 1\nok 2\nnot ok 3\n", 2, 1, 0, "test 3")]
    [InlineData("1..2\nok - a\nnot ok - b\n", 1, 1, 0, "b")]
    [InlineData("1..1\nok 1 - closes issue #12\n", 1, 0, 0, "")]
    // directives
    [InlineData("1..4\nok 1 - a\nnot ok 2 # TODO later\nok 3 - c # SKIP no network\nnot ok 4 - d # todo\n", 1, 0, 3, "")]
    [InlineData("1..0 # SKIP nothing here\nok 1 - a\n", 1, 0, 0, "")]
    // nested
    [InlineData("# Subtest: p\n    ok 1 - c\n    ok 2 - d\n    1..2\nok 1 - p\n1..1\n", 2, 0, 0, "")]
    [InlineData("    ok 1 - c\n    not ok 2 - d\n    1..2\nnot ok 1 - p\n1..1\n", 1, 1, 0, "d")]
    [InlineData("    ok 1 - c\n    1..1\nnot ok 1 - p\n1..1\n", 1, 1, 0, "p")]
    // tape
    [InlineData("TAP version 13\n# one\nok 1 a\nok 2 b\nok 3 c\n\n1..3\n# tests 3\n# pass  3\n\n# ok\n", 3, 0, 0, "")]
    [InlineData("TAP version 13\n# one\nok 1 a\nnot ok 2 b\n\n1..2\n# tests 2\n# pass  1\n# fail  1\n", 1, 1, 0, "b")]
    public void Tap(string output, int passed, int failed, int skipped, string names) => Is(TapOutput.Read(output), passed, failed, skipped, names);

    [Theory]
    [InlineData("TAP version 13\n# Subtest: vite.config.js\nok 1 - vite.config.js\n  ---\n  location: '/w/a.test.js:3:1'\n  ...\n# Subtest: src/main.ts\nok 2 - src/main.ts\n  ---\n  location: '/w/a.test.js:4:1'\n  ...\n1..2\n# tests 2\n# pass 2\n# fail 0\n", 2)]
    [InlineData("TAP version 13\n# Subtest: /w/empty.test.js\nok 1 - /w/empty.test.js\n  ---\n  location: '/w/empty.test.js:1:1'\n  ...\n1..1\n# tests 1\n# pass 1\n# fail 0\n", 0)]
    [InlineData("✔ index.mjs (1.2ms)\n✔ src/main.ts (0.2ms)\n✔ vite.config.js (0.2ms)\nℹ tests 3\nℹ suites 0\nℹ pass 3\nℹ fail 0\n", 3)]
    [InlineData("✔ empty.test.js (30.2ms)\nℹ tests 1\nℹ suites 0\nℹ pass 1\nℹ fail 0\n", 0)]
    public void Node_names_files_and_tests_alike(string output, int passed) => Is(TapOutput.Read(output), passed, 0, 0, "");

    [Theory]
    [InlineData("""
        test_even (tests.test_a.T.test_even) ... 
          test_even (tests.test_a.T.test_even) (i=1) ... FAIL
          test_even (tests.test_a.T.test_even) (i=3) ... FAIL
          test_even (tests.test_a.T.test_even) (i=5) ... FAIL
        test_ok (tests.test_a.T.test_ok) ... ok

        ======================================================================
        FAIL: test_even (tests.test_a.T.test_even) (i=1)
        ----------------------------------------------------------------------
        AssertionError: 1 != 0
        ======================================================================
        FAIL: test_even (tests.test_a.T.test_even) (i=3)
        ----------------------------------------------------------------------
        AssertionError: 1 != 0
        ======================================================================
        FAIL: test_even (tests.test_a.T.test_even) (i=5)
        ----------------------------------------------------------------------
        AssertionError: 1 != 0
        ----------------------------------------------------------------------
        Ran 2 tests in 0.001s

        FAILED (failures=3)
        """, 1, 1, 0, "tests.test_a.T.test_even")]
    [InlineData("""
        test_logs (tests.test_a.T.test_logs) ... WARNING:root:something is odd
        FAIL
        test_two (tests.test_a.T.test_two) ... prints
        ok

        ======================================================================
        FAIL: test_logs (tests.test_a.T.test_logs)
        ----------------------------------------------------------------------
        AssertionError: no
        ----------------------------------------------------------------------
        Ran 2 tests in 0.001s

        FAILED (failures=1)
        """, 1, 1, 0, "tests.test_a.T.test_logs")]
    [InlineData("""
        test_one (tests.test_a.T) ... FAIL
        test_two (tests.test_a.T) ... FAIL

        ======================================================================
        FAIL: test_one (tests.test_a.T)
        ----------------------------------------------------------------------
        AssertionError: no
        ======================================================================
        FAIL: test_two (tests.test_a.T)
        ----------------------------------------------------------------------
        AssertionError: no
        ----------------------------------------------------------------------
        Ran 2 tests in 0.001s

        FAILED (failures=2)
        """, 0, 2, 0, "tests.test_a.T.test_one, tests.test_a.T.test_two")]
    public void Unittest(string output, int passed, int failed, int skipped, string names) => Is(PythonOutput.ReadUnittest(output), passed, failed, skipped, names);

    [Theory]
    [InlineData("=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n    a_test.go:9: no\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\texample.com/a\t0.01s\n", 1, 1, 0, "TestB")]
    [InlineData("--- PASS: TestP (0.00s)\n    --- PASS: TestP/http (0.00s)\n    --- PASS: TestP/http/2 (0.00s)\nok  \texample.com/a\t0.01s\n", 2, 0, 0, "")]
    [InlineData("--- PASS: TestP (0.00s)\n    --- PASS: TestP/http (0.00s)\n        --- PASS: TestP/http/2 (0.00s)\nok  \texample.com/a\t0.01s\n", 1, 0, 0, "")]
    [InlineData("--- FAIL: TestP (0.00s)\n    --- PASS: TestP/http (0.00s)\nFAIL\texample.com/a\t0.01s\n", 1, 1, 0, "TestP")]
    [InlineData("--- FAIL: TestP (0.00s)\n    --- FAIL: TestP/http (0.00s)\n    --- SKIP: TestP/ftp (0.00s)\nFAIL\texample.com/a\t0.01s\n", 0, 1, 1, "TestP/http")]
    [InlineData("{\"Action\":\"output\",\"Package\":\"a\",\"Test\":\"TestP\",\"Output\":\"--- FAIL: TestP (0.00s)\\n\"}\n{\"Action\":\"output\",\"Package\":\"a\",\"Test\":\"TestP/x\",\"Output\":\"    --- PASS: TestP/x (0.00s)\\n\"}\n{\"Action\":\"pass\",\"Package\":\"a\",\"Test\":\"TestP/x\"}\n{\"Action\":\"fail\",\"Package\":\"a\",\"Test\":\"TestP\"}\n", 1, 1, 0, "TestP")]
    [InlineData("ok  \texample.com/a\t0.01s\n", -1, 0, 0, "")]
    public void Go(string output, int passed, int failed, int skipped, string names) => Is(GoOutput.Read(output), passed, failed, skipped, names);

    [Fact]
    public void A_hundred_thousand_points_are_read_at_once()
    {
        var points = string.Concat(Enumerable.Range(1, 100_000).Select(i => $"    ok {i} - t{i}\n"));
        Is(TapOutput.Read(points + "ok 1 - all\n1..1\n"), 100_000, 0, 0, "");
    }

    static void Is(TestTally? tally, int passed, int failed, int skipped, string names)
    {
        if (passed < 0)
        {
            tally.ShouldBeNull();
            return;
        }

        tally.ShouldNotBeNull();
        (tally.Passed, tally.Failed, tally.Skipped).ShouldBe((passed, failed, skipped));
        string.Join(", ", tally.Cases.Where(one => one.Outcome == TestOutcome.Failed).Select(one => one.Id)).ShouldBe(names);
    }
}
