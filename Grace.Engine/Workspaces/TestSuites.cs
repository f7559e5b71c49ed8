using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces;

/// <summary>Splits the counts into unit and integration tests, for the console. Pure.</summary>
internal static class TestSuites
{
    public static IReadOnlyList<TestSuite> Of(IReadOnlyList<RanCommand> ran)
    {
        var suites = new Dictionary<string, TestTally> { ["unit"] = TestTally.Empty, ["integration"] = TestTally.Empty };
        foreach (var one in ran.Where(one => one.Tally is not null))
        {
            var tally = one.Tally! with { Cases = [] };
            // A script of its own for integration tests says it for all of its tests.
            if (one.Planned.Ecosystem == "npm" && one.Planned.Argv[^1].Contains("integration", StringComparison.OrdinalIgnoreCase))
            {
                suites["integration"] += tally;
                continue;
            }

            // The counts are what is sure; the names may be fewer. What has no name that says otherwise is a unit test.
            var named = TestTally.Of([.. one.Tally!.Cases.Where(test => test.Kind == "integration")]);
            var (passed, failed, skipped) = (Math.Min(named.Passed, tally.Passed), Math.Min(named.Failed, tally.Failed), Math.Min(named.Skipped, tally.Skipped));
            suites["integration"] += new TestTally(passed, failed, skipped, []);
            suites["unit"] += new TestTally(tally.Passed - passed, tally.Failed - failed, tally.Skipped - skipped, []);
        }

        return [.. suites.Where(suite => suite.Value.Total > 0)
            .Select(suite => new TestSuite(suite.Key, suite.Value.Total, suite.Value.Passed, suite.Value.Failed, suite.Value.Skipped))];
    }
}
