using System.Text.RegularExpressions;

namespace Grace.Engine.Workspaces.Parsers;

/// <summary>The line with which <c>dotnet test</c> ends each project: for scripts that call it, where no results file is at hand.</summary>
internal static partial class DotnetOutput
{
    public static TestTally? Read(string output)
    {
        var results = PlainText.Lines(output).Select(line => Result().Match(line)).Where(match => match.Success).ToList();
        return results.Count == 0 ? null : results.Select(match => new TestTally(
            PlainText.Number(match.Groups["passed"]), PlainText.Number(match.Groups["failed"]), PlainText.Number(match.Groups["skipped"]), []))
            .Aggregate((left, right) => left + right);
    }

    [GeneratedRegex(@"^(?:Passed!|Failed!|Skipped!)\s+- Failed:\s+(?<failed>\d+), Passed:\s+(?<passed>\d+), Skipped:\s+(?<skipped>\d+), Total:\s+\d+")]
    private static partial Regex Result();
}
