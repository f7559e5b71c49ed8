using Grace.Engine.Workspaces.Parsers;

namespace Grace.Engine.Workspaces;

/// <summary>Splits the counts into unit, integration and doc tests, for the console. Pure.</summary>
internal static class TestSuites
{
    public static IReadOnlyList<TestSuite> Of(IReadOnlyList<RanCommand> ran)
    {
        var suites = new Dictionary<string, TestTally> { ["unit"] = TestTally.Empty, ["integration"] = TestTally.Empty, ["doc"] = TestTally.Empty };
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
            var (passed, failed, skipped) = (tally.Passed, tally.Failed, tally.Skipped);
            foreach (var kind in new[] { "integration", "doc" })
            {
                var named = TestTally.Of([.. one.Tally!.Cases.Where(test => test.Kind == kind)]);
                var part = new TestTally(Math.Min(named.Passed, passed), Math.Min(named.Failed, failed), Math.Min(named.Skipped, skipped), []);
                suites[kind] += part;
                (passed, failed, skipped) = (passed - part.Passed, failed - part.Failed, skipped - part.Skipped);
            }

            suites["unit"] += new TestTally(passed, failed, skipped, []);
        }

        return [.. suites.Where(suite => suite.Value.Total > 0)
            .Select(suite => new TestSuite(suite.Key, suite.Value.Total, suite.Value.Passed, suite.Value.Failed, suite.Value.Skipped))];
    }
}
