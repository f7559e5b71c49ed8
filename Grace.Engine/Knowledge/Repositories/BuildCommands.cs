using System.Text.RegularExpressions;

namespace Grace.Engine.Knowledge.Repositories;

/// <summary>How a project is built and tested, as far as its own files say so.</summary>
internal static partial class BuildCommands
{
    private const int Limit = 40;
    private const int DepthLimit = 3;

    public static IReadOnlyList<BuildCommand> Of(SourceTree tree, Manifests manifests)
    {
        var all = Dotnet(tree, manifests).Concat(Node(tree, manifests)).Concat(Python(tree, manifests)).Concat(Go(manifests))
            .Concat(Cargo(manifests)).Concat(Make(tree)).Concat(Jvm(tree)).ToList();
        tree.Leave("build and test commands", Math.Max(0, all.Count - Limit), $"At most {Limit} are listed.");
        return [.. all.Take(Limit)];
    }

    private static IEnumerable<BuildCommand> Dotnet(SourceTree tree, Manifests manifests)
    {
        var solution = tree.Files.FirstOrDefault(file => file.Depth <= DepthLimit && Path.GetExtension(file.Name) is ".sln" or ".slnx");
        if (solution is not null)
        {
            yield return new("dotnet", "build", $"dotnet build {solution.Name}", solution.Folder, solution.Path);
            if (manifests.Dotnet.FirstOrDefault(m => m.Project is { IsTest: true, IsShared: false }).File is { } test)
                yield return new("dotnet", "test", $"dotnet test {solution.Name}", solution.Folder, test.Path);
            yield break;
        }
        foreach (var (file, project) in manifests.Dotnet.Where(m => !m.Project.IsShared))
            yield return new("dotnet", project.IsTest ? "test" : "build", $"dotnet {(project.IsTest ? "test" : "build")} {file.Name}", file.Folder, file.Path);
    }

    private static IEnumerable<BuildCommand> Node(SourceTree tree, Manifests manifests)
    {
        var workspaces = manifests.Node.Select(m => NodeWorkspace.Of(m.File, m.Package, manifests.Pnpm)).OfType<NodeWorkspace>().ToList();
        foreach (var (file, package) in manifests.Node.Where(m => m.File.Depth <= DepthLimit && !workspaces.Any(w => w.Folder != m.File.Folder && w.Has(m.File.Folder))))
        {
            var runner = tree.Has(Beside(file, "pnpm-lock.yaml")) ? "pnpm" : tree.Has(Beside(file, "yarn.lock")) ? "yarn" : "npm";
            // What lies below a workspace and belongs to none (templates, examples) is built on purpose only.
            var apart = workspaces.Any(w => w.Folder != file.Folder && (w.Folder == "." || file.Folder.StartsWith(w.Folder + "/", StringComparison.Ordinal)));
            if (!apart && NodePackage.Script(package, "build") is not null)
                yield return new(runner, "build", $"{runner} run build", file.Folder, file.Path);
            // What "npm init" writes fails on purpose.
            if (NodePackage.Script(package, "test") is { } test && !test.Contains("no test specified", StringComparison.Ordinal))
                yield return new(runner, "test", $"{runner} test", file.Folder, file.Path);
        }
    }

    private static IEnumerable<BuildCommand> Python(SourceTree tree, Manifests manifests)
    {
        // What lies below a package (examples, test data) is built with it or on purpose only.
        var packages = manifests.Python.Where(m => m.Document.Tables.Contains("build-system")).ToList();
        foreach (var (file, _) in Outermost(packages, m => m.File, _ => true))
            yield return new("python", "build", "python -m build", file.Folder, file.Path);

        var pytest = tree.Files.FirstOrDefault(f => f.Name is "pytest.ini" or "conftest.py" or ".pytest.ini")?.Path
            ?? manifests.Python.FirstOrDefault(m => m.Document.Tables.Any(t => t.StartsWith("tool.pytest", StringComparison.Ordinal))).File?.Path
            ?? manifests.Dependencies.FirstOrDefault(d => d is { Ecosystem: "pypi", Name: "pytest" })?.DeclaredIn;
        var tests = tree.Files.FirstOrDefault(f => PythonTest().IsMatch(f.Name))?.Path;
        if (pytest is not null) yield return new("pytest", "test", "python -m pytest", ".", pytest);
        else if (tests is not null) yield return new("unittest", "test", "python -m unittest discover", ".", tests);
    }

    private static IEnumerable<BuildCommand> Go(Manifests manifests) =>
        manifests.Go.Where(m => m.File.Depth <= DepthLimit).SelectMany(m => Pair("go", "go build ./...", "go test ./...", m.File));

    private static IEnumerable<BuildCommand> Cargo(Manifests manifests) =>
        Outermost(manifests.Cargo, m => m.File, m => m.Document.Tables.Contains("workspace"))
            .SelectMany(m => Pair("cargo", "cargo build", m.Document.Tables.Contains("workspace") ? "cargo test --workspace" : "cargo test", m.File));

    private static IEnumerable<BuildCommand> Make(SourceTree tree)
    {
        var file = tree.Files.FirstOrDefault(f => f.Depth == 0 && f.Name is "Makefile" or "GNUmakefile" or "makefile");
        if (file is null || tree.Text(file) is not { } text) yield break;
        var targets = Target().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var build = new[] { "build", "all" }.FirstOrDefault(targets.Contains);
        var test = new[] { "test", "check", "tests" }.FirstOrDefault(targets.Contains);
        if (build is not null) yield return new("make", "build", $"make {build}", ".", file.Path);
        if (test is not null) yield return new("make", "test", $"make {test}", ".", file.Path);
    }

    private static IEnumerable<BuildCommand> Jvm(SourceTree tree)
    {
        foreach (var file in tree.Files.Where(f => f.Depth == 0 && f.Name == "pom.xml"))
        {
            var maven = tree.Has("mvnw") ? "./mvnw" : "mvn";
            foreach (var command in Pair("maven", $"{maven} -B package -DskipTests", $"{maven} -B test", file)) yield return command;
        }
        if (tree.Files.FirstOrDefault(f => f.Depth == 0 && f.Name is "build.gradle" or "build.gradle.kts") is { } gradle)
        {
            var runner = tree.Has("gradlew") ? "./gradlew" : "gradle";
            foreach (var command in Pair("gradle", $"{runner} assemble", $"{runner} test", gradle)) yield return command;
        }
    }

    private static BuildCommand[] Pair(string tool, string build, string test, SourceFile file) =>
        [new(tool, "build", build, file.Folder, file.Path), new(tool, "test", test, file.Folder, file.Path)];

    /// <summary>A workspace speaks for what lies below it; without one, each package near the root speaks for itself.</summary>
    private static IEnumerable<T> Outermost<T>(List<T> manifests, Func<T, SourceFile> file, Func<T, bool> isWorkspace)
    {
        var workspaces = manifests.Where(isWorkspace).Select(m => file(m).Folder).ToList();
        return manifests.Where(m => file(m).Depth <= DepthLimit && !workspaces.Any(folder =>
            folder != file(m).Folder && (folder == "." || file(m).Folder.StartsWith(folder + "/", StringComparison.Ordinal))));
    }

    private static string Beside(SourceFile file, string name) => file.Folder == "." ? name : $"{file.Folder}/{name}";

    [GeneratedRegex(@"^(test_.*|.*_test)\.py$")]
    private static partial Regex PythonTest();

    [GeneratedRegex(@"^([A-Za-z][\w-]*)\s*::?(?!=)", RegexOptions.Multiline)]
    private static partial Regex Target();
}
