using Grace.Engine.Knowledge;

namespace Grace.Tests.Knowledge;

public sealed class ManifestTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Python_is_read_from_pyproject_and_requirements()
    {
        folder.Write("pyproject.toml", """
            [build-system]
            requires = ["flit_core<4"]
            [project]
            name = "thing"  # a comment with = and [brackets]
            dependencies = [
              "fastapi>=0.110",   # the framework
              "uvicorn[standard] == 0.29.0 ; python_version >= '3.9'",
            ]
            [project.scripts]
            thing = "thing.cli:main"
            [project.optional-dependencies]
            docs = ["sphinx"]
            [tool.poetry.group.dev.dependencies]
            ruff = "^0.4"
            black = { version = "24.1", optional = true }
            [tool.pytest.ini_options]
            addopts = "-q"
            """);
        folder.Write("requirements-dev.txt", "-r base.txt\n# comment\npytest==8.1.1 \\\n    --hash=sha256:abc\nmypy\n-e .\n");
        folder.Write("thing/__main__.py", "print(1)\n");

        var found = await RepositoryAnalysis.ReadAsync(folder.Root);

        found.Dependencies.Select(d => (d.Name, d.Version, d.Scope)).ShouldBe(
        [
            ("flit_core", "<4", "build"), ("fastapi", ">=0.110", "runtime"), ("uvicorn", "== 0.29.0", "runtime"), ("sphinx", null, "optional"),
            ("ruff", "^0.4", "development"), ("black", "24.1", "development"), ("pytest", "==8.1.1", "development"), ("mypy", null, "development"),
        ]);
        found.Commands.Select(c => c.Command).ShouldBe(["python -m build", "python -m pytest"]);
        found.EntryPoints.ShouldBe([new EntryPoint("command", "pyproject.toml", "thing"), new EntryPoint("script", "thing/__main__.py", null)]);
    }

    [Fact]
    public async Task Python_without_pytest_is_tested_with_unittest()
    {
        folder.Write("tests/test_thing.py", "import unittest\n");

        (await RepositoryAnalysis.ReadAsync(folder.Root)).Commands.Single()
            .ShouldBe(new BuildCommand("unittest", "test", "python -m unittest discover", ".", "tests/test_thing.py"));
    }

    [Fact]
    public async Task Node_is_read_from_package_json_and_the_lock_names_the_runner()
    {
        folder.Write("package.json", """
            { "main": "index.js", "bin": { "thing": "cli.js" }, "workspaces": ["packages/*"],
              "scripts": { "build": "tsc", "test": "vitest", "start": "node ." },
              "dependencies": { "express": "^4.19.0" }, "devDependencies": { "vitest": "1.5.0" } }
            """);
        folder.Write("pnpm-lock.yaml", "");
        folder.Write("packages/one/package.json", """{ "scripts": { "build": "tsc" }, "dependencies": 5 }""");

        var found = await RepositoryAnalysis.ReadAsync(folder.Root);

        found.Commands.Select(c => c.Command).ShouldBe(["pnpm run build", "pnpm test"]);
        found.Dependencies.Select(d => (d.Name, d.Version, d.Scope)).ShouldBe([("express", "^4.19.0", "runtime"), ("vitest", "1.5.0", "development")]);
        found.EntryPoints.Select(e => (e.Kind, e.Name)).ShouldBe([("package main", "index.js"), ("start script", "node ."), ("command", "thing")]);
    }

    [Fact]
    public async Task The_test_script_that_npm_init_writes_is_no_test()
    {
        folder.Write("package.json", """{ "scripts": { "test": "echo \"Error: no test specified\" && exit 1" } }""");

        (await RepositoryAnalysis.ReadAsync(folder.Root)).Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task Go_and_Cargo_are_read_from_their_modules()
    {
        folder.Write("go.mod", "module example.org/x\n\ngo 1.22\n\nrequire example.org/one v1.2.3\n\nrequire (\n\texample.org/two v0.1.0 // indirect\n)\n");
        folder.Write("cmd/x/main.go", "package main\n\nfunc main() {}\n");
        folder.Write("rust/Cargo.toml", """
            [package]
            name = "grep"
            [dependencies]
            regex = "1.10"
            local = { path = "../local" }
            [dependencies.serde]
            features = ["derive"]
            version = "1.0.77"
            [target.'cfg(unix)'.dev-dependencies]
            libc = { version = "0.2", default-features = false }
            [[bin]]
            name = "rg"
            """);
        folder.Write("rust/src/main.rs", "fn main() {}\n");

        var found = await RepositoryAnalysis.ReadAsync(folder.Root);

        found.Dependencies.Select(d => (d.Name, d.Version, d.Scope)).ShouldBe(
        [
            ("example.org/one", "v1.2.3", "runtime"), ("example.org/two", "v0.1.0", "indirect"),
            ("regex", "1.10", "runtime"), ("local", null, "runtime"), ("serde", "1.0.77", "runtime"), ("libc", "0.2", "development"),
        ]);
        found.Commands.Select(c => (c.Folder, c.Command)).ShouldBe(
            [(".", "go build ./..."), (".", "go test ./..."), ("rust", "cargo build"), ("rust", "cargo test")]);
        found.EntryPoints.Select(e => (e.Kind, e.Name)).ShouldBe([("main package", "x"), ("binary", "grep"), ("binary", "rg")]);
    }

    [Fact]
    public async Task Make_Maven_and_Gradle_are_named()
    {
        folder.Write("Makefile", "VERSION := 1\nall: build\nbuild:\n\tcc x.c\ncheck: build\n\t./t\n");
        folder.Write("pom.xml", "<project />");
        folder.Write("mvnw", "");
        folder.Write("build.gradle.kts", "");

        (await RepositoryAnalysis.ReadAsync(folder.Root)).Commands.Select(c => c.Command).ShouldBe(
            ["make build", "make check", "./mvnw -B package -DskipTests", "./mvnw -B test", "gradle assemble", "gradle test"]);
    }
}
