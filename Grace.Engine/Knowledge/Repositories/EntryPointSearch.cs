using System.Text.Json.Nodes;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>Where a program starts, by declaration or by the language's convention.</summary>
internal static class EntryPointSearch
{
    private const int Limit = 40;

    public static IReadOnlyList<EntryPoint> Of(SourceTree tree, Manifests manifests)
    {
        var all = Dotnet(manifests).Concat(Node(tree, manifests)).Concat(Python(tree, manifests)).Concat(Go(tree, manifests))
            .Concat(Cargo(tree, manifests)).Concat(Containers(tree)).Distinct().ToList();
        tree.Leave("entry points", Math.Max(0, all.Count - Limit), $"At most {Limit} are listed.");
        return [.. all.Take(Limit)];
    }

    private static IEnumerable<EntryPoint> Dotnet(Manifests manifests) =>
        manifests.Dotnet.Where(m => m.Project is { IsExecutable: true, IsTest: false, IsShared: false })
            .Select(m => new EntryPoint("executable project", m.File.Path, Path.GetFileNameWithoutExtension(m.File.Name)));

    private static IEnumerable<EntryPoint> Node(SourceTree tree, Manifests manifests)
    {
        foreach (var (file, package) in manifests.Node)
        {
            if (NodePackage.Text(package["main"]) is { } main) yield return new("package main", file.Path, main);
            // Where package.json names none, Node.js takes index.js.
            else if (tree.Has(file.Folder == "." ? "index.js" : $"{file.Folder}/index.js")) yield return new("package main", file.Path, "index.js");
            if (NodePackage.Script(package, "start") is { } start) yield return new("start script", file.Path, start);
            if (NodePackage.Text(package["bin"]) is { } only) yield return new("command", file.Path, only);
            else if (package["bin"] is JsonObject commands)
                foreach (var command in commands) yield return new("command", file.Path, command.Key);
        }
    }

    private static IEnumerable<EntryPoint> Python(SourceTree tree, Manifests manifests)
    {
        foreach (var (file, document) in manifests.Python)
            foreach (var script in document.Entries.Where(e => e.Table is "project.scripts" or "tool.poetry.scripts"))
                yield return new("command", file.Path, script.Key);
        foreach (var (file, ini) in manifests.SetupCfg)
            foreach (var script in (ini.Value("options.entry_points", "console_scripts") ?? "").Split('\n').Where(line => line.Contains('=')))
                yield return new("command", file.Path, script[..script.IndexOf('=')].Trim());
        foreach (var file in tree.Files.Where(f => f.Name == "__main__.py" || (f.Depth == 0 && f.Name is "manage.py" or "main.py" or "app.py" or "wsgi.py")))
            yield return new("script", file.Path, null);
    }

    private static IEnumerable<EntryPoint> Go(SourceTree tree, Manifests manifests)
    {
        if (manifests.Go.Count == 0) yield break;
        foreach (var file in tree.Files.Where(f => f.Name == "main.go").Take(Limit))
            if (tree.Text(file) is { } text && text.Contains("package main", StringComparison.Ordinal))
                yield return new("main package", file.Path, file.Folder == "." ? null : file.Folder[(file.Folder.LastIndexOf('/') + 1)..]);
    }

    private static IEnumerable<EntryPoint> Cargo(SourceTree tree, Manifests manifests)
    {
        foreach (var (file, document) in manifests.Cargo)
        {
            var source = file.Folder == "." ? "src/" : $"{file.Folder}/src/";
            if (tree.Has(source + "main.rs")) yield return new("binary", source + "main.rs", document.Text("package", "name"));
            foreach (var entry in document.Entries.Where(e => e is { Table: "bin[]", Key: "name" }))
                yield return new("binary", file.Path, Toml.Strings(entry.Value).FirstOrDefault());
            foreach (var binary in tree.Files.Where(f => f.Folder == source + "bin" && f.Name.EndsWith(".rs", StringComparison.Ordinal)))
                yield return new("binary", binary.Path, Path.GetFileNameWithoutExtension(binary.Name));
        }
    }

    private static IEnumerable<EntryPoint> Containers(SourceTree tree)
    {
        foreach (var file in tree.Files.Where(f => f.Name is "Dockerfile" or "Containerfile").Take(10))
            if (tree.Text(file) is { } text)
                yield return new("container", file.Path, text.Split('\n').Select(line => line.Trim())
                    .LastOrDefault(line => line.StartsWith("ENTRYPOINT", StringComparison.OrdinalIgnoreCase) || line.StartsWith("CMD", StringComparison.OrdinalIgnoreCase)));
    }
}
