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

    // What tsc 4 and tsd 0.33 print.
    [Theory]
    [InlineData("node_modules/@types/node/ffi.d.ts(94,21): error TS1139: Type parameter declaration expected.\n", " (error TS1139: Type parameter declaration expected). All that it names lies in installed packages (node_modules), nothing in the repository's own files.")]
    [InlineData("\n  node_modules/undici-types/mock-pool.d.ts:14:70\n  ✖    14:70   Namespace Dispatcher has no exported member DispatchHandler.\n\n  1 error\n", " (✖    14:70   Namespace Dispatcher has no exported member DispatchHandler). All that it names lies in installed packages (node_modules), nothing in the repository's own files.")]
    [InlineData("node_modules/a.d.ts(1,1): error TS1: A.\nsrc/b.ts(2,3): error TS2: B.\n", " (error TS1: A).")]
    public void A_check_of_types_says_whether_what_it_found_is_the_repositorys_own(string output, string said)
    {
        var ran = new RanCommand(new PlannedCommand("lint", "npm", "/r", "tsc") { Proves = true }, new CommandResult(2, false, output, 0, TimeSpan.Zero, "none"), null);

        TestVerdict.Objections([ran], LintRule.Report).Single().ShouldBe($"A check failed: `tsc` exited with 2{said}");
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

    [Fact]
    public void A_runner_that_puts_what_failed_behind_a_name_is_told_apart_by_the_name_alone()
    {
        var tally = AnyOutput.Read("  ✔ adds\n  ✘ [fail]: camelCase with an option Error thrown in test\n  ✘ [fail]: camelCase\n  ─\n\n  camelCase with an option\n\n  test.js:200\n\n  camelCase\n\n  test.js:10\n\n  ─\n\n  2 tests failed\n").ShouldNotBeNull();

        tally.Cases.Select(one => (one.Id, one.Message)).ShouldBe([("camelCase with an option", "Error thrown in test"), ("camelCase", "")]);
    }

    [Theory]
    [InlineData("\tInfix         pass:44   fail: 0      0ms\n\tNaNs          smoke.c:233 error \nsmoke.c:239 error \npass: 8   fail: 2      0ms\nSOME TESTS FAILED (52/54)\n", "smoke.c:233 error")]
    [InlineData("\tInfix         pass:44   fail: 0      0ms\n\tNaNs          pass: 8   fail: 2      0ms\nSOME TESTS FAILED (52/54)\n", null)]
    public void A_group_that_counts_for_itself_is_named_when_it_fails(string output, string? message) => AnyOutput.Read(output).ShouldNotBeNull()
        .ShouldSatisfyAllConditions(tally => (tally.Passed, tally.Failed).ShouldBe((52, 2)), tally => (tally.Cases.Single().Id, tally.Cases.Single().Message).ShouldBe(("NaNs", message)));

    // What pnpm 10 prints.
    [Fact]
    public void A_script_that_failed_is_no_test_that_failed() => AnyOutput.Read(". test:lint$ oxlint\n. test:lint: Failed\n. test:coverage: Failed\npackages/a test: Failed\n").ShouldBeNull();

    [Fact]
    public void A_script_called_with_another_setting_is_another_run()
    {
        var calls = NodeScript.Calls("test", new Dictionary<string, string> { ["test"] = "cross-env TZ=Asia/Tokyo npm run zone && npm run zone", ["zone"] = "jest zone" });

        calls.Select(call => call.Text).ShouldBe(["cross-env TZ=Asia/Tokyo jest zone", "jest zone"]);
    }

    // classname and name, as pytest 7 writes them.
    [Theory]
    [InlineData("src.sortedcontainers.sortedlist", "sortedcontainers.sortedlist.SortedList.bisect_left", "doc")]
    [InlineData("src.sortedcontainers.__init__", "sortedcontainers", "doc")]
    [InlineData("docs.introduction.rst", "introduction.rst", "doc")]
    [InlineData("tests.test_version", "test_version", "unit")]
    [InlineData("tests.test_a.TestA", "test_a[x.rst]", "unit")]
    public void An_example_in_the_documentation_is_no_unit_test(string module, string name, string kind) =>
        JUnitFile.Read($"""<testsuites><testsuite><testcase classname="{module}" name="{name}" /></testsuite></testsuites>""").ShouldNotBeNull().Cases.Single().Kind.ShouldBe(kind);

    public void Dispose() => folder.Dispose();

    private string Repository => folder.Folder("repo");

    private Sandbox Sandbox => new(folder.Folder("data"), TimeProvider.System);

    private Site Site => new(Repository, Repository, folder.Folder("results"), Sandbox, new TestOptions(), _ => Task.FromResult<string?>(null));

    private void Write(string file, string text) => folder.Write("repo/" + file, text);

    private Task<TestPlan> Plan() => TestDiscovery.FindAsync(Site);

    private async Task<IReadOnlyList<string>> Commands() => [.. (await Plan()).Commands.Select(one => one.Text)];
}
