using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grace.Engine.Text;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>Which language versions a project asks for.</summary>
internal static partial class Runtimes
{
    private const int Limit = 20;

    public static IReadOnlyList<RuntimeNeed> Of(Manifests manifests) =>
        [.. Python(manifests)
            .Concat(manifests.Node.Select(m => Need("node", NodePackage.Text((m.Package["engines"] as JsonObject)?["node"]), m.File)))
            .Concat(manifests.Composer.Select(m => Need("php", NodePackage.Text((m.Package["require"] as JsonObject)?["php"]), m.File)))
            .Concat(manifests.Go.Select(m => Need("go", GoDirective().Match(m.Text) is { Success: true } go ? go.Groups[1].Value : null, m.File)))
            .Concat(manifests.Cargo.Select(m => Need("rust", m.Document.Text("package", "rust-version") ?? m.Document.Text("workspace.package", "rust-version"), m.File)))
            .Concat(manifests.Dotnet.SelectMany(m => (m.Project.Frameworks ?? []).Select(f => Need("dotnet", f, m.File))))
            .OfType<RuntimeNeed>().DistinctBy(n => (n.Runtime, n.Version)).Take(Limit)];

    private static IEnumerable<RuntimeNeed?> Python(Manifests manifests) =>
        manifests.Python.Select(m => Need("python", m.Document.Text("project", "requires-python") ?? m.Document.Text("tool.poetry.dependencies", "python"), m.File))
            .Concat(manifests.SetupCfg.Select(m => Need("python", m.Ini.Value("options", "python_requires"), m.File)))
            .Concat(manifests.SetupPy.Select(m => Need("python", PythonRequires().Match(m.Text) is { Success: true } said ? said.Groups["text"].Value : null, m.File)))
            .Concat(manifests.Pipfiles.Select(m => Need("python", m.Document.Text("requires", "python_version") ?? m.Document.Text("requires", "python_full_version"), m.File)));

    private static RuntimeNeed? Need(string runtime, string? version, SourceFile file) =>
        string.IsNullOrWhiteSpace(version) || version.Length > 100 ? null : new(runtime, CleanText.Line(version, 100), file.Path);

    [GeneratedRegex(@"^go[ \t]+([0-9][\w.]*)", RegexOptions.Multiline)]
    private static partial Regex GoDirective();

    [GeneratedRegex(@"\bpython_requires\s*=\s*[""'](?<text>[^""'\n]*)[""']")]
    private static partial Regex PythonRequires();
}
