using Grace.Engine.Workspaces.Ecosystems;
using Grace.Engine.Workspaces;
using Grace.Tests.Support;
using System.Text.Json.Nodes;

namespace Grace.Tests.Workspaces;

/// <summary>Packages that cannot be had and that the tests need not: what does not use them is built, tested and told of.</summary>
public sealed class AbsentPackagesTests : IDisposable
{
    private const string Crate = "[package]\nname = \"calc\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nno-such-crate-of-grace = { version = \"1.2\", optional = true, features = [\"derive\"] }\n[dev-dependencies.no-such-bench-of-grace]\nversion = \"0.8\"\n";
    private const string Away = "error: failed to get `no-such-crate-of-grace` as a dependency of package `calc v0.1.0`\n";
    private readonly TemporaryFolder folder = new();

    [CargoFact]
    public async Task Crates_for_benchmarks_and_optional_features_are_left_out_when_they_cannot_be_had()
    {
        Write("Cargo.toml", Crate);
        Write("src/lib.rs", "/// ```\n/// assert_eq!(calc::one(), 1);\n/// ```\npub fn one() -> i32 { 1 }\n#[test]\nfn is_one() { assert_eq!(one(), 1); }\n");
        var report = await Run();

        report.Success.ShouldBeTrue(report.Reason);
        report.Counts.ShouldBe(new TestCounts(2, 2, 0, 0));
        report.Notes.ShouldContain("`cargo test --no-run` failed (exit code 101) since no-such-bench-of-grace, no-such-crate-of-grace cannot be had here. What was built and tested was built and tested without: whatever needs them would not have compiled.");
    }

    [CargoFact]
    public async Task A_crate_that_a_test_uses_is_what_the_verdict_speaks_of()
    {
        Write("Cargo.toml", Crate);
        Write("src/lib.rs", "#[test]\nfn uses() { no_such_bench_of_grace::black_box(1); }\n");
        var report = await Run();

        report.Reason.ShouldNotBeNull().ShouldStartWith("The build failed: `cargo test --no-run` exited with 101");
        report.Notes.ShouldContain("`cargo test --no-run --offline` failed too (exit code 101): what was left out is not all that is wrong.");
        report.Counts.Total.ShouldBe(0);
    }

    [Fact]
    public void No_crate_is_left_out_where_the_code_itself_needs_it_or_a_lock_file_names_it()
    {
        Write("Cargo.toml", Crate);
        CargoAbsent.Of(Site, Away).ShouldNotBeNull().What.ShouldBe(["no-such-bench-of-grace", "no-such-crate-of-grace"]);
        CargoAbsent.Of(Site, "error[E0433]: failed to resolve: use of undeclared type\n").ShouldBeNull();

        Write("Cargo.lock", "");
        CargoAbsent.Of(Site, Away).ShouldBeNull();
        File.Delete(Path.Combine(Repository, "Cargo.lock"));
        Write("Cargo.toml", Crate + "[dependencies.regex]\nversion = \"1\"\n");
        CargoAbsent.Of(Site, Away).ShouldBeNull();
    }

    // What npm 10, pnpm 10 and yarn 1 say.
    [Theory]
    [InlineData("npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/@ai%2fnowhere\nnpm error 404\nnpm error 404  The requested resource '@ai/nowhere@1' could not be found or you do not have permission to access it.\n", "@ai/nowhere")]
    [InlineData("npm error code ETARGET\nnpm error notarget No matching version found for actions-up@^1.17.0.\n", "actions-up")]
    [InlineData(" ERR_PNPM_FETCH_404  GET https://registry.npmjs.org/actions-up/-/actions-up-1.17.0.tgz: Not Found - 404\n", "actions-up")]
    [InlineData("error Couldn't find package \"actions-up@^1.17.0\" required by \"a\" on the \"npm\" registry.\n", "actions-up")]
    [InlineData("npm error 404 Not Found - GET https://registry.npmjs.org/left\n", null)]
    [InlineData("npm error code ERESOLVE\nnpm error Could not resolve dependency actions-up@1\n", null)]
    public void A_package_for_development_that_the_registry_lacks_is_taken_out_while_the_rest_is_installed(string output, string? name)
    {
        var package = JsonNode.Parse("""{ "dependencies": { "left": "1" }, "devDependencies": { "actions-up": "^1.17.0", "@ai/nowhere": "1" } }""") as JsonObject;
        var install = new PlannedCommand("build", "npm", Repository, "npm", "install");

        var left = NpmAbsent.May(Site, install, package, () => [new PlannedCommand("test", "npm", Repository, "npm", "test")]).Without(output);

        (left?.Commands.Select(command => command.Text)).ShouldBe(name is null ? null : [$"npm pkg delete devDependencies[{name}]", "npm install", "npm test"]);
        left?.Commands[1].Without(output).ShouldBeNull("it is left out already");
    }

    [Fact]
    public async Task A_dotnet_project_is_tested_without_an_analyzer_that_no_source_has_and_with_a_source_away()
    {
        Write("nuget.config", """<configuration><packageSources><add key="away" value="https://nowhere.invalid/v3/index.json" /></packageSources></configuration>""");
        Write("Calc.Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
                <PackageReference Include="xunit" Version="2.9.3" />
                <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
                <PackageReference Include="No.Such.Analyzer.Of.Grace" Version="1.0.0" PrivateAssets="all" />
              </ItemGroup>
            </Project>
            """);
        Write("Maths.cs", "public class Maths { [Xunit.Fact] public void Adds() => Xunit.Assert.Equal(2, 1 + 1); }");

        var report = await Run();

        report.Success.ShouldBeTrue(report.Reason);
        report.Counts.ShouldBe(new TestCounts(1, 1, 0, 0));
        report.Notes.ShouldContain(note => note.Contains("No.Such.Analyzer.Of.Grace cannot be had here"));
    }

    [Theory]
    [InlineData("error NU1101: Unable to find package altcover. No packages exist with this id in source(s): nuget.org\n", "altcover")]
    [InlineData("error NU1102: Unable to find package Microsoft.NETCore.App.Ref with version (= 7.0.20)\n", "Microsoft.NETCore.App.Ref")]
    // The runner of the tests itself, and what another package asks for.
    [InlineData("error NU1102: Unable to find package xunit.core with version (= 2.2.0)\n", null)]
    [InlineData("error NU1101: Unable to find package MediatR.Contracts. No packages exist with this id in source(s): nuget.org\n", null)]
    public void Only_what_a_project_names_itself_or_other_frameworks_need_is_left_out(string output, string? name)
    {
        Write("a.csproj", """<Project><ItemGroup><PackageReference Include="altcover" Version="8.8.21" /></ItemGroup></Project>""");

        DotnetAbsent.Of(Site, output, "net8.0")?.What.Single().ShouldBe(name);
        (DotnetAbsent.Of(Site, output, "net8.0") is null).ShouldBe(name is null);
    }

    public void Dispose() => folder.Dispose();

    private string Repository => folder.Folder("repo");

    private Sandbox Sandbox => new(folder.Folder("data"), TimeProvider.System);

    private Site Site => new(Repository, Repository, folder.Folder("results"), Sandbox, new TestOptions(), _ => Task.FromResult<string?>(null));

    private void Write(string file, string text) => folder.Write("repo/" + file, text);

    private async Task<TestReport> Run()
    {
        var workspace = await GitWorkspace.CreateEmptyAsync(Repository, default);
        return await new RepositoryTests(Sandbox).RunAsync(workspace.Path, new TestOptions { Lint = LintRule.Report }, _ => { }, default);
    }
}
