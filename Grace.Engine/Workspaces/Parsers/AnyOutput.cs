namespace Grace.Engine.Workspaces.Parsers;

/// <summary>The counts in the output of a script that may call any test tool, or several one after another or at once.</summary>
internal static class AnyOutput
{
    private static readonly (string Runner, Func<string, TestTally?> Read)[] Readers =
    [
        ("TAP", TapOutput.Read), ("jest, vitest or mocha", JavaScriptSummary.Read), ("unittest", PythonOutput.ReadUnittest), ("pytest", PythonOutput.ReadPytest),
        ("go test", GoOutput.Read), ("cargo test", CargoOutput.Read), ("dotnet test", DotnetOutput.Read),
    ];

    /// <summary>The sum over all tools whose words are found; null when there is none.</summary>
    public static TestTally? Read(string output)
    {
        var found = InStreams(output, loose: false);
        found = found.Count > 0 ? found : Known(output);
        found = found.Count > 0 ? found : InStreams(output, loose: true);
        if (found.Count == 0)
        {
            return PlainSummary.Read(output) ?? PlainLines.Read(output);
        }

        var tally = found.Select(one => one.Tally).Aggregate((left, right) => left + right);
        return found.Select(one => one.Runner).Distinct().Count() == 1 ? tally
            : tally with { Notes = [.. tally.Notes, $"Several runners reported: {string.Join(", ", found.GroupBy(one => one.Runner).Select(same => $"{same.Key} {same.Sum(one => one.Tally.Total)} tests"))}."] };
    }

    /// <summary>What the programs say that print with a name before each line, and with them what stands between; empty when there are none.</summary>
    private static List<(string Runner, TestTally Tally)> InStreams(string output, bool loose)
    {
        var streams = OutputStreams.Of(output, loose).Select(stream => (stream.Name, Found: Known(stream.Text))).ToList();
        return streams.Any(stream => stream.Name.Length > 0 && stream.Found.Count > 0)
            ? [.. streams.SelectMany(stream => stream.Found.Select(one => (stream.Name.Length > 0 ? $"{one.Runner} in {stream.Name}" : one.Runner, one.Tally)))] : [];
    }

    private static List<(string Runner, TestTally Tally)> Known(string output) =>
    [
        .. Readers.Select(reader => (reader.Runner, Tally: reader.Read(output))).Where(one => one.Tally is not null).Select(one => (one.Runner, one.Tally!)),
        .. SummaryTable.Read(output),
    ];
}
