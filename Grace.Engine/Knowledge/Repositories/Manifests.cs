using System.Text.Json.Nodes;
using System.Text.Json;
using System.Xml.Linq;
using System.Xml;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>The files that declare how a project is built, read once.</summary>
internal sealed class Manifests
{
    private const int FileLimit = 200;
    private const int DependencyLimit = 1000;

    public List<(SourceFile File, DotnetProject Project)> Dotnet { get; } = [];

    public List<(SourceFile File, JsonObject Package)> Node { get; } = [];

    public List<(SourceFile File, Toml Document)> Cargo { get; } = [];

    public List<(SourceFile File, Toml Document)> Python { get; } = [];

    public List<(SourceFile File, string Text)> Requirements { get; } = [];

    public List<(SourceFile File, string Text)> Go { get; } = [];

    public IReadOnlyList<Dependency> Dependencies { get; private set; } = [];

    public static Manifests Of(SourceTree tree)
    {
        var found = new Manifests();
        var central = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        int unreadable = 0, beyond = 0, read = 0;
        foreach (var file in tree.Files.Where(IsManifest))
        {
            if (read++ >= FileLimit)
            {
                beyond++;
                continue;
            }
            if (tree.Text(file) is not { } text || !found.Take(file, text, central)) unreadable++;
        }
        tree.Leave("manifests", unreadable, "Empty, too large or not well-formed.");
        tree.Leave("manifests", beyond, $"At most {FileLimit} are read.");
        tree.Leave("Maven and Gradle files", tree.Files.Count(IsJvm), "Their commands are named; their dependencies are not read.");
        found.Gather(tree, central);
        return found;
    }

    private static bool IsJvm(SourceFile file) => file.Name is "pom.xml" or "build.gradle" or "build.gradle.kts";

    private static bool IsManifest(SourceFile file) =>
        file.Name is "package.json" or "Cargo.toml" or "pyproject.toml" or "go.mod" or "Directory.Packages.props"
        || ((file.Name.StartsWith("requirements", StringComparison.Ordinal) || Path.GetFileName(file.Folder) == "requirements") && file.Name.EndsWith(".txt", StringComparison.Ordinal))
        || Path.GetExtension(file.Name) is ".csproj" or ".fsproj";

    /// <returns>False when the file is not what its name says.</returns>
    private bool Take(SourceFile file, string text, Dictionary<string, IReadOnlyDictionary<string, string>> central)
    {
        try
        {
            switch (file.Name)
            {
                case "package.json":
                    if (ForeignJson.Read(text) is not JsonObject package) return false;
                    Node.Add((file, package));
                    break;
                case "Cargo.toml": Cargo.Add((file, Toml.Read(text))); break;
                case "pyproject.toml": Python.Add((file, Toml.Read(text))); break;
                case "go.mod": Go.Add((file, text)); break;
                case "Directory.Packages.props": central[file.Folder] = DotnetProject.CentralVersions(Xml(text)); break;
                case var name when name.EndsWith(".txt", StringComparison.Ordinal): Requirements.Add((file, text)); break;
                default: Dotnet.Add((file, DotnetProject.Of(Xml(text)))); break;
            }
            return true;
        }
        catch (Exception e) when (e is JsonException or XmlException or ArgumentException)
        {
            return false;
        }
    }

    private void Gather(SourceTree tree, Dictionary<string, IReadOnlyDictionary<string, string>> central)
    {
        var all = Dotnet.SelectMany(m => m.Project.Dependencies(m.File, folder => Nearest(central, folder)))
            .Concat(Node.SelectMany(m => NodePackage.Dependencies(m.File, m.Package)))
            .Concat(Python.SelectMany(m => PythonProject.Dependencies(m.File, m.Document)))
            .Concat(Requirements.SelectMany(m => PythonProject.Requirements(m.File, m.Text)))
            .Concat(Go.SelectMany(m => GoModule.Dependencies(m.File, m.Text)))
            .Concat(Cargo.SelectMany(m => CargoPackage.Dependencies(m.File, m.Document)))
            .DistinctBy(d => (d.Ecosystem, d.Name, d.Version, d.Scope))
            .ToList();
        tree.Leave("dependencies", Math.Max(0, all.Count - DependencyLimit), $"At most {DependencyLimit} are listed.");
        Dependencies = [.. all.Take(DependencyLimit)];
    }

    /// <summary>NuGet takes the closest file on the way up.</summary>
    private static IReadOnlyDictionary<string, string>? Nearest(
        Dictionary<string, IReadOnlyDictionary<string, string>> central, string folder)
    {
        for (var at = folder; ; at = at.LastIndexOf('/') is var cut and >= 0 ? at[..cut] : ".")
        {
            if (central.TryGetValue(at, out var versions)) return versions;
            if (at == ".") return null;
        }
    }

    private static XDocument Xml(string text)
    {
        using var reader = XmlReader.Create(
            new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XDocument.Load(reader);
    }
}
