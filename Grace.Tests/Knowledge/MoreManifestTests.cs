using System.Text;
using Grace.Engine.Knowledge;

namespace Grace.Tests.Knowledge;

/// <summary>What is declared is told, wherever it stands; what is not read is told with its true reason.</summary>
public sealed class MoreManifestTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Setup_cfg_is_read_with_its_extras_and_what_it_needs()
    {
        folder.Write("setup.cfg", """
            [metadata]
            license = MIT
            [options]
            python_requires = >=3.8
            install_requires =
                requests>=2.0
                # why
                importlib-metadata; python_version<"3.8"
            setup_requires = setuptools_scm
            [options.extras_require]
            docs =
                sphinx>=4
            [options.entry_points]
            console_scripts =
                thing = thing.cli:main
            """);
        var found = await ReadAsync();
        Told(found).ShouldBe(["importlib-metadata  runtime", "requests >=2.0 runtime", "setuptools_scm  build", "sphinx >=4 optional"]);
        found.Runtimes.ShouldBe([new RuntimeNeed("python", ">=3.8", "setup.cfg")]);
        found.EntryPoints.ShouldBe([new EntryPoint("command", "setup.cfg", "thing")]);
        found.Licenses.ShouldBe([new LicenseFound("setup.cfg", "MIT")]);
    }

    [Theory]
    [InlineData("setup(install_requires=['a', \"b>=2\",  # why\n ], python_requires='>=3.9')", "a  runtime|b >=2 runtime", "It is a program and is not run: only lists")]
    [InlineData("setup(install_requires=read('requirements.txt'), tests_require=['pytest'])", "pytest  test", "works its requirements out")]
    [InlineData("setup(install_requires=['a'] + more)", "a  runtime", "It is a program")]
    [InlineData("import os; os.system('touch sprung')", "", "It is a program")]
    public async Task Setup_py_is_a_program_and_said_to_be_one(string text, string told, string why)
    {
        folder.Write("setup.py", text);
        var found = await ReadAsync();
        string.Join('|', Told(found)).ShouldBe(told);
        found.LeftOut.ShouldContain(l => l.What == "manifests" && l.Why.StartsWith("It is a program") && l.Why.Contains(why) && l.Why.EndsWith(": setup.py."));
    }

    [Fact]
    public async Task Pipfile_conda_and_the_tables_of_other_tools_are_read()
    {
        folder.Write("Pipfile", "[[source]]\nurl = \"https://pypi.org\"\n[packages]\nflask = \"==3.0\"\nhttpx = {version = \">=0.2\"}\nlocal = {path = \".\"}\n[dev-packages]\npytest = \"*\"\n[requires]\npython_version = \"3.11\"\n");
        folder.Write("environment.yml", "dependencies:\n  - python=3.11\n  - numpy>=1.20\n  - conda-forge::scipy=1.10\n  - pip:\n      - rich==13\n");
        folder.Write("pyproject.toml", """
            [tool.poetry.group.docs.dependencies]
            sphinx = "^7"
            [tool.poetry.dependencies]
            python = "^3.9"
            multi = [{version = "^1", python = "<3.8"}, {version = "^2", python = ">=3.8"}]
            [tool.poetry.dependencies.own]
            version = "^3"
            extras = ["x"]
            [tool.uv]
            dev-dependencies = ["ruff>=0.4"]
            [tool.hatch.envs.test]
            dependencies = ["coverage[toml]"]
            """);
        var found = await ReadAsync();
        Told(found).ShouldBe(
        [
            "coverage  development", "flask ==3.0 runtime", "httpx >=0.2 runtime", "local  runtime", "multi ^1 or ^2 runtime", "numpy >=1.20 runtime", "own ^3 runtime", "pytest * development",
            "rich ==13 runtime", "ruff >=0.4 development", "scipy =1.10 runtime", "sphinx ^7 development",
        ]);
        found.Runtimes.Select(r => r.Version).ShouldBe(["^3.9", "3.11"]);
    }

    [Fact]
    public async Task Requirements_take_in_others_and_constraints_require_nothing()
    {
        folder.Write("dev-requirements.txt", "-r reqs/base.txt\n-r gone.txt\n-c constraints.txt\ncelery\n");
        folder.Write("reqs/base.txt", "django>=4\n-r ../dev-requirements.txt\ngit+https://example.org/x.git#egg=x\n");
        folder.Write("constraints.txt", "urllib3==2\n");
        var found = await ReadAsync();
        Told(found).ShouldBe(["celery  development", "django >=4 runtime"]);
        found.LeftOut.ShouldContain(l => l.What == "constraints files" && l.Why.Contains("constraints.txt"));
        found.LeftOut.ShouldContain(l => l.Why.Contains("gone.txt"));
        found.LeftOut.ShouldContain(l => l.Why.Contains("by an address") && l.Why.Contains("reqs/base.txt"));
    }

    [Fact]
    public async Task Members_of_a_cargo_workspace_have_the_versions_that_stand_there()
    {
        folder.Write("Cargo.toml", "[workspace]\nmembers = [\"api\"]\n[workspace.package]\nlicense = \"MIT\"\n[workspace.dependencies]\nserde = { version = \"1.0\", features = [\"derive\"] }\nlog = \"0.4\"\nunused = \"9\"\n[workspace.dependencies.tokio]\nversion = \"1.35\"\n");
        folder.Write("api/Cargo.toml", "[package]\nname = \"api\"\nversion.workspace = true\n[dependencies]\nserde.workspace = true\nlog = { workspace = true, features = [\"std\"] }\nother = { package = \"real-name\", version = \"2\" }\n[dependencies.tokio]\nworkspace = true\n");
        var found = await ReadAsync();
        Told(found).ShouldBe(["log 0.4 runtime", "real-name 2 runtime", "serde 1.0 runtime", "tokio 1.35 runtime"]);
        found.Licenses.ShouldBe([new LicenseFound("Cargo.toml", "MIT")]);
    }

    [Fact]
    public async Task A_pnpm_workspace_speaks_for_its_members_and_keeps_their_versions()
    {
        folder.Write("pnpm-workspace.yaml", "packages:\n  - packages/*\n  - '!packages/apart'\ncatalog:\n  react: ^18\ncatalogs:\n  old:\n    react: ^17\n");
        folder.Write("package.json", """{"scripts": {"test": "vitest"}, "devDependencies": {"react": "catalog:old"}, "engines": {"node": ">=18"}}""");
        folder.Write("packages/a/package.json", """{"scripts": {"test": "vitest"}, "dependencies": {"react": "catalog:", "b": "workspace:*"}}""");
        folder.Write("packages/apart/package.json", """{"scripts": {"test": "x", "build": "y"}}""");
        folder.Write("pnpm-lock.yaml", "a: 1");
        var found = await ReadAsync();
        found.Commands.Select(c => (c.Folder, c.Command)).ShouldBe([(".", "pnpm test"), ("packages/apart", "npm test")]);
        Told(found).ShouldBe(["b workspace:* runtime", "react ^17 development", "react ^18 runtime"]);
    }

    [Fact]
    public async Task Composer_and_shared_build_files_are_read_and_others_are_named()
    {
        folder.Write("composer.json", """{"require": {"php": ">=8.1", "ext-json": "*", "monolog/monolog": "^3"}, "require-dev": {"phpunit/phpunit": "^10"}}""");
        folder.Write("Directory.Build.props", """<Project><ItemGroup><PackageReference Include="Analyzers" PrivateAssets="all" /></ItemGroup></Project>""");
        folder.Write("Directory.Packages.props", """<Project><ItemGroup><PackageVersion Include="Analyzers" Version="1.2" /><GlobalPackageReference Include="Everywhere" Version="3.0" /></ItemGroup></Project>""");
        string[] seen = ["Gemfile", "mix.exs", "pubspec.yaml", "Package.swift", "CMakeLists.txt", "build.sbt", "packages.config", "deno.json", "gradle/libs.versions.toml", "pom.xml"];
        foreach (var name in seen) folder.Write(name, "x");
        var found = await ReadAsync();
        Told(found).ShouldBe(["Analyzers 1.2 build", "Everywhere 3.0 runtime", "monolog/monolog ^3 runtime", "phpunit/phpunit ^10 development"]);
        foreach (var name in seen) found.LeftOut.ShouldContain(l => l.Why.Contains("not read") && l.Why.Contains(name), name);
    }

    [Fact]
    public async Task Counting_languages_takes_nothing_from_manifests()
    {
        for (var i = 0; i < 20; i++) folder.Write($"a{i:00}.go", new string('\n', 1000));
        folder.Write("go.mod", "module x\n\ngo 1.22\n\nrequire example.org/one v1.0.0\n");
        folder.Write("LICENSE", "Mozilla Public License Version 2.0\n");
        var found = await RepositoryAnalysis.ReadAsync(folder.Root, new AnalysisLimits(TotalBytes: 100));
        Told(found).ShouldBe(["example.org/one v1.0.0 runtime"]);
        found.Licenses.ShouldBe([new LicenseFound("LICENSE", "MPL-2.0")]);
        found.LeftOut.ShouldContain(l => l.What == "source files" && l.Count == 20 && l.Why.StartsWith("The limit of bytes was reached"));
        found.LeftOut.ShouldNotContain(l => l.What == "manifests");
    }

    [Fact]
    public async Task Each_file_that_was_not_read_has_its_true_reason()
    {
        folder.Write("package.json", "{");
        folder.Write("big/requirements.txt", new string('a', 2_000_000));
        folder.Write("go.mod", "a\0b");
        File.WriteAllBytes(folder.Write("old/requirements.txt", ""), [.. "caf\u00e9==1\nblack\n".Select(c => (byte)c)]);
        File.WriteAllBytes(folder.Write("wide/requirements.txt", ""), Encoding.Unicode.GetBytes("pillow==10\n"));
        File.CreateSymbolicLink(Path.Combine(folder.Root, "setup.cfg"), "/etc/passwd");
        folder.Commit("First");
        File.Delete(Path.Combine(folder.Root, "package.json"));
        folder.Write("composer.json", "[]");
        var found = await ReadAsync();
        Told(found).ShouldBe(["black  runtime", "pillow ==10 runtime"]);
        foreach (var (why, path) in new[]
        {
            ("Too large", "big/requirements.txt"), ("binary", "go.mod"), ("no UTF-8", "old/requirements.txt"), ("Links are not followed", "setup.cfg"), ("not in the work tree", "package.json"), ("not well-formed", "composer.json"),
        })
            found.LeftOut.ShouldContain(l => l.Why.Contains(why) && l.Why.Contains(path), $"{why}: {path}");
    }

    [Fact]
    public async Task A_submodule_that_was_not_cloned_and_a_shallow_clone_are_said()
    {
        using var inner = new ScratchFolder();
        inner.Write("a.txt", "x");
        inner.Commit("One");
        inner.Commit("Two");
        folder.Write("b.txt", "x");
        folder.Commit("First");
        folder.Git("-c", "protocol.file.allow=always", "clone", "-q", "--depth", "1", "file://" + inner.Root, Path.Combine(folder.Root, "sub"));
        folder.Git("update-index", "--add", "--cacheinfo", "160000,1111111111111111111111111111111111111111,other");
        Directory.CreateDirectory(Path.Combine(folder.Root, "other"));
        (await ReadAsync()).LeftOut.ShouldContain(l => l.What == "submodules" && l.Why.Contains("other"));
        (await RepositoryAnalysis.ReadAsync(Path.Combine(folder.Root, "sub"))).LeftOut.ShouldContain(l => l.What == "history" && l.Why.Contains("shallow"));
    }

    private Task<RepositoryAnalysis> ReadAsync() => RepositoryAnalysis.ReadAsync(folder.Root);

    private static List<string> Told(RepositoryAnalysis found) => [.. found.Dependencies.Select(d => $"{d.Name} {d.Version} {d.Scope}").Order(StringComparer.Ordinal)];
}
