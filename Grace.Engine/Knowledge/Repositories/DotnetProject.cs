using System.Xml.Linq;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What an MSBuild project file states. Imports and conditions are not evaluated; a property in a version stays as written.</summary>
/// <param name="License">An SPDX expression, as it is packed with.</param>
/// <param name="Frameworks">Those that it is built for.</param>
internal sealed record DotnetProject(
    bool IsExecutable, bool IsTest, IReadOnlyList<(string Name, string? Version, bool Private)> Packages, string? License = null, IReadOnlyList<string>? Frameworks = null)
{
    /// <summary>A file whose packages are those of all projects below it.</summary>
    public bool IsShared { get; init; }

    private static readonly string[] TestPackages = ["Microsoft.NET.Test.Sdk", "MSTest", "TUnit", "xunit.v3", "NUnit", "xunit"];

    public static DotnetProject Of(XDocument project)
    {
        var packages = project.Descendants()
            .Where(e => e.Name.LocalName is "PackageReference" or "GlobalPackageReference" && Value(e, "Include") is not null)
            .Select(e => (Value(e, "Include")!, Value(e, "VersionOverride") ?? Value(e, "Version"),
                string.Equals(Value(e, "PrivateAssets"), "all", StringComparison.OrdinalIgnoreCase)))
            .ToList();
        var sdk = project.Root?.Attribute("Sdk")?.Value ?? "";
        var output = Property(project, "OutputType");
        var isTest = string.Equals(Property(project, "IsTestProject"), "true", StringComparison.OrdinalIgnoreCase)
            || sdk.StartsWith("MSTest.Sdk", StringComparison.Ordinal)
            || packages.Any(package => TestPackages.Contains(package.Item1, StringComparer.OrdinalIgnoreCase));
        var runs = output is not null
            ? output.Equals("Exe", StringComparison.OrdinalIgnoreCase) || output.Equals("WinExe", StringComparison.OrdinalIgnoreCase)
            : sdk is "Microsoft.NET.Sdk.Web" or "Microsoft.NET.Sdk.Worker" or "Microsoft.NET.Sdk.BlazorWebAssembly";
        var frameworks = (Property(project, "TargetFrameworks") ?? Property(project, "TargetFramework") ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new DotnetProject(runs, isTest, packages, Property(project, "PackageLicenseExpression") is { Length: > 0 } license ? license : null, frameworks);
    }

    public static IReadOnlyDictionary<string, string> CentralVersions(XDocument props)
    {
        var versions = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var e in props.Descendants().Where(e => e.Name.LocalName is "PackageVersion" or "GlobalPackageReference"))
            if (Value(e, "Include") is { } name && Value(e, "Version") is { } version) versions[name] = version;
        return versions;
    }

    public IEnumerable<Dependency> Dependencies(SourceFile file, Func<string, IReadOnlyDictionary<string, string>?> central) =>
        Packages.Select(package => new Dependency(
            "nuget", package.Name, package.Version ?? central(file.Folder)?.GetValueOrDefault(package.Name),
            IsTest ? "test" : package.Private ? "build" : "runtime", file.Path));

    private static string? Property(XDocument project, string name) =>
        project.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value.Trim();

    private static string? Value(XElement element, string name) =>
        (element.Attribute(name)?.Value ?? element.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value)?.Trim()
            is { Length: > 0 } value ? value : null;
}
