using System.Text.RegularExpressions;
using Grace.Tests.Support;
using Grace.Tests.Workspaces;

namespace Grace.Tests.Run;

/// <summary>The specification's "Event Flow Example" on a real small repository: tests fail first, recovery mends it, deploy follows.</summary>
public sealed class RecoveryJobTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_formatting_failure_and_a_flaky_integration_test_are_recovered_and_the_mended_tree_is_deployed()
    {
        folder.Write("repo/.gitignore", "bin/\nobj/\n");
        folder.Write("repo/src/Calc.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>
            """);
        folder.Write("repo/src/Program.cs", """
            var app = WebApplication.Create(args);
            app.MapGet("/health",()=>"ok");
            app.MapGet("/add/{a:int}/{b:int}", (int a,int b) =>    Calc.Sum.Add(a,b));
            app.Run();

            namespace Calc { public static class Sum { public static int Add(int a,int b)=>a+b; } }
            """);
        folder.Write("repo/tests/Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><IsPackable>false</IsPackable></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
                <PackageReference Include="xunit" Version="2.9.3" />
                <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
                <ProjectReference Include="../src/Calc.csproj" />
              </ItemGroup>
            </Project>
            """);
        folder.Write("repo/tests/AddTests.cs", """
            using Xunit;
            namespace CalcTests;
            public class AddTests { [Fact] public void Adds()=>Assert.Equal(3,Calc.Sum.Add(1,2)); }
            public class IntegrationTests
            {
                [Fact] public void Answers()
                {
                    var mark = Path.Combine(AppContext.BaseDirectory, "mark");
                    var first = !File.Exists(mark);
                    File.WriteAllText(mark, "");
                    Assert.False(first, "the other side was not up yet");
                }
            }
            """);

        var run = await GraceCommand.RunAsync(
            "run", "Deploy this", "--repository", Path.Combine(folder.Path, "repo"), "--phases", "research,test,deploy", "--context", "lint=required", "--data", folder.Folder("data"));

        run.Exit.ShouldBe(0, run.Output + run.Errors);
        string[] flow =
        [
            "  → Unit tests: 1/1 passed", "  → Integration tests: 0/1 passed ⚠️", "[AGENT-ORCHESTRATOR] Test phase failed: The lint check failed",
            "[AGENT-ORCHESTRATOR] Attempting recovery...", "[RECOVERY] Using playbook: phase_failure_recovery", "  → Analyzing failures",
            "  → Applying fixes: fix_formatting, fix_flaky_test", "  → Flaky: CalcTests.IntegrationTests.Answers", "  → Retrying tests",
            "[TEST] Starting test phase... (attempt 2)", "  → Integration tests: 1/1 passed", "[TEST] Test phase completed", "[RECOVERY] Recovery successful",
            "[DEPLOY] Checking test results: all passed ✓", "  → Health check: passed", "Pipeline completed successfully!",
        ];
        var at = 0;
        foreach (var line in flow)
        {
            var next = run.Output.IndexOf(line, at, StringComparison.Ordinal);
            next.ShouldBeGreaterThanOrEqualTo(at, $"'{line}' in its place in:\n{run.Output}");
            at = next + line.Length;
        }
        // The mended tree lies in Grace's own workspace; the repository it came from is as it was.
        File.ReadAllText(Path.Combine(folder.Path, "repo/tests/AddTests.cs")).ShouldContain("Adds()=>Assert.Equal(3,Calc");
        var workspace = Regex.Match(run.Output, "Result: (.+)").Groups[1].Value.Trim();
        File.ReadAllText(Path.Combine(workspace, "tests/AddTests.cs")).ShouldContain("Adds() => Assert.Equal(3, Calc");
    }

    public void Dispose() => folder.Dispose();
}
