namespace Grace.Engine.Knowledge.Repositories;

/// <summary>What all manifests of a repository require, each once.</summary>
internal static class DependencyList
{
    private const int DependencyLimit = 1000;

    public static IReadOnlyList<Dependency> Of(Manifests manifests, SourceTree tree)
    {
        var shared = manifests.Cargo.Select(m => (m.File.Folder, Versions: CargoPackage.Shared(m.Document))).Where(w => w.Versions.Count > 0).ToList();
        HashSet<string> read = new(StringComparer.Ordinal);
        var all = manifests.Dotnet.SelectMany(m => m.Project.Dependencies(m.File, folder => Nearest(folder, manifests.Central)))
            .Concat(manifests.Node.SelectMany(m => NodePackage.Dependencies(m.File, m.Package, (catalog, name) => PnpmCatalog.Version(manifests.Pnpm, m.File.Folder, catalog, name))))
            .Concat(manifests.Composer.SelectMany(m => NodePackage.Composer(m.File, m.Package)))
            .Concat(manifests.Python.SelectMany(m => PythonProject.Dependencies(m.File, m.Document)))
            .Concat(manifests.SetupCfg.SelectMany(m => PythonSetup.Dependencies(m.File, m.Ini)))
            .Concat(manifests.SetupPy.SelectMany(m => Literals(m.File, m.Text, tree)))
            .Concat(manifests.Pipfiles.SelectMany(m => PythonSetup.Pipfile(m.File, m.Document)))
            .Concat(manifests.Conda.SelectMany(m => PythonSetup.Conda(m.File, m.Environment)))
            .Concat(manifests.Requirements.SelectMany(m => PythonRequirements.Of(m.File, m.Text, tree, read)))
            .Concat(manifests.Go.SelectMany(m => GoModule.Dependencies(m.File, m.Text)))
            .Concat(manifests.Cargo.SelectMany(m => CargoPackage.Dependencies(m.File, m.Document, name =>
                shared.Where(w => IsAbove(w.Folder, m.File.Folder)).OrderByDescending(w => w.Folder.Length).Select(w => w.Versions.GetValueOrDefault(name)).FirstOrDefault(v => v is not null))))
            .DistinctBy(d => (d.Ecosystem, d.Name, d.Version, d.Scope))
            .ToList();
        tree.Leave("dependencies", Math.Max(0, all.Count - DependencyLimit), $"At most {DependencyLimit} are listed.");
        return [.. all.Take(DependencyLimit)];
    }

    private static IReadOnlyList<Dependency> Literals(SourceFile file, string text, SourceTree tree)
    {
        var found = PythonSetup.Literals(file, text, out var whole);
        tree.LeaveFile("manifests", file, whole
            ? "It is a program and is not run: only lists of plain texts in it are read"
            : "It is a program and is not run, and works its requirements out: only lists of plain texts in it are read");
        return found;
    }

    private static bool IsAbove(string folder, string other) => folder == "." || folder == other || other.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>NuGet takes the closest file on the way up.</summary>
    private static IReadOnlyDictionary<string, string>? Nearest(string folder, Dictionary<string, IReadOnlyDictionary<string, string>> central)
    {
        for (var at = folder; ; at = at.LastIndexOf('/') is var cut and >= 0 ? at[..cut] : ".")
        {
            if (central.TryGetValue(at, out var versions)) return versions;
            if (at == ".") return null;
        }
    }
}
