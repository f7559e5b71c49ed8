namespace Grace.Engine.Deployments;

/// <summary>How a release is started and asked whether it works. Kept with the release: it starts again as it did.</summary>
/// <param name="Command">Program and arguments, with <c>{port}</c>, <c>{host}</c>, <c>{data}</c> and <c>{release}</c> still to be filled.</param>
/// <param name="Environment">By name, with the same places.</param>
/// <param name="Health">The path that answers 200 while the service works.</param>
public sealed record StartPlan(IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment, string Health)
{
    public const string UsualHealth = "/health";

    /// <summary>Services are reached from this machine alone; whoever opens one to others puts something in front.</summary>
    public const string Host = "127.0.0.1";

    /// <summary>What .NET needs: a published assembly of ASP.NET Core.</summary>
    public static StartPlan Dotnet(string assembly) => new(
        ["dotnet", $"{{release}}/{assembly}"],
        new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = "http://{host}:{port}",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Data__Path"] = "{data}/service.db",
        },
        UsualHealth);

    /// <summary>The same with every place filled in.</summary>
    public StartPlan For(string release, string data, int port)
    {
        string Filled(string text) => Fill(text, ("{port}", $"{port}"), ("{host}", Host), ("{data}", data), ("{release}", release));
        return new([.. Command.Select(Filled)], Environment.ToDictionary(pair => pair.Key, pair => Filled(pair.Value)), Health);
    }

    public static string Fill(string text, params IEnumerable<(string Place, string Value)> values) =>
        values.Aggregate(text, (filled, value) => filled.Replace(value.Place, value.Value, StringComparison.Ordinal));
}
