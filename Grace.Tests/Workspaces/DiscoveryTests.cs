using Grace.Engine.Workspaces;
using Grace.Engine.Workspaces.Ecosystems;
using Grace.Engine.Workspaces.Parsers;

namespace Grace.Tests.Workspaces;

/// <summary>What is run of a repository, and what is named as not run: from its files alone.</summary>
public sealed class DiscoveryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Tests_in_a_folder_that_is_no_package_are_left_to_the_runner_of_the_package()
    {
        Write("package.json", """{ "scripts": { "test": "jest test/timezone.test && jest --coverage" } }""");
        Write("test/locale/a.test.js", "test('adds', () => {});");

        (await Commands()).ShouldBe(["npm test"]);
    }

    [Fact]
    public async Task Another_way_to_build_the_same_is_named_where_its_tool_is_not_here_and_decides_where_there_is_no_other()
    {
        Write("MODULE.bazel", "");
        if (Sandbox.Has("bazel"))
        {
            return;
        }

        (await Commands()).ShouldBe(["bazel test //..."]);
        Write("Makefile", "test:\n\t./run\n");
        (await Plan()).ShouldSatisfyAllConditions(plan => plan.Commands.Select(one => one.Text).ShouldBe(["make test"]), plan => plan.NotRun.ShouldBe(["`bazel test //...`: bazel is not installed."]));
    }

    [Fact]
    public async Task Fixtures_of_shell_tests_are_named_and_not_run()
    {
        Write("test/a.bats", "");
        Write("test/fixtures/broken/b.bats", "");

        var plan = await Plan();

        plan.Commands.Single().Text.ShouldBe("bats --formatter tap test");
        plan.NotRun.ShouldBe(["the tests in test/fixtures/broken (bats): what lies there is shown or used by other tests."]);
        Write("package.json", """{ "scripts": { "test": "bin/bats ${CI+-t} test" } }""");
        (await Commands()).ShouldBe(["npm test"], "the script runs them");
    }

    [Fact]
    public async Task Programs_named_after_tests_run_where_ctest_was_not_told_of_them()
    {
        Write("test/CMakeLists.txt", "project(utf8)\nadd_executable(utf8_test main.c)\nadd_executable(utf8_test_c90 test.c)\nadd_executable(example example.c)\n");

        (await Commands())[^1].ShouldBe("./utf8_test");
        (await Commands()).Count.ShouldBe(3);
    }

    [Fact]
    public void Where_a_python_project_is_installed_to_is_no_part_of_the_repository()
    {
        Write("pyproject.toml", "[project]\nname = \"a\"\n");

        var (python, commands) = PythonHome.Of(Site, "python3", []);

        commands.ShouldNotBeEmpty();
        python.ShouldNotStartWith(Site.Folder + "/");
    }

    [Theory]
    [InlineData("""<PackageReference Include="NUnit3TestAdapter" />""", true)]
    [InlineData("""<PackageReference Include="xunit.v3" />""", true)]
    [InlineData("""<Compile Update="Result/ReturnUnit.cs" />""", false)]
    public void A_project_is_one_of_tests_by_its_packages_and_not_by_parts_of_words(string project, bool tests) => DotnetTests.IsMarked(project).ShouldBe(tests);

    [Theory]
    [InlineData("go: downloading a v1.0.0\ngo: a@v1.0.0: Get \"https://proxy/a\": dial tcp: no such host\n", "go: a@v1.0.0: Get \"https://proxy/a\": dial tcp: no such host")]
    [InlineData("go.mod:3: invalid go version '1.25.0': must match format 1.23\n", "it ended with: go.mod:3: invalid go version '1.25.0': must match format 1.23")]
    public void What_gives_no_counts_is_told_with_what_it_said(string output, string said)
    {
        var ran = new RanCommand(new PlannedCommand("test", "go", "/r", "go", "test"), new CommandResult(1, false, output, 0, TimeSpan.Zero, "none"), null);

        TestVerdict.Objections([ran], LintRule.Auto).Single().ShouldBe($"`go test` exited with 1, but reported no counts that can be read: nothing is proven ({said}).");
    }

    [Fact]
    public void Files_that_died_are_not_counted_as_tests_that_passed()
    {
        var tally = AnyOutput.Read(ParserTests.Fixture("prove-died")).ShouldNotBeNull();

        (tally.Passed, tally.Failed).ShouldBe((19, 3));
        tally.Cases.Where(one => one.Broken).Select(one => one.Id).ShouldBe(["t/00-load.t", "t/zero.t"]);
        tally.Cases.Select(one => one.Id).ShouldNotContain("t/todo.t");
    }

    [Fact]
    public void The_words_of_utest_are_those_of_googletest_but_for_one() =>
        AnyOutput.Read("[==========] Running 3 test cases.\n[==========] 3 test cases ran.\n[  PASSED  ] 2 tests.\n[  FAILED  ] 1 tests, listed below:\n[  FAILED  ] a.b\n")
            .ShouldNotBeNull().ShouldSatisfyAllConditions(tally => tally.Passed.ShouldBe(2), tally => tally.Failed.ShouldBe(1));

    public void Dispose() => folder.Dispose();

    private string Repository => folder.Folder("repo");

    private Sandbox Sandbox => new(folder.Folder("data"), TimeProvider.System);

    private Site Site => new(Repository, Repository, folder.Folder("results"), Sandbox, new TestOptions(), _ => Task.FromResult<string?>(null));

    private void Write(string file, string text) => folder.Write("repo/" + file, text);

    private Task<TestPlan> Plan() => TestDiscovery.FindAsync(Site);

    private async Task<IReadOnlyList<string>> Commands() => [.. (await Plan()).Commands.Select(one => one.Text)];
}
