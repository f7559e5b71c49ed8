using Grace.Engine.Knowledge;
using Grace.Engine.Knowledge.Repositories;

namespace Grace.Tests.Knowledge;

public sealed class RepositoryAnalysisTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_dotnet_repository_is_described_by_its_own_files()
    {
        folder.Write("App.sln", "");
        folder.Write("Directory.Packages.props", """
            <Project><ItemGroup><PackageVersion Include="Dapper" Version="2.1.86" /><PackageVersion Include="xunit" Version="2.9.3" /></ItemGroup></Project>
            """);
        folder.Write("src/App/App.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Dapper" /></ItemGroup></Project>
            """);
        folder.Write("src/App/Program.cs", "var x = 1;\nvar y = 2;\n");
        folder.Write("tests/App.Tests/App.Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="xunit" /></ItemGroup></Project>
            """);
        folder.Write("README.md", "# App\n\nShortens links.");
        folder.Write("LICENSE", "MIT License\n\nPermission is hereby granted, free of charge, to any person\n\nThe above copyright notice and this permission\nnotice shall be included");
        folder.Write(".github/workflows/ci.yml", "on: push");
        folder.Commit("First");
        folder.Commit("Second");
        folder.Git("remote", "add", "origin", "https://ada:secret-token@github.com/example/app.git");

        var found = await RepositoryAnalysis.ReadAsync(folder.Root);

        found.ShouldSatisfyAllConditions(
            r => r.Name.ShouldBe("example/app"),
            r => r.Remote.ShouldBe("https://github.com/example/app.git"),
            r => r.Commit!.Length.ShouldBe(40),
            r => r.Languages.ShouldHaveSingleItem().ShouldBe(new LanguageShare("C#", 1, 22, 2, 1)),
            r => r.Commands.Select(c => c.Command).ShouldBe(["dotnet build App.sln", "dotnet test App.sln"]),
            r => r.EntryPoints.ShouldBe([new EntryPoint("executable project", "src/App/App.csproj", "App")]),
            r => r.Dependencies.ShouldBe([
                new Dependency("nuget", "Dapper", "2.1.86", "runtime", "src/App/App.csproj"),
                new Dependency("nuget", "xunit", "2.9.3", "test", "tests/App.Tests/App.Tests.csproj")]),
            r => r.Readme!.Text.ShouldContain("Shortens links."),
            r => r.Licenses.ShouldBe([new LicenseFound("LICENSE", "MIT")]),
            r => r.Pipelines.ShouldBe([".github/workflows/ci.yml"]),
            r => r.History.Select(c => (c.Subject, c.Author)).ShouldBe([("Second", "Ada"), ("First", "Ada")]),
            r => r.LeftOut.ShouldBeEmpty());
    }

    [Fact]
    public async Task Links_and_vendored_folders_are_left_out_and_named()
    {
        using var outside = new ScratchFolder();
        outside.Write("secret.py", "password = 1\n");
        folder.Write("app.py", "print(1)\n");
        folder.Write("vendor/other.py", "print(2)\n");
        File.CreateSymbolicLink(Path.Combine(folder.Root, "README.md"), Path.Combine(outside.Root, "secret.py"));
        folder.Write("sub/inner.py", "print(3)\n");
        folder.Commit("First");
        // A folder replaced by a link after it was committed: git still lists the path.
        Directory.Delete(Path.Combine(folder.Root, "sub"), recursive: true);
        File.Move(Path.Combine(outside.Root, "secret.py"), Path.Combine(outside.Root, "inner.py"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "sub"), outside.Root);

        var found = await RepositoryAnalysis.ReadAsync(folder.Root);

        found.Readme.ShouldBeNull();
        found.Languages.Single().Files.ShouldBe(1);
        found.LeftOut.Select(left => left.What).ShouldBe(["files in vendored or generated folders", "symbolic links"]);
    }

    [Fact]
    public async Task A_huge_repository_is_bounded_and_says_what_it_left_out()
    {
        for (var i = 0; i < 30; i++) folder.Write($"src/f{i:00}.go", new string('\n', 1000));
        folder.Write("go.mod", "module example.org/x\n");
        folder.Commit("First");

        var found = await RepositoryAnalysis.ReadAsync(folder.Root, new AnalysisLimits(Files: 20, TotalBytes: 5_500));

        found.Files.ShouldBe(20);
        found.Languages.Single().ShouldSatisfyAllConditions(l => l.Files.ShouldBe(19), l => l.Bytes.ShouldBe(19_000), l => l.Lines.ShouldBe(5_000));
        found.LeftOut.ShouldContain(left => left.What == "files" && left.Count == 11);
        found.LeftOut.ShouldContain(left => left.What == "source files" && left.Count == 14);
    }

    [Fact]
    public async Task A_folder_inside_another_work_tree_does_not_borrow_its_history()
    {
        folder.Write("outer.py", "x\n");
        folder.Commit("Outer");
        folder.Write("inner/main.py", "y\n");

        var found = await RepositoryAnalysis.ReadAsync(Path.Combine(folder.Root, "inner"));

        found.Commit.ShouldBeNull();
        found.History.ShouldBeEmpty();
        found.Files.ShouldBe(1);
        found.LeftOut.ShouldContain(left => left.What == "history");
    }

    [Fact]
    public async Task Nothing_that_the_repository_configures_is_executed()
    {
        folder.Write("a.py", "x\n");
        folder.Commit("First");
        foreach (var key in new[] { "core.fsmonitor", "core.pager", "diff.external" }) folder.Git("config", key, $"touch '{folder.Root}/sprung';");

        await RepositoryAnalysis.ReadAsync(folder.Root);

        File.Exists(Path.Combine(folder.Root, "sprung")).ShouldBeFalse();
        // The trap is a real one: plain git falls into it.
        folder.Git("status");
        File.Exists(Path.Combine(folder.Root, "sprung")).ShouldBeTrue();
    }

    [Fact]
    public async Task An_empty_folder_and_broken_manifests_are_described_too()
    {
        (await RepositoryAnalysis.ReadAsync(folder.Root)).Files.ShouldBe(0);

        folder.Write("package.json", "{ not json");
        folder.Write("x.csproj", "<Project><!DOCTYPE a></Project>");
        folder.Write("Cargo.toml", "[[[\n= =\n\"\"\"\n");
        var found = await RepositoryAnalysis.ReadAsync(folder.Root);

        found.Dependencies.ShouldBeEmpty();
        found.LeftOut.ShouldContain(left => left.What == "manifests" && left.Count == 2);
    }

    [Theory]
    [InlineData("Permission to use, copy, modify, and/or distribute this software for any\npurpose with or without fee is hereby granted.", "0BSD")]
    [InlineData("Permission to use, copy, modify, and/or distribute this software for any\npurpose with or without fee is hereby granted, provided that the above\ncopyright notice and this permission notice appear in all copies.", "ISC")]
    [InlineData("\"Commons Clause\" License Condition v1.0\n\nMIT License\n\nPermission is hereby granted, free of charge\nThe above copyright notice and this permission notice", "MIT with the Commons Clause")]
    [InlineData("Permission is hereby granted, free of charge, to any person, to deal in the Software without restriction", "MIT-0")]
    [InlineData("All rights reserved.", null)]
    public async Task A_license_is_told_as_what_it_allows(string text, string? name)
    {
        folder.Write("LICENSE", text);
        (await RepositoryAnalysis.ReadAsync(folder.Root)).Licenses.ShouldHaveSingleItem().Spdx.ShouldBe(name);
    }

    [Fact]
    public async Task Dependencies_are_told_by_their_names_wherever_they_stand()
    {
        folder.Write("Cargo.toml", "[package]\nname = \"a\"\n[dependencies]\nserde.workspace = true\nlog.version = \"0.4\"\n");
        folder.Write("pyproject.toml", "[project]\nname = \"a\"\n[dependency-groups]\ntest = [\"pytest\"]\ndev = [{include-group = \"test\"}, \"ruff>=0.1\"]\n");
        folder.Write("requirements/base.txt", "flask==3.0\n");
        File.WriteAllText(Path.Combine(folder.Root, "requirements.txt"), "requests==2.0\n", System.Text.Encoding.Unicode);
        (await RepositoryAnalysis.ReadAsync(folder.Root)).Dependencies.Select(d => $"{d.Name} {d.Version}".Trim()).Order(StringComparer.Ordinal)
            .ShouldBe(["flask ==3.0", "log 0.4", "pytest", "requests ==2.0", "ruff >=0.1", "serde"]);
    }

    [Theory]
    [InlineData("https://github.com/kubernetes/autoscaler.git", "kubernetes/autoscaler")]
    [InlineData("git@github.com:kubernetes/autoscaler.git", "kubernetes/autoscaler")]
    [InlineData("ssh://git@github.com/kubernetes/autoscaler", "kubernetes/autoscaler")]
    [InlineData("https://github.com.evil.example/kubernetes/autoscaler", null)]
    [InlineData("https://example.org/github.com/x/y", null)]
    [InlineData("/srv/git/app", null)]
    public void Only_a_remote_on_github_is_called_so(string remote, string? name) => RemoteAddress.GitHubName(remote).ShouldBe(name);
}
