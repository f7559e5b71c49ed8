using System.Text.Json.Nodes;
using Grace.Engine.Tools;
using Grace.Engine.Workspaces;

namespace Grace.Tests.Workspaces;

/// <summary>
/// A C# repository through the tools, as a pipeline runs them: build with warnings as errors, format, tests; then what
/// recovery does about findings of the formatter and a flaky test.
/// </summary>
public sealed class DotnetRepositoryTests : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
            <PackageReference Include="xunit" Version="2.9.3" />
            <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
          </ItemGroup>
        </Project>
        """;

    private readonly TemporaryFolder folder = new();
    private readonly List<string> progress = [];

    // The flaky one fails the first time and leaves a mark beside the assembly.
    private const string Maths = """
        using Xunit;

        namespace Calc;

        public class Maths
        {
            [Fact]
            public void Adds()=>Assert.Equal(2, 1+1);

            [Fact(Skip = "later")]
            public void Later()
            {
            }
        }

        public class IntegrationTests
        {
            [Fact]
            public void Answers()
            {
                var mark = System.IO.Path.Combine(System.AppContext.BaseDirectory, "mark");
                var first = !System.IO.File.Exists(mark);
                System.IO.File.WriteAllText(mark, "");
                Assert.False(first, "the other side was not up yet");
            }
        }

        """;

    [Fact]
    public async Task A_csharp_repository_is_built_checked_mended_and_tested_with_counts_from_its_results_files()
    {
        folder.Write("repo/Calc.Tests.csproj", Project);
        folder.Write("repo/Maths.cs", Maths);
        var context = new ToolContext("p", "test", 1, Path.Combine(folder.Path, "repo"), progress.Add);
        await new CommitWorkspaceTool().RunAsync(new JsonObject { ["message"] = "Begin" }, context, default);
        var sandbox = new Sandbox(folder.Folder("data"), TimeProvider.System);
        var tool = new RunTestsTool(new RepositoryTests(sandbox));
        var mends = new RepositoryMends(sandbox);

        var failed = await tool.RunAsync(new JsonObject { ["lint"] = "required" }, context, default);
        failed.Error.ShouldNotBeNull().ShouldStartWith("The lint check failed");
        failed.Error.ShouldContain("1 of 3 tests failed");
        progress.ShouldContain("→ Unit tests: 1/1 passed, 1 skipped");
        progress.ShouldContain("→ Integration tests: 0/1 passed ⚠️");

        (await new MendStyleTool(mends).RunAsync([], context, default)).Error.ShouldBeNull();
        File.ReadAllText(Path.Combine(context.Workspace, "Maths.cs")).ShouldContain("Adds() => Assert.Equal(2, 1 + 1);");
        var rerun = await new RerunTestsTool(mends).RunAsync(new JsonObject { ["report"] = failed.Output!.DeepClone() }, context, default);
        rerun.Output!["reruns"]!.ToJsonString().ShouldBe("""[{"test":"Calc.IntegrationTests.Answers","runs":1,"passed":1}]""");

        var result = await tool.RunAsync(new JsonObject { ["lint"] = "required" }, context, default);
        result.Error.ShouldBeNull();
        var report = result.Output!.AsObject();
        report["commands"]!.AsArray().Select(one => (string)one!["name"]!).ShouldBe(["build", "lint", "test"]);
        report["counts"]!.ToJsonString().ShouldBe("""{"total":3,"passed":2,"failed":0,"skipped":1}""");
        report["tests"]!.AsArray().Select(one => $"{one!["id"]} {one["outcome"]}").Order().ShouldBe(["Calc.IntegrationTests.Answers passed", "Calc.Maths.Adds passed", "Calc.Maths.Later skipped"]);
        ((string)report["tests"]![0]!["outcome"]!).ShouldBe("skipped", "what matters to a reader comes first");
        report["tests"]!.AsArray().ShouldContain(one => (double?)one!["seconds"] > 0);
        progress.ShouldContain("→ Integration tests: 1/1 passed");

        folder.Write("repo/Unused.cs", "namespace Calc;\n\npublic class Unused\n{\n    private int never;\n}\n");
        result = await tool.RunAsync(new JsonObject { ["lint"] = "required" }, context, default);
        result.Error.ShouldNotBeNull().ShouldStartWith("The build failed");
        result.Output!["commands"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_solution_whose_sample_cannot_be_restored_is_tested_by_its_test_projects_on_the_runtime_that_is_here()
    {
        folder.Write("repo/All.slnx", """<Solution><Project Path="test/Calc.Tests.csproj" /><Project Path="samples/Sample.csproj" /></Solution>""");
        folder.Write("repo/samples/Sample.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include="Grace.Nowhere.To.Be.Found" Version="1.0.0" /></ItemGroup></Project>""");
        folder.Write("repo/test/Calc.Tests.csproj", Project.Replace("<TargetFramework>net10.0</TargetFramework>", "<TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks>"));
        folder.Write("repo/test/Maths.cs", "namespace Calc { public class Maths { [Xunit.Fact] public void Adds() => Xunit.Assert.Equal(2, 1 + 1); } }\n");
        var context = new ToolContext("p", "test", 1, Path.Combine(folder.Path, "repo"), progress.Add);
        await new CommitWorkspaceTool().RunAsync(new JsonObject { ["message"] = "Begin" }, context, default);

        var result = await new RunTestsTool(new RepositoryTests(new Sandbox(folder.Folder("data"), TimeProvider.System))).RunAsync(new JsonObject { ["lint"] = "off" }, context, default);

        result.Error.ShouldBeNull();
        result.Output!["counts"]!.ToJsonString().ShouldBe("""{"total":1,"passed":1,"failed":0,"skipped":0}""");
        result.Output["not_run"]!.AsArray().Select(one => (string)one!).ShouldBe(["netstandard2.0 of test/Calc.Tests.csproj: it does not run on this system."]);
        ((string)result.Output["notes"]!.AsArray()[0]!).ShouldStartWith("`dotnet build All.slnx -c Release --nologo --tl:off` failed (exit code 1): `dotnet build test/Calc.Tests.csproj");
    }

    [Theory]
    [InlineData("Xunit.Assert.Equal(2, 1 + 1)", null)]
    [InlineData("Grace.Nowhere.Answers()", "NU1101: Unable to find package Grace.Nowhere.To.Be.Found")]
    public async Task A_package_that_no_source_has_is_left_out_where_the_tests_need_none_of_it_and_else_is_what_failed(string body, string? failed)
    {
        folder.Write("repo/Calc.Tests.csproj", Project.Replace("</ItemGroup>", """<PackageReference Include="Grace.Nowhere.To.Be.Found" Version="1.0.0" /></ItemGroup>"""));
        folder.Write("repo/Maths.cs", $"namespace Calc {{ public class Maths {{ [Xunit.Fact] public void Adds() => {body}; }} }}\n");
        var context = new ToolContext("p", "test", 1, Path.Combine(folder.Path, "repo"), progress.Add);
        await new CommitWorkspaceTool().RunAsync(new JsonObject { ["message"] = "Begin" }, context, default);

        var result = await new RunTestsTool(new RepositoryTests(new Sandbox(folder.Folder("data"), TimeProvider.System))).RunAsync(new JsonObject { ["lint"] = "off" }, context, default);

        if (failed is not null)
        {
            result.Error.ShouldNotBeNull().ShouldContain(failed);
            return;
        }

        result.Error.ShouldBeNull();
        result.Output!["counts"]!.ToJsonString().ShouldBe("""{"total":1,"passed":1,"failed":0,"skipped":0}""");
        result.Output["notes"]!.AsArray().Select(one => (string)one!).ShouldContain(note => note.Contains("since Grace.Nowhere.To.Be.Found cannot be had here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_pipelines_that_restore_the_same_packages_at_once_wait_for_one_another()
    {
        const string Large = """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SQLitePCLRaw.bundle_e_sqlite3" Version="3.0.3" />
              </ItemGroup>
            </Project>
            """;
        var sandbox = new Sandbox(folder.Folder("data"), TimeProvider.System);

        var both = await Task.WhenAll(new[] { "one", "two" }.Select(name =>
        {
            folder.Write($"{name}/Store.csproj", Large);
            var work = Path.Combine(folder.Path, name);
            return sandbox.RunAsync(new() { Argv = ["dotnet", "restore"], WorkingDirectory = work, WritableFolders = [work], Network = SandboxNetwork.Full, TimeLimit = TimeSpan.FromMinutes(2) }, default);
        }));

        foreach (var result in both)
        {
            result.ExitCode.ShouldBe(0, result.Output);
        }

        // Where every run sees them.
        Directory.EnumerateFiles(folder.Folder("data/cache/nuget-scratch/lock")).ShouldNotBeEmpty();
    }

    public void Dispose() => folder.Dispose();
}
