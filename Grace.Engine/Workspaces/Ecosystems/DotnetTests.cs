using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Workspaces.Ecosystems;

/// <summary>One test project: its frameworks, and how its tests are run.</summary>
/// <param name="File">Absolute.</param>
/// <param name="Frameworks">As the project names them; empty where they cannot be found out.</param>
/// <param name="Program">Whether it is a program that runs its own tests and that <c>dotnet test</c> does not run.</param>
internal sealed partial record DotnetTests(string File, IReadOnlyList<string> Frameworks, bool Program)
{
    private static readonly string[] Marks = ["Microsoft.NET.Test.Sdk", "MSTest.Sdk", "\"MSTest\"", "\"MSTest.TestFramework", "\"xunit", "\"NUnit", "\"TUnit", "\"Expecto", "<IsTestProject>true"];

    public static bool Is(string file) => IsMarked(ForeignFile.Text(file));

    public static bool IsMarked(string text) => Marks.Any(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));

    /// <param name="shared">What all projects share, as text.</param>
    public static async Task<DotnetTests> OfAsync(Site site, string file, string shared)
    {
        var text = ForeignFile.Text(file) + shared;
        var told = await site.Ask(["dotnet", "msbuild", file, "-nologo", "-getProperty:TargetFramework", "-getProperty:TargetFrameworks"]).ConfigureAwait(false);
        var frameworks = Evaluated(told) ?? [.. Written().Matches(ForeignFile.Text(file) is var own && Written().IsMatch(own) ? own : shared).SelectMany(match => match.Groups[1].Value.Split(';', StringSplitOptions.TrimEntries)).Where(one => Version(one) is not null || one.StartsWith("net", StringComparison.Ordinal)).Distinct()];
        var program = text.Contains("\"TUnit", StringComparison.Ordinal) || Supports().IsMatch(text)
            || (text.Contains("\"xunit.v3", StringComparison.Ordinal) && !text.Contains("xunit.runner.visualstudio", StringComparison.Ordinal));
        return new DotnetTests(file, frameworks, program);
    }

    /// <summary>The major version of a framework that .NET itself runs, here on any system; null for others.</summary>
    public static Version? Version(string framework) =>
        Modern().Match(framework) is { Success: true } match && System.Version.TryParse(match.Groups[1].Value, out var version) && (match.Groups["core"].Success || version.Major >= 5) ? version : null;

    private static List<string>? Evaluated(string? told)
    {
        try
        {
            return told is not null && ForeignJson.Read(told) is JsonObject answer && answer["Properties"] is JsonObject properties
                && ($"{properties["TargetFrameworks"]}" is { Length: > 0 } several ? several : $"{properties["TargetFramework"]}") is { Length: > 0 } list
                ? [.. list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"<TargetFrameworks?(?:\s[^>]*)?>([^<]*)</TargetFrameworks?>")]
    private static partial Regex Written();

    [GeneratedRegex(@"^net(?<core>coreapp)?(\d+\.\d+)$")]
    private static partial Regex Modern();

    [GeneratedRegex(@"<TestingPlatformDotnetTestSupport>\s*true", RegexOptions.IgnoreCase)]
    private static partial Regex Supports();
}
