using System.Globalization;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>The results file that <c>dotnet test --logger trx</c> writes, one for each test project.</summary>
internal static class TrxFile
{
    public static TestTally? Read(string xml)
    {
        if (XmlText.Root(xml) is not { } root || root.Name.LocalName != "TestRun")
        {
            return null;
        }

        var classes = root.All("UnitTest").GroupBy(test => test.Text("id"))
            .ToDictionary(tests => tests.Key, tests => tests.First().All("TestMethod").FirstOrDefault()?.Text("className") ?? "");
        // A data-driven test of some frameworks holds its rows as inner results, which are what ran.
        var cases = root.All("UnitTestResult").Where(result => !result.All("UnitTestResult").Any()).Select(result => new TestCase(
            result.Text("testName"),
            classes.GetValueOrDefault(result.Text("testId"), ""),
            Outcome(result.Text("outcome")),
            result.All("Message").FirstOrDefault()?.Value)
        {
            Seconds = TimeSpan.TryParse(result.Text("duration"), CultureInfo.InvariantCulture, out var took) ? took.TotalSeconds : null,
        });
        return TestTally.Of([.. cases]);
    }

    private static TestOutcome Outcome(string outcome) => outcome switch
    {
        "Passed" => TestOutcome.Passed,
        "NotExecuted" or "NotRunnable" or "Inconclusive" or "Pending" => TestOutcome.Skipped,
        _ => TestOutcome.Failed,
    };
}
