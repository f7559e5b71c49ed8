using Grace.Engine.Workspaces;

namespace Grace.Tests.Workspaces;

/// <summary>Repositories whose tests are not where or what one command looks for: everything is run, or named as not run.</summary>
public sealed class RunnersAtWorkTests : IDisposable
{
    private const string Passes = "require('node:test')('adds',()=>{});";
    private const string Unit = "import unittest\nclass T(unittest.TestCase):\n  def test_a(self): pass\n";
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_style_check_that_stops_the_script_before_its_tests_is_told_beside_them()
    {
        Write("package.json", """{ "scripts": { "test": "npm run style && node --test", "style": "eslint ." } }""");
        Write("a.test.js", Passes);

        var report = await Run();

        report.Success.ShouldBeTrue(report.Reason);
        report.Counts.ShouldBe(new TestCounts(1, 1, 0, 0));
        report.Notes.ShouldContain("`npm test` failed (exit code 127): what it runs was run one by one.");
        report.Notes.ShouldContain("`eslint .` found something (exit code 127); this does not decide here.");
    }

    [Fact]
    public async Task A_check_of_the_code_decides_and_the_tests_are_counted_all_the_same()
    {
        Write("package.json", """{ "scripts": { "test": "node check.js && node --test" } }""");
        Write("check.js", "process.exit(3)");
        Write("a.test.js", Passes);

        var report = await Run();

        report.Reason.ShouldBe("A check failed: `node check.js` exited with 3.");
        report.Counts.ShouldBe(new TestCounts(1, 1, 0, 0));
    }

    [Fact]
    public async Task What_a_build_rewrites_is_put_back_before_the_tests()
    {
        Write("package.json", """{ "scripts": { "build": "echo built > data.txt", "test": "node --test" } }""");
        Write("data.txt", "before");
        Write("a.test.js", "require('node:test')('reads',()=>{require('assert').equal(require('fs').readFileSync('data.txt','utf8'),'before')});");

        var report = await Run();

        report.Success.ShouldBeTrue(report.Reason);
        report.Notes.ShouldContain("The build rewrote data.txt; the tests ran on what the tree has.");
    }

    [Fact]
    public async Task Parts_in_other_folders_and_languages_run_and_examples_are_named()
    {
        Write("package.json", """{ "scripts": { "test": "node --test test" } }""");
        Write("test/a.test.js", Passes);
        Write("web/package.json", """{ "scripts": { "test": "node --test" } }""");
        Write("web/a.test.js", Passes);
        Write("services/api/requirements.txt", "");
        Write("services/api/tests/test_a.py", Unit);
        Write("examples/package.json", """{ "scripts": { "test": "node --test" } }""");
        Write("examples/a.test.js", Passes);

        var report = await Run();

        report.Success.ShouldBeTrue(report.Reason);
        report.Counts.ShouldBe(new TestCounts(3, 3, 0, 0));
        report.NotRun.Single().ShouldStartWith("the tests in examples (javascript): ");
    }

    [Fact]
    public async Task Every_package_of_a_workspace_is_tested_where_the_root_has_no_script()
    {
        Write("package.json", """{ "name": "all", "private": true, "workspaces": ["packages/*"] }""");
        foreach (var name in (string[])["a", "b"])
        {
            Write($"packages/{name}/package.json", $$"""{ "name": "{{name}}", "version": "1.0.0", "scripts": { "test": "node --test" } }""");
            Write($"packages/{name}/a.test.js", Passes);
        }

        (await Run()).Counts.ShouldBe(new TestCounts(2, 2, 0, 0));
    }

    [Fact]
    public async Task Unittests_in_folders_that_are_no_packages_run_too_and_a_failed_one_with_a_docstring_is_named()
    {
        Write("tests/test_a.py", Unit);
        Write("tests/deep/test_b.py", Unit + "  def test_b(self):\n    \"\"\"Adds (all) things.\"\"\"\n    self.assertEqual(1, 2)\n");
        Write("tests/deep/b_test.py", Unit);

        var report = await Run();

        report.Counts.ShouldBe(new TestCounts(4, 3, 1, 0));
        report.Failures.Single().ShouldSatisfyAllConditions(failure => failure.Id.ShouldBe("test_b.T.test_b"), failure => failure.Message.ShouldBe("AssertionError: 1 != 2"));
    }

    [Fact]
    public async Task A_requirement_that_cannot_be_had_is_named_and_the_tests_run_without_it()
    {
        Write("requirements-dev.txt", "./nowhere\n./gone\n");
        Write("test_a.py", Unit);

        var report = await Run();

        report.Success.ShouldBeTrue(report.Reason);
        report.Notes.ShouldContain("Not to be installed here: ./nowhere, ./gone; the tests ran without.");
    }

    [Fact]
    public async Task A_file_that_cannot_be_loaded_is_no_failed_test()
    {
        Write("tests/test_a.py", Unit);
        Write("tests/test_b.py", "import nothing_of_this_name\n" + Unit);

        (await Run()).Reason.ShouldNotBeNull().ShouldStartWith("1 test file or package could not be loaded or built, so none of its tests ran; of the others 0 failed and 1 passed");
    }

    [Theory]
    [InlineData("check: all\n\t@sh ./run.sh\nall:\n\t@true\n", 3)]
    // a target that only its name tells
    [InlineData("self-test:\n\t@sh run.sh\n", 3)]
    public async Task A_home_made_runner_is_counted_by_its_summary(string makefile, int passed)
    {
        Write("Makefile", makefile);
        Write("run.sh", "#!/bin/sh\necho one\necho two\necho 'PASSED: 3'\necho 'FAILED: 0'\n");

        (await Run()).Counts.ShouldBe(new TestCounts(passed, passed, 0, 0));
    }

    [Fact]
    public async Task A_package_that_does_not_build_keeps_no_other_language_from_its_tests()
    {
        Write("package.json", """{ "dependencies": { "gone": "file:./gone.tgz" }, "scripts": { "test": "node --test" } }""");
        Write("a.test.js", Passes);
        Write("tests/test_a.py", Unit);

        var report = await Run();

        report.Counts.ShouldBe(new TestCounts(1, 1, 0, 0));
        report.Reason.ShouldNotBeNull().ShouldStartWith("The build failed: `npm install");
    }

    [Fact]
    public async Task A_test_that_asks_for_colours_or_puts_hooks_into_git_ends_as_it_does_outside()
    {
        Write("package.json", """{ "scripts": { "test": "echo exit 1 > .git/hooks/pre-commit && node --test" } }""");
        Write("a.test.js", "require('node:test')('colours',()=>{require('assert').notEqual(process.env.TERM,'dumb')});");

        (await Run()).Reason.ShouldBeNull();
        File.Exists(Path.Combine(folder.Path, "repo/.git/hooks/pre-commit")).ShouldBeFalse();
    }

    public void Dispose() => folder.Dispose();

    private void Write(string file, string text) => folder.Write("repo/" + file, text);

    private async Task<TestReport> Run()
    {
        var workspace = await GitWorkspace.CreateEmptyAsync(Path.Combine(folder.Path, "repo"), default);
        return await new RepositoryTests(new Sandbox(folder.Folder("data"), TimeProvider.System)).RunAsync(workspace.Path, new TestOptions { Lint = LintRule.Report }, _ => { }, default);
    }
}
