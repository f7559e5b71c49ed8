using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>The files that declare how a project is built, read once and before everything else.</summary>
internal sealed class Manifests
{
    private const int FileLimit = 500;
    private const string What = "manifests";

    public List<(SourceFile File, DotnetProject Project)> Dotnet { get; } = [];

    public List<(SourceFile File, JsonObject Package)> Node { get; } = [];

    public List<(SourceFile File, JsonObject Package)> Composer { get; } = [];

    public List<(SourceFile File, Toml Document)> Cargo { get; } = [];

    public List<(SourceFile File, Toml Document)> Python { get; } = [];

    public List<(SourceFile File, IniFile Ini)> SetupCfg { get; } = [];

    public List<(SourceFile File, string Text)> SetupPy { get; } = [];

    public List<(SourceFile File, Toml Document)> Pipfiles { get; } = [];

    public List<(SourceFile File, JsonNode? Environment)> Conda { get; } = [];

    public List<(SourceFile File, string Text)> Requirements { get; } = [];

    public List<(SourceFile File, string Text)> Go { get; } = [];

    /// <summary>pnpm-workspace.yaml, by its folder.</summary>
    public Dictionary<string, JsonNode?> Pnpm { get; } = new(StringComparer.Ordinal);

    /// <summary>Central package versions of NuGet, by the folder of their file.</summary>
    public Dictionary<string, IReadOnlyDictionary<string, string>> Central { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Dependency> Dependencies { get; private set; } = [];

    public static Manifests Of(SourceTree tree)
    {
        var found = new Manifests();
        var files = tree.Files.Where(IsManifest).ToList();
        foreach (var file in files.Take(FileLimit))
            if (tree.Text(file, What) is { } text && found.Take(file, text) is { } wrong) tree.LeaveFile(What, file, wrong);
        tree.Leave(What, [.. files.Skip(FileLimit).Select(f => f.Path)], $"At most {FileLimit} are read");
        tree.Leave("constraints files", [.. tree.Files.Where(IsConstraints).Select(f => f.Path)], "They narrow versions and require nothing");
        SeenManifests.Tell(tree);
        found.Dependencies = DependencyList.Of(found, tree);
        return found;
    }

    private static bool IsConstraints(SourceFile file) => file.Name.StartsWith("constraints", StringComparison.OrdinalIgnoreCase) && file.Name.EndsWith(".txt", StringComparison.Ordinal);

    private static bool IsRequirements(SourceFile file) => !IsConstraints(file)
        && (file.Name.Contains("requirements", StringComparison.OrdinalIgnoreCase) || Path.GetFileName(file.Folder) == "requirements")
        && (file.Name.EndsWith(".txt", StringComparison.Ordinal) || file.Name.EndsWith(".in", StringComparison.Ordinal));

    private static bool IsManifest(SourceFile file) =>
        file.Name is "package.json" or "Cargo.toml" or "pyproject.toml" or "go.mod" or "Directory.Packages.props" or "Directory.Build.props" or "setup.cfg" or "setup.py" or "Pipfile"
            or "environment.yml" or "environment.yaml" or "pnpm-workspace.yaml" or "composer.json"
        || IsRequirements(file) || Path.GetExtension(file.Name) is ".csproj" or ".fsproj" or ".vbproj";

    /// <returns>Why the file is not what its name says; null where it is.</returns>
    private string? Take(SourceFile file, string text)
    {
        try
        {
            switch (file.Name)
            {
                case "package.json" or "composer.json":
                    if (ForeignJson.Read(text) is not JsonObject package) return "It is not well-formed: no JSON object";
                    (file.Name == "package.json" ? Node : Composer).Add((file, package));
                    break;
                case "Cargo.toml": Cargo.Add((file, Toml.Read(text))); break;
                case "pyproject.toml": Python.Add((file, Toml.Read(text))); break;
                case "Pipfile": Pipfiles.Add((file, Toml.Read(text))); break;
                case "setup.cfg": SetupCfg.Add((file, IniFile.Read(text))); break;
                case "setup.py": SetupPy.Add((file, text)); break;
                case "go.mod": Go.Add((file, text)); break;
                case "pnpm-workspace.yaml": Pnpm[file.Folder] = ForeignYaml.Read(text); break;
                case "environment.yml" or "environment.yaml": Conda.Add((file, ForeignYaml.Read(text))); break;
                case "Directory.Packages.props":
                    Central[file.Folder] = DotnetProject.CentralVersions(Xml(text));
                    Dotnet.Add((file, DotnetProject.Of(Xml(text)) with { IsShared = true }));
                    break;
                case "Directory.Build.props": Dotnet.Add((file, DotnetProject.Of(Xml(text)) with { IsShared = true })); break;
                case var _ when IsRequirements(file): Requirements.Add((file, text)); break;
                default: Dotnet.Add((file, DotnetProject.Of(Xml(text)))); break;
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or XmlException or FormatException or ArgumentException)
        {
            return "It is not well-formed";
        }
    }

    private static XDocument Xml(string text)
    {
        using var reader = XmlReader.Create(
            new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XDocument.Load(reader);
    }
}
