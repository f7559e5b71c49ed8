namespace Grace.Engine.Workspaces.Parsers;

/// <summary>The counts in the output of a script that may call any test tool, or several one after another.</summary>
internal static class AnyOutput
{
    private static readonly Func<string, TestTally?>[] Readers =
        [TapOutput.Read, JavaScriptSummary.Read, PythonOutput.ReadUnittest, PythonOutput.ReadPytest, GoOutput.Read, CargoOutput.Read, DotnetOutput.Read];

    /// <summary>The sum over all tools whose words are found; null when there is none.</summary>
    public static TestTally? Read(string output) =>
        Readers.Select(read => read(output)).OfType<TestTally>().Aggregate((TestTally?)null, (sum, one) => (sum ?? TestTally.Empty) + one);
}
